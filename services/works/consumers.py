"""What the works service listens to: decided claims, and who is followed."""

from collections.abc import Sequence

from services.works.store.catalogue import Catalogue
from services.works.store.followed import Followed
from services.works.usecases.claims import bind_claims
from shared.events.base import AuthorId
from shared.events.follows import FollowCreated, FollowRemoved
from shared.messaging.consumer import Consumers
from shared.messaging.envelope import Envelope

CLAIMS = "works.claims.v1"


FOLLOWED = "works.followed.v1"


def subscribe(consumers: Consumers, catalogue: Catalogue, followed: Followed) -> None:
    """Register the consumer groups."""

    async def on_claims(envelopes: Sequence[Envelope]) -> None:
        await bind_claims(catalogue, envelopes)

    async def on_follows(envelopes: Sequence[Envelope]) -> None:
        for envelope in envelopes:
            if isinstance(envelope.event, FollowCreated | FollowRemoved):
                await followed.note(AuthorId(envelope.subject), envelope.event.followers, envelope.sequence)

    consumers.react(CLAIMS, ("claims.v1",), on_claims)
    consumers.react(FOLLOWED, ("follows.v1",), on_follows)
