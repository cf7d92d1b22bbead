"""Claims: given a record and a claim, when somebody asks or decides, then these events."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profiles.domain.claims import (
    OPEN_CLAIMS,
    Claim,
    Record,
    Step,
    decide_acceptance,
    decide_open,
    decide_rejection,
    evolve,
    evolve_claim,
    opened_claim,
)
from shared.errors import Conflict, Forbidden, Invalid, Problem
from shared.events.base import AccountId, AuthorId, ClaimId
from shared.events.claims import TIES_TO_A_WORK, AuthorClaimed, ClaimOpened, ClaimRejected, EvidenceClass

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TRIPWIRE = timedelta(hours=72)
ADA, RIVAL, REVIEWER = AccountId("ada"), AccountId("rival"), AccountId("reviewer")
UNCLAIMED = Record(author_id=AuthorId("record"))
FIRST, SECOND = ClaimId("c1"), ClaimId("c2")


def opened(account: AccountId = ADA) -> tuple[Record, Claim]:
    (event,) = decide_open(UNCLAIMED, FIRST, account, ["webmail"], open_claims=0)
    return evolve(UNCLAIMED, event), opened_claim(event, "I wrote it.", NOW)


def accept(
    record: Record, claim: Claim, *evidence: EvidenceClass, by: AccountId | None = REVIEWER
) -> list[AuthorClaimed]:
    return list(decide_acceptance(record, claim, evidence, reviewer=by, now=NOW, tripwire=TRIPWIRE))


def accepted() -> tuple[Record, Claim]:
    record, claim = opened()
    (event,) = accept(record, claim, "orcid_third_party")
    return evolve(record, event), evolve_claim(claim, event, NOW)


def rejected() -> tuple[Record, Claim]:
    record, claim = opened()
    (event,) = decide_rejection(record, claim, reviewer=REVIEWER)
    return evolve(record, event), evolve_claim(claim, event, NOW)


def test_a_claim_opens_on_a_record_that_nobody_holds() -> None:
    events = decide_open(UNCLAIMED, FIRST, ADA, ["webmail", "email_on_paper", "webmail"], open_claims=0)
    assert events == (
        ClaimOpened(
            claim_id=FIRST, author_id=AuthorId("record"), account_id=ADA, evidence=("webmail", "email_on_paper")
        ),
    )


def test_an_open_claim_makes_the_record_pending_and_starts_its_log() -> None:
    record, claim = opened()
    assert (record.status, record.claim_id, record.account_id, record.sequence) == ("pending", FIRST, ADA, 1)
    assert (claim.status, claim.note) == ("pending", "I wrote it.")
    assert claim.steps == (Step(at=NOW, what="opened", by="claimant", evidence=("webmail",)),)


@pytest.mark.parametrize("given_record", [opened, accepted])
def test_asking_again_for_ones_own_record_changes_nothing(given_record: object) -> None:
    record, _ = given_record()  # type: ignore[operator]
    assert decide_open(record, SECOND, ADA, [], open_claims=OPEN_CLAIMS) == ()


@pytest.mark.parametrize(("given_record", "slug"), [(opened, "record-pending"), (accepted, "record-claimed")])
def test_a_rival_is_refused(given_record: object, slug: str) -> None:
    record, _ = given_record()  # type: ignore[operator]
    with pytest.raises(Conflict) as refused:
        decide_open(record, SECOND, RIVAL, ["orcid_third_party"], open_claims=0)
    assert refused.value.slug == slug


def test_nobody_blocks_many_records() -> None:
    with pytest.raises(Conflict) as refused:
        decide_open(UNCLAIMED, FIRST, ADA, [], open_claims=OPEN_CLAIMS)
    assert refused.value.slug == "too-many-open-claims"


def test_acceptance_gives_powers_after_the_tripwire() -> None:
    record, claim = accepted()
    assert (record.status, record.account_id, record.sequence) == ("claimed", ADA, 2)
    assert record.counts_from == claim.counts_from == NOW + TRIPWIRE
    assert (claim.status, claim.evidence) == ("accepted", ("orcid_third_party",))
    assert claim.steps[-1] == Step(at=NOW, what="accepted", by="reviewer", evidence=("orcid_third_party",))


@given(st.lists(st.sampled_from(get_args(EvidenceClass))))
def test_acceptance_needs_a_third_partys_word_on_a_work(evidence: list[EvidenceClass]) -> None:
    record, claim = opened()
    if set(TIES_TO_A_WORK) & set(evidence):
        (event,) = accept(record, claim, *evidence)
        assert set(event.evidence) == set(evidence)
        assert len(event.evidence) == len(set(evidence))
    else:
        with pytest.raises(Invalid) as refused:
            accept(record, claim, *evidence)
        assert refused.value.slug == "evidence-not-sufficient"


@pytest.mark.parametrize(
    "evidence", ["webmail", "self_listed_orcid", "institution_domain", "vouch", "signed_credential"]
)
def test_what_proves_an_account_proves_no_authorship(evidence: EvidenceClass) -> None:
    assert evidence not in TIES_TO_A_WORK


def test_what_the_claimant_named_is_no_evidence_until_the_reviewer_found_it() -> None:
    (event,) = decide_open(UNCLAIMED, FIRST, ADA, ["orcid_third_party"], open_claims=0)
    with pytest.raises(Invalid):
        accept(evolve(UNCLAIMED, event), opened_claim(event, "", NOW))


def test_nobody_decides_their_own_claim() -> None:
    record, claim = opened()
    with pytest.raises(Forbidden) as refused:
        accept(record, claim, "orcid_third_party", by=ADA)
    assert refused.value.slug == "own-claim"
    with pytest.raises(Forbidden):
        decide_rejection(record, claim, reviewer=ADA)


def test_a_reviewer_without_an_account_decides() -> None:
    record, claim = opened()
    assert accept(record, claim, "orcid_third_party", by=None)
    assert decide_rejection(record, claim, reviewer=None)


def test_a_rejected_record_is_unclaimed_and_may_be_asked_for_again() -> None:
    record, claim = rejected()
    assert record == UNCLAIMED.model_copy(update={"sequence": 2})
    assert (claim.status, claim.steps[-1].what, claim.counts_from) == ("rejected", "rejected", None)
    assert decide_open(record, SECOND, RIVAL, [], open_claims=0)
    assert decide_open(record, SECOND, ADA, [], open_claims=0)


def test_the_same_decision_again_changes_nothing() -> None:
    assert accept(*accepted(), "orcid_third_party") == []
    assert accept(*accepted()) == []
    assert decide_rejection(*rejected(), reviewer=REVIEWER) == ()


def test_a_decision_is_not_turned_round() -> None:
    with pytest.raises(Conflict, match="it was rejected"):
        accept(*rejected(), "orcid_third_party")
    with pytest.raises(Conflict, match="it was accepted"):
        decide_rejection(*accepted(), reviewer=REVIEWER)


@given(st.lists(st.tuples(st.sampled_from(["open", "accept", "reject"]), st.sampled_from([ADA, RIVAL])), max_size=20))
def test_whatever_is_asked_a_record_has_one_claim_and_events_without_holes(steps: list[tuple[str, AccountId]]) -> None:
    record, claims, sent = UNCLAIMED, dict[ClaimId, Claim](), 0
    for place, (what, account) in enumerate(steps):
        claim = claims.get(record.claim_id) if record.claim_id else None
        try:
            for event in _events(record, claim, what, account, ClaimId(f"c{place}")):
                record, sent = evolve(record, event), sent + 1
                known = claims.get(event.claim_id)
                claims[event.claim_id] = _after(known, event)
        except Problem:
            continue
        assert record.sequence == sent
        live = [one for one in claims.values() if one.status != "rejected"]
        assert [one.claim_id for one in live] == ([record.claim_id] if record.claim_id else [])


def _events(
    record: Record, claim: Claim | None, what: str, account: AccountId, new: ClaimId
) -> list[ClaimOpened | AuthorClaimed | ClaimRejected]:
    if what == "open":
        return [*decide_open(record, new, account, [], open_claims=0)]
    if claim is None:
        return []
    if what == "accept":
        return [*accept(record, claim, "email_on_paper")]
    return [*decide_rejection(record, claim, reviewer=REVIEWER)]


def _after(known: Claim | None, event: ClaimOpened | AuthorClaimed | ClaimRejected) -> Claim:
    if isinstance(event, ClaimOpened):
        return opened_claim(event, "", NOW)
    assert known is not None
    return evolve_claim(known, event, NOW)
