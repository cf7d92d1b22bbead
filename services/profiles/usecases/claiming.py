"""Claiming an author record, and deciding a claim."""

from collections.abc import Sequence
from datetime import timedelta

from services.profiles.domain.claims import (
    Claim,
    decide_acceptance,
    decide_open,
    decide_rejection,
    evolve,
    evolve_claim,
    opened_claim,
)
from services.profiles.store.claims import ClaimStore
from services.profiles.store.people import PeopleStore
from shared.clock import Clock
from shared.errors import Forbidden, NotFound
from shared.events.base import AccountId, AuthorId, ClaimId
from shared.events.claims import EvidenceClass
from shared.ids import new_id
from shared.messaging.eventlog import Append, EventLog
from shared.mongo import Mongo, Session

_UNKNOWN = "There is no claim with this id."


class Claiming:
    """Open, look at and decide claims."""

    def __init__(
        self, mongo: Mongo, log: EventLog, claims: ClaimStore, people: PeopleStore, clock: Clock, tripwire: timedelta
    ) -> None:
        self._mongo = mongo
        self._log = log
        self._claims = claims
        self._people = people
        self._clock = clock
        self._tripwire = tripwire

    async def open(
        self, author_id: AuthorId, account_id: AccountId, evidence: Sequence[EvidenceClass], note: str
    ) -> Claim:
        """Open a claim, or answer with the one that this account has on the record already."""
        if await self._people.get(author_id) is None:
            raise NotFound("No author record with this id is known here. A new one appears within seconds: try again.")
        claim_id, now = ClaimId(new_id()), self._clock()

        async def work(session: Session) -> Claim:
            record = await self._claims.record(author_id, session)
            open_claims = await self._claims.open_claims_of(account_id, session)
            for event in decide_open(record, claim_id, account_id, evidence, open_claims=open_claims):
                claim = opened_claim(event, note, now)
                await self._claims.save(session, evolve(record, event), claim)
                await self._log.append(session, [Append(event.topic, author_id, record.sequence, [event])])
                return claim
            return await self._known(record.claim_id or claim_id, session)

        return await self._mongo.transaction(work)

    async def look(self, claim_id: ClaimId, account_id: AccountId | None, *, reviewer: bool) -> Claim:
        """The claim, for its claimant and for reviewers; NotFound for everybody else, as if it were not there."""
        claim = await self._claims.claim(claim_id)
        if claim is None or not (reviewer or claim.account_id == account_id):
            raise NotFound(_UNKNOWN)
        return claim

    async def decide(
        self,
        claim_id: ClaimId,
        reviewer_id: AccountId | None,
        evidence: Sequence[EvidenceClass],
        *,
        accept: bool,
        reviewer: bool,
    ) -> Claim:
        """Accept on the evidence found, or reject. Deciding the same again changes nothing."""
        if not reviewer:
            raise Forbidden("Claims are decided by reviewers.", slug="reviewers-only")
        now = self._clock()

        async def work(session: Session) -> Claim:
            claim = await self._known(claim_id, session)
            record = await self._claims.record(claim.author_id, session)
            events = (
                decide_acceptance(record, claim, evidence, reviewer=reviewer_id, now=now, tripwire=self._tripwire)
                if accept
                else decide_rejection(record, claim, reviewer=reviewer_id)
            )
            for event in events:
                claim = evolve_claim(claim, event, now)
                await self._claims.save(session, evolve(record, event), claim)
                await self._log.append(session, [Append(event.topic, claim.author_id, record.sequence, [event])])
            return claim

        return await self._mongo.transaction(work)

    async def _known(self, claim_id: ClaimId, session: Session) -> Claim:
        claim = await self._claims.claim(claim_id, session)
        if claim is None:
            raise NotFound(_UNKNOWN)
        return claim
