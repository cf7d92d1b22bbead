"""Claims on author records: who may open one, what a reviewer needs to accept it, what each event changes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, assert_never

from pydantic import BaseModel, ConfigDict

from shared.errors import Conflict, Forbidden, Invalid
from shared.events.base import AccountId, AuthorId, ClaimId
from shared.events.claims import TIES_TO_A_WORK, AuthorClaimed, ClaimOpened, ClaimRejected, EvidenceClass

OPEN_CLAIMS = 5
"""Claims that one account may have open at a time, so that nobody blocks many records."""

ClaimsEvent = ClaimOpened | AuthorClaimed | ClaimRejected


class Record(BaseModel):
    """An author record as something to claim: its one open or accepted claim, and whose it is."""

    model_config = ConfigDict(frozen=True)

    author_id: AuthorId
    sequence: int = 0
    status: Literal["unclaimed", "pending", "claimed"] = "unclaimed"
    claim_id: ClaimId | None = None
    account_id: AccountId | None = None
    counts_from: datetime | None = None


class Step(BaseModel):
    """One line of a claim's log, which its parties can read."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    what: Literal["opened", "accepted", "rejected"]
    by: Literal["claimant", "reviewer", "system"]
    evidence: tuple[EvidenceClass, ...] = ()


class Claim(BaseModel):
    """One account's claim on one record. `note` is the claimant's own text: it is in no event and no log."""

    model_config = ConfigDict(frozen=True)

    claim_id: ClaimId
    author_id: AuthorId
    account_id: AccountId
    status: Literal["pending", "accepted", "rejected"] = "pending"
    evidence: tuple[EvidenceClass, ...] = ()
    note: str = ""
    counts_from: datetime | None = None
    steps: tuple[Step, ...] = ()


def decide_open(
    record: Record, claim_id: ClaimId, account_id: AccountId, evidence: Sequence[EvidenceClass], *, open_claims: int
) -> Sequence[ClaimOpened]:
    """ClaimOpened; nothing when this account's claim on the record stands already; Conflict when another's does."""
    if record.status != "unclaimed":
        if record.account_id == account_id:
            return ()
        raise Conflict(
            "Somebody else has claimed this record or asked for it. Two claims on one record cannot be weighed "
            "here yet: write to the people who run this site, and say why the record is yours.",
            slug=f"record-{record.status}",
        )
    if open_claims >= OPEN_CLAIMS:
        raise Conflict(
            f"You have {open_claims} claims open. Wait until one of them is decided.", slug="too-many-open-claims"
        )
    return (
        ClaimOpened(claim_id=claim_id, author_id=record.author_id, account_id=account_id, evidence=_distinct(evidence)),
    )


def decide_acceptance(
    record: Record,
    claim: Claim,
    evidence: Sequence[EvidenceClass],
    *,
    reviewer: AccountId | None,
    now: datetime,
    tripwire: timedelta,
) -> Sequence[AuthorClaimed]:
    """AuthorClaimed, with powers after the tripwire; nothing when accepted already."""
    if not _is_open(claim, "accepted", reviewer):
        return ()
    if set(TIES_TO_A_WORK).isdisjoint(evidence):
        raise Invalid(
            "A claim is accepted only with a third party's word that ties the person to a work: "
            f"one of {', '.join(sorted(TIES_TO_A_WORK))}.",
            slug="evidence-not-sufficient",
        )
    return (
        AuthorClaimed(
            claim_id=claim.claim_id,
            author_id=record.author_id,
            account_id=claim.account_id,
            evidence=_distinct(evidence),
            counts_from=now + tripwire,
        ),
    )


def decide_rejection(record: Record, claim: Claim, *, reviewer: AccountId | None) -> Sequence[ClaimRejected]:
    """ClaimRejected; nothing when rejected already."""
    if not _is_open(claim, "rejected", reviewer):
        return ()
    return (ClaimRejected(claim_id=claim.claim_id, author_id=record.author_id, account_id=claim.account_id),)


def decide_merged(record: Record) -> Sequence[ClaimRejected]:
    """ClaimRejected for the claim that waits on a record which was merged away; nothing when none does."""
    if record.status != "pending" or record.claim_id is None or record.account_id is None:
        return ()
    return (
        ClaimRejected(
            claim_id=record.claim_id, author_id=record.author_id, account_id=record.account_id, reason="record_merged"
        ),
    )


def evolve(record: Record, event: ClaimsEvent) -> Record:
    """The record after the event."""
    after = Record(author_id=record.author_id, sequence=record.sequence + 1)
    match event:
        case ClaimOpened():
            change = {"status": "pending", "claim_id": event.claim_id, "account_id": event.account_id}
            return after.model_copy(update=change)
        case AuthorClaimed():
            change = {"status": "claimed", "claim_id": event.claim_id, "account_id": event.account_id}
            return after.model_copy(update={**change, "counts_from": event.counts_from})
        case ClaimRejected():
            return after
        case _:
            assert_never(event)


def evolve_claim(claim: Claim, event: AuthorClaimed | ClaimRejected, at: datetime) -> Claim:
    """The claim after its decision, with the step in its log."""
    match event:
        case AuthorClaimed():
            step = Step(at=at, what="accepted", by="reviewer", evidence=event.evidence)
            change = {"status": "accepted", "counts_from": event.counts_from, "evidence": event.evidence}
        case ClaimRejected():
            step = Step(at=at, what="rejected", by="reviewer" if event.reason == "evidence" else "system")
            change = {"status": "rejected"}
        case _:
            assert_never(event)
    return claim.model_copy(update={**change, "steps": (*claim.steps, step)})


def opened_claim(event: ClaimOpened, note: str, at: datetime) -> Claim:
    """The claim as ClaimOpened makes it."""
    return Claim(
        claim_id=event.claim_id,
        author_id=event.author_id,
        account_id=event.account_id,
        evidence=event.evidence,
        note=note,
        steps=(Step(at=at, what="opened", by="claimant", evidence=event.evidence),),
    )


def _is_open(claim: Claim, outcome: Literal["accepted", "rejected"], reviewer: AccountId | None) -> bool:
    if reviewer == claim.account_id:
        raise Forbidden("A claim is decided by somebody else than the one who opened it.", slug="own-claim")
    if claim.status not in ("pending", outcome):
        raise Conflict(f"This claim is decided: it was {claim.status}.", slug="claim-decided")
    return claim.status == "pending"


def _distinct(evidence: Sequence[EvidenceClass]) -> tuple[EvidenceClass, ...]:
    return tuple(dict.fromkeys(evidence))
