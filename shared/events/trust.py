"""trust.v1: how sure BZPEER is of an author record. Owner: trust. Subject: the author record."""

from typing import ClassVar, Literal

from shared.events.base import AuthorId, Event, Value

Tier = Literal["Unverified", "Claimed", "Established", "Trusted", "Anchored"]
VerificationLevel = Literal["L0", "L1", "L2", "L3", "L4", "L5"]
ClaimStatus = Literal["unclaimed", "pending", "claimed", "disputed", "revoked"]


class TrustParts(Value):
    """The points of the five parts of the score, before rounding."""

    identity: float
    provenance: float
    coherence: float
    network: float
    audience: float


class TrustChanged(Event):
    """The assessment of a record changed. `score` is what is shown, `sum` the points before cap and rounding."""

    topic: ClassVar[str] = "trust.v1"

    author_id: AuthorId
    score: int
    sum: float
    tier: Tier
    verification_level: VerificationLevel
    claim_status: ClaimStatus
    cap: int
    parts: TrustParts
    model: str
    cause: str

    @property
    def subject(self) -> str:
        return self.author_id
