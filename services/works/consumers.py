"""What the works service listens to: decided claims."""

from collections.abc import Sequence

from services.works.store.catalogue import Catalogue
from services.works.usecases.claims import bind_claims
from shared.messaging.consumer import Consumers
from shared.messaging.envelope import Envelope

CLAIMS = "works.claims.v1"


def subscribe(consumers: Consumers, catalogue: Catalogue) -> None:
    """Register the consumer group."""

    async def on_claims(envelopes: Sequence[Envelope]) -> None:
        await bind_claims(catalogue, envelopes)

    consumers.react(CLAIMS, ("claims.v1",), on_claims)
