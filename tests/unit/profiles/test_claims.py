"""Claims: one at a time on a record, decided by a reviewer on a third party's word."""

from datetime import UTC, datetime, timedelta

import pytest

from services.profiles.domain.claims import (
    OPEN_CLAIMS,
    Claim,
    Record,
    decide_acceptance,
    decide_open,
    decide_rejection,
    evolve,
    evolve_claim,
    opened_claim,
)
from services.profiles.domain.page import badges_of, decide_viewer, default_headline
from shared.errors import Conflict, Forbidden, Invalid
from shared.events.base import AccountId, AuthorId, ClaimId
from shared.events.claims import AuthorClaimed, ClaimOpened, EvidenceClass

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TRIPWIRE = timedelta(hours=72)
ADA, BO, REVIEWER = AccountId("ada"), AccountId("bo"), AccountId("reviewer")
UNCLAIMED = Record(author_id=AuthorId("author"))


def pending() -> tuple[Record, Claim]:
    (event,) = decide_open(UNCLAIMED, ClaimId("c1"), ADA, ["webmail"], open_claims=0)
    return evolve(UNCLAIMED, event), opened_claim(event, "It is me.", NOW)


def claimed() -> tuple[Record, Claim]:
    record, claim = pending()
    (event,) = accept(record, claim)
    return evolve(record, event), evolve_claim(claim, event, NOW)


def accept(
    record: Record, claim: Claim, evidence: tuple[EvidenceClass, ...] = ("email_on_paper",)
) -> list[AuthorClaimed]:
    return list(decide_acceptance(record, claim, evidence, reviewer=REVIEWER, now=NOW, tripwire=TRIPWIRE))


def test_a_claim_opens_pending() -> None:
    record, claim = pending()
    assert (record.status, record.sequence, claim.status) == ("pending", 1, "pending")
    assert [step.what for step in claim.steps] == ["opened"]


def test_opening_again_by_the_same_account_changes_nothing() -> None:
    for record, _ in (pending(), claimed()):
        assert decide_open(record, ClaimId("c2"), ADA, [], open_claims=1) == ()


def test_a_second_account_is_refused() -> None:
    for record, _ in (pending(), claimed()):
        with pytest.raises(Conflict) as refused:
            decide_open(record, ClaimId("c2"), BO, [], open_claims=0)
        assert refused.value.slug == f"record-{record.status}"


def test_nobody_blocks_many_records() -> None:
    with pytest.raises(Conflict):
        decide_open(UNCLAIMED, ClaimId("c2"), ADA, [], open_claims=OPEN_CLAIMS)


def test_what_the_claimant_writes_is_in_no_event() -> None:
    assert "note" not in ClaimOpened.model_fields


def test_acceptance_counts_from_the_end_of_the_tripwire() -> None:
    record, claim = claimed()
    assert record.status == "claimed"
    assert record.account_id == ADA
    assert claim.counts_from == record.counts_from == NOW + TRIPWIRE
    assert claim.evidence == ("email_on_paper",)
    assert [step.evidence for step in claim.steps] == [("webmail",), ("email_on_paper",)]


@pytest.mark.parametrize("evidence", [(), ("webmail",), ("self_listed_orcid",), ("institution_domain", "vouch")])
def test_nothing_but_a_third_partys_word_on_a_work_is_enough(evidence: tuple[EvidenceClass, ...]) -> None:
    with pytest.raises(Invalid):
        accept(*pending(), evidence)


def test_deciding_twice_alike_changes_nothing_and_otherwise_is_refused() -> None:
    record, claim = claimed()
    assert accept(record, claim) == []
    with pytest.raises(Conflict):
        decide_rejection(record, claim, reviewer=REVIEWER)


def test_nobody_decides_their_own_claim() -> None:
    record, claim = pending()
    with pytest.raises(Forbidden):
        decide_rejection(record, claim, reviewer=ADA)


def test_a_rejected_record_can_be_claimed_again() -> None:
    record, claim = pending()
    (event,) = decide_rejection(record, claim, reviewer=None)
    after = evolve(record, event)
    assert (after.status, after.sequence, after.account_id) == ("unclaimed", 2, None)
    assert evolve_claim(claim, event, NOW).status == "rejected"
    assert decide_open(after, ClaimId("c2"), BO, [], open_claims=0)


def test_the_page_of_an_unclaimed_record_says_who_could_do_what() -> None:
    viewer = decide_viewer(UNCLAIMED, None, following=False, own_records=[], now=NOW)
    assert viewer.model_dump() == {
        "following": False,
        "can_claim": True,
        "can_invite": False,
        "invite_blocked_by": "unclaimed",
    }
    assert default_headline("Hannah Lawrence") == (
        "Hannah Lawrence contributes to research discovery and scholarly infrastructure."
    )
    assert badges_of(()) == ["researcher", "affiliation_not_imported", "open_to_collaborate"]
    assert badges_of(("MIT",)) == ["researcher", "open_to_collaborate"]


def test_an_invitation_says_what_stands_in_its_way() -> None:
    record, _ = claimed()
    later = NOW + TRIPWIRE
    own = record.model_copy(update={"author_id": "other", "account_id": BO})

    def block(account: AccountId | None, own_records: list[Record], now: datetime = later) -> str | None:
        viewer = decide_viewer(record, account, following=False, own_records=own_records, now=now)
        assert not viewer.can_claim
        return viewer.invite_blocked_by

    assert block(None, []) == "sign_in"
    assert block(ADA, [record]) == "own_record"
    assert block(BO, []) == "no_claim"
    assert block(BO, [own], NOW) == "tripwire"
    assert block(BO, [own]) == "not_available"
