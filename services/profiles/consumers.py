"""What profiles hears: who there is, how far each record is trusted, and which records became one."""

from collections.abc import Sequence

from services.profiles.usecases.fates import ensure_fates
from services.profiles.usecases.parts import ProfilesParts
from services.profiles.views.people import PEOPLE
from shared.messaging.consumer import Consumers
from shared.messaging.envelope import Envelope

FATES = "profiles.fates.v1"


def subscribe(consumers: Consumers, parts: ProfilesParts) -> None:
    """Join the service's groups."""

    async def on_authors(envelopes: Sequence[Envelope]) -> None:
        await ensure_fates(parts, envelopes)

    consumers.project(PEOPLE)
    consumers.react(FATES, ("authors.v1",), on_authors)
