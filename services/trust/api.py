"""The routes of the trust service; for the system's own services only."""

from datetime import datetime

from fastapi import APIRouter

from services.trust.domain.inputs import Frozen
from services.trust.domain.raises import Raise, raises
from services.trust.domain.score import assess
from services.trust.domain.words import Explanation, explain, explain_cap
from services.trust.store import Counts, LedgerEntry, Standing, TrustStore
from shared.auth import Caller
from shared.errors import NotFound
from shared.events.trust import ClaimStatus, Tier, TrustParts, VerificationLevel


class Trust(Frozen):
    """How sure the system is of a record, and why. Points to 2 decimals."""

    score: int
    sum: float
    tier: Tier
    verification_level: VerificationLevel
    claim_status: ClaimStatus
    cap: int
    cap_words: str
    model: str
    parts: TrustParts
    explanation: tuple[Explanation, ...]
    raises: tuple[Raise, ...]
    kappa: float
    may_be_several: bool
    ledger: tuple[LedgerEntry, ...]
    as_of: datetime


def trust_router(store: TrustStore) -> APIRouter:
    """The service's routes on its store."""
    router = APIRouter()

    @router.get("/trust/{author_id}")
    async def get_trust(author_id: str, _: Caller) -> Trust:
        """The record's score with its parts, its ledger, and the three changes that would raise it most."""
        standing = await store.standing(author_id)
        if standing is None:
            raise NotFound("No author record with this id is known to trust; a new one appears within seconds.")
        return _answer(standing, await store.ledger(author_id))

    @router.get("/counts")
    async def get_counts(_: Caller) -> Counts:
        """How much the view holds."""
        return await store.counts()

    return router


def _answer(standing: Standing, ledger: list[LedgerEntry]) -> Trust:
    inputs, announced = standing.settled.inputs, standing.settled.announced
    assessment = assess(inputs)
    return Trust(
        **announced.model_dump(exclude={"author_id", "cause"}),
        cap_words=explain_cap(assessment),
        explanation=explain(inputs, assessment),
        raises=raises(inputs),
        kappa=inputs.effective_kappa(),
        may_be_several=inputs.may_be_several(),
        ledger=tuple(ledger),
        as_of=standing.as_of,
    )
