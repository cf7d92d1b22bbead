"""Opening and deciding claims on author records."""

from collections.abc import Sequence

from services.profiles.domain.claims import (
    Claim,
    decide_acceptance,
    decide_merged,
    decide_open,
    decide_rejection,
    evolve,
    evolve_claim,
    opened_claim,
)
from services.profiles.usecases.parts import ProfilesParts
from shared.errors import Conflict, NotFound
from shared.events.base import AccountId, AuthorId, ClaimId
from shared.events.claims import EvidenceClass
from shared.ids import new_id
from shared.messaging.eventlog import Append
from shared.mongo import Session


async def open_claim(
    parts: ProfilesParts, account_id: AccountId, author_id: AuthorId, evidence: Sequence[EvidenceClass], note: str
) -> Claim:
    """The account's claim on the record: a new one, or the one that stands. Conflict when another's stands."""
    person = await parts.people.get(author_id)
    if person is None:
        raise NotFound("There is no researcher with this id.", slug="unknown-researcher")
    if person.value.into is not None:
        raise _merged()
    claim_id = ClaimId(new_id())

    async def work(session: Session) -> Claim:
        record = await parts.claims.record(author_id, session)
        open_claims = await parts.claims.open_claims_of(account_id, session)
        events = decide_open(record, claim_id, account_id, evidence, open_claims=open_claims)
        if not events:
            return await _claim(parts, record.claim_id or claim_id, session)
        claim = opened_claim(events[0], note, parts.clock())
        await parts.claims.save(session, evolve(record, events[0]), claim)
        await parts.log.append(session, [Append(events[0].topic, author_id, record.sequence, events)])
        return claim

    async with parts.turns.of(f"claims:{account_id}"):
        claim = await parts.mongo.transaction(work)
    if await parts.fates.into(author_id) is not None:
        await reject_claim_on_merged(parts, author_id)
        raise _merged()
    return claim


async def decide_claim(
    parts: ProfilesParts,
    claim_id: ClaimId,
    reviewer: AccountId | None,
    *,
    accept: bool,
    evidence: Sequence[EvidenceClass],
) -> Claim:
    """The claim after a reviewer's word; the same word twice changes nothing. Conflict when decided otherwise."""

    async def work(session: Session) -> Claim:
        claim = await _claim(parts, claim_id, session)
        record = await parts.claims.record(claim.author_id, session)
        now = parts.clock()
        events = (
            decide_acceptance(record, claim, evidence, reviewer=reviewer, now=now, tripwire=parts.tripwire)
            if accept
            else decide_rejection(record, claim, reviewer=reviewer)
        )
        if not events:
            return claim
        decided = evolve_claim(claim, events[0], now)
        await parts.claims.save(session, evolve(record, events[0]), decided)
        await parts.log.append(session, [Append(events[0].topic, claim.author_id, record.sequence, events)])
        return decided

    return await parts.mongo.transaction(work)


async def reject_claim_on_merged(parts: ProfilesParts, author_id: AuthorId) -> None:
    """Reject the claim that waits on a record which was merged away; doing it twice changes nothing."""

    async def work(session: Session) -> None:
        record = await parts.claims.record(author_id, session)
        for event in decide_merged(record):
            claim = evolve_claim(await _claim(parts, event.claim_id, session), event, parts.clock())
            await parts.claims.save(session, evolve(record, event), claim)
            await parts.log.append(session, [Append(event.topic, author_id, record.sequence, [event])])

    await parts.mongo.transaction(work)


def _merged() -> Conflict:
    return Conflict(
        "This record was merged into another one. Open its page again and claim that one.", slug="record-merged"
    )


async def _claim(parts: ProfilesParts, claim_id: ClaimId, session: Session) -> Claim:
    claim = await parts.claims.claim(claim_id, session)
    if claim is None:
        raise NotFound("There is no claim with this id.", slug="unknown-claim")
    return claim
