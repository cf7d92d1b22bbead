"""The trust service: how sure the system is of a record, and why."""

from datetime import datetime

from services.gateway.clients.base import Model, segment
from shared.http import ServiceClient


class TrustParts(Model):
    """Points of the five parts, before rounding."""

    identity: float = 0
    provenance: float = 0
    coherence: float = 0
    network: float = 0
    audience: float = 0


class Raise(Model):
    """A change that would raise the score: by how many points, and to what."""

    what: str
    points: float
    score: int


class Explanation(Model):
    """One part in words: its points, and the most it can give."""

    part: str
    label: str
    points: float
    max: float
    words: str


class LedgerEntry(Model):
    """One change of the score, with the event that caused it."""

    at: datetime
    cause: str | None = None
    score: int
    model: str


class Trust(Model):
    """The score and its explanation."""

    score: int
    sum: float | None = None
    tier: str
    verification_level: str
    claim_status: str
    cap: int | None = None
    cap_words: str | None = None
    model: str
    parts: TrustParts | None = None
    explanation: tuple[Explanation, ...] = ()
    raises: tuple[Raise, ...] = ()
    kappa: float | None = None
    may_be_several: bool = False
    ledger: tuple[LedgerEntry, ...] = ()
    as_of: datetime | None = None


class TrustClient:
    """Queries to the trust service."""

    def __init__(self, http: ServiceClient) -> None:
        self._http = http

    async def trust(self, author_id: str) -> Trust:
        """The trust in a record; NotFound while the service does not know it."""
        return Trust.model_validate(await self._http.get_json(f"/trust/{segment(author_id)}"))
