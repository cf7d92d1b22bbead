"""A decided claim binds the author record to the account that holds it."""

from collections.abc import Sequence

from services.works.domain.model import Claim
from services.works.store.catalogue import Catalogue
from shared.events.claims import AuthorClaimed
from shared.messaging.envelope import Envelope


async def bind_claims(catalogue: Catalogue, envelopes: Sequence[Envelope]) -> None:
    """Bind each record that was claimed. An older claim than the one known changes nothing."""
    for envelope in envelopes:
        event = envelope.event
        if isinstance(event, AuthorClaimed):
            claim = Claim(account_id=event.account_id, claim_id=event.claim_id, sequence=envelope.sequence)
            await catalogue.bind(event.author_id, claim)
