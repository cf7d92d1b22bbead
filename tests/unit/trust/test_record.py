"""From events to the record, its facts, and what is announced of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.trust import model_v1 as model
from services.trust.domain.inputs import Inputs
from services.trust.views.facts import inputs_of
from services.trust.views.linking import largest_linked_group
from services.trust.views.record import Record
from services.trust.views.settling import SWEEP, settle
from shared.events.base import Event
from shared.events.claims import EvidenceClass
from shared.messaging.folding import Moment
from tests.unit.trust.given import (
    COUNTS_FROM,
    START,
    THE_SEED,
    arbitrary_events,
    claimed,
    collaborators,
    credited,
    envelopes,
    fold_all,
    followed,
    identified,
    opened,
    record_of,
    rejected,
    settled,
    uncredited,
)
from tests.unit.trust.test_cases import SEED


def facts(record: Record) -> Inputs:
    return inputs_of(record, START)


def test_the_seeds_events_come_out_as_13_unverified_l1() -> None:
    record, events = settled(*THE_SEED)

    assert facts(record) == SEED
    assert [(one.score, one.sum, one.tier, one.verification_level) for one in events] == [
        (13, 13.28, "Unverified", "L1")
    ]
    assert events[0].cause == "cause"
    assert events[0].model == "v1"


def test_settling_again_says_nothing_new() -> None:
    record, _ = settled(*THE_SEED)

    after, events = settle(record, Moment(START + timedelta(days=400), "later"))

    assert events == ()
    assert after.settled is not None
    assert after.settled.announced.cause == "cause"


def test_a_record_without_works_is_not_weighed_yet() -> None:
    record, events = settled(identified(), followed(3), collaborators("kiani"))

    assert (record.settled, events) == (None, ())


def test_a_record_that_lost_its_works_falls_to_nothing() -> None:
    record, _ = settled(*THE_SEED)
    gone = fold_all(envelopes(*THE_SEED, uncredited("2401.01869"), uncredited("2110.06084"))).value
    assert gone is not None

    _, events = settle(gone.model_copy(update={"settled": record.settled}), Moment(START, "uncredited"))

    assert [(one.score, one.verification_level) for one in events] == [(0, "L0")]


def test_a_record_is_weighed_alike_whether_its_only_work_went_in_the_same_batch_or_later() -> None:
    record, (first, *_) = settled(identified(), credited("w"))
    assert record.settled is not None
    assert first.score > 0

    _, events = settled(identified(), credited("w"), uncredited("w"))

    assert [(one.score, one.verification_level) for one in events] == [(0, "L0")]


def test_ten_thousand_followers_change_nothing_that_is_shown() -> None:
    record, _ = settled(*THE_SEED)
    farmed = record.model_copy(update={"followers": 10_000})

    after, events = settle(farmed, Moment(START, "followed"))

    assert events == ()
    assert after.settled is not None
    assert after.settled.inputs.followers == 10_000


def test_an_opened_claim_moves_the_level_and_not_the_score() -> None:
    _, events = settled(*THE_SEED, opened())

    assert [(one.score, one.verification_level, one.claim_status) for one in events] == [(13, "L2", "pending")]


def test_an_accepted_claim_counts_once_its_tripwire_has_passed_and_not_sooner() -> None:
    accepted = (*THE_SEED, opened(), claimed("orcid_third_party"))

    waiting, before = settled(*accepted, now=COUNTS_FROM - timedelta(seconds=1))
    _, after = settle(waiting, Moment(COUNTS_FROM, SWEEP))

    assert [(one.score, one.verification_level, one.claim_status) for one in before] == [(13, "L2", "claimed")]
    assert waiting.due_at == COUNTS_FROM.timestamp()
    assert [(one.score, one.verification_level, one.sum) for one in after] == [(30, "L3", 29.84)]
    assert after[0].cause == envelopes(*accepted)[-1].id


def test_what_is_settled_is_due_no_more() -> None:
    record, _ = settled(*THE_SEED, claimed("orcid_third_party"), now=COUNTS_FROM)

    assert record.due_at is None


@pytest.mark.parametrize("evidence", ["webmail", "self_listed_orcid", "institution_domain", "vouch"])
def test_evidence_without_a_third_partys_word_on_a_work_moves_nothing(evidence: EvidenceClass) -> None:
    _, events = settled(*THE_SEED, claimed(evidence), now=COUNTS_FROM)

    assert [(one.score, one.verification_level) for one in events] == [(13, "L2")]


def test_a_rejected_claim_leaves_the_record_unclaimed() -> None:
    _, events = settled(*THE_SEED, opened(), rejected())

    assert [(one.verification_level, one.claim_status) for one in events] == [("L1", "unclaimed")]


def test_rejecting_a_second_claim_leaves_the_first_one_standing() -> None:
    _, events = settled(*THE_SEED, claimed("email_on_paper"), opened("other"), rejected("other"), now=COUNTS_FROM)

    assert [(one.verification_level, one.claim_status) for one in events] == [("L3", "claimed")]


def test_an_institutions_address_counts_for_twelve_months() -> None:
    accepted = (*THE_SEED, claimed("orcid_third_party", "institution_domain"))
    year = timedelta(days=12 * model.MONTH_DAYS)

    record, first = settled(*accepted, now=COUNTS_FROM)
    _, expired = settle(record, Moment(COUNTS_FROM + year + timedelta(seconds=1), SWEEP))

    assert record.due_at == (COUNTS_FROM + year).timestamp()
    assert first[0].parts.identity == 26.14
    assert expired[0].parts.identity == 20.2


def test_a_vouch_halves_in_two_years_and_is_looked_at_every_month() -> None:
    record, first = settled(*THE_SEED, claimed("orcid_third_party", "vouch"), now=COUNTS_FROM)
    later = COUNTS_FROM + timedelta(days=24 * model.MONTH_DAYS + 1)

    assert record.due_at is not None
    assert COUNTS_FROM.timestamp() < record.due_at <= (COUNTS_FROM + timedelta(days=31)).timestamp()
    assert first[0].parts.identity == round(40 * (1 - 0.9 * 0.55 * 0.75), 2)
    assert inputs_of(record, later).evidence["vouch"] == 0.5


def test_a_version_group_counts_once_at_its_best_source() -> None:
    preprint = credited("w1", version_group="g")
    article = credited("w2", version_group="g", source_class="peer_reviewed")

    assert (facts(record_of(preprint, article)).reviewed, facts(record_of(preprint, article)).moderated) == (1, 0)
    assert facts(record_of(article, preprint)) == facts(record_of(preprint, article))


@pytest.mark.parametrize("status", ["withdrawn", "retracted"])
def test_a_withdrawn_or_retracted_work_weighs_nothing(status: str) -> None:
    record = record_of(credited("w1", ["a"]), credited("w2", ["a"], status=status), collaborators("a"))

    assert (facts(record).moderated, facts(record).linked) == (1, 1)


def test_a_second_credit_for_a_work_replaces_the_first() -> None:
    record = record_of(credited("w1", ["a"]), credited("w1", ["b"], source_class="peer_reviewed", kappa=0.99))

    assert (facts(record).reviewed, facts(record).moderated, record.kappa) == (1, 0, 0.99)


def test_works_that_anybody_can_deposit_make_no_collaborators_and_no_coherence() -> None:
    deposits = [credited(f"w{n}", ["a", "b"], ["cs.LG"], source_class="self_deposit") for n in range(200)]
    _, events = settled(*deposits, collaborators("a", "b"))

    assert [(one.score, one.sum, one.verification_level) for one in events] == [(6, 5.84, "L0")]


def test_self_imports_are_worth_nothing() -> None:
    _, events = settled(credited("w", ["a"], source_class="self_import"), collaborators("a"))

    assert [(one.score, one.verification_level) for one in events] == [(0, "L0")]


def test_a_work_whose_identifier_does_not_resolve_leaves_the_record_at_l0() -> None:
    _, events = settled(credited("w", identifiers=()))

    assert events[0].verification_level == "L0"


def test_of_a_crowd_no_coauthor_is_kept() -> None:
    crowd = [f"author-{n}" for n in range(999)]
    record = record_of(credited("w1", crowd), credited("w2", crowd))

    assert all(not credit.coauthors for credit in record.credits.values())
    assert facts(record).linked == 1


def test_works_are_linked_directly_or_over_others() -> None:
    assert largest_linked_group([]) == 0
    assert largest_linked_group([["a"], ["b"], ["c"]]) == 1
    assert largest_linked_group([["a"], ["a", "b"], ["b"], ["c"]]) == 3


def test_five_thousand_works_are_weighed() -> None:
    record, events = settled(*(credited(f"w{n}", [f"a{n}", f"a{n + 1}"], ["cs.LG"]) for n in range(5_000)))

    assert facts(record).linked == 5_000
    assert events[0].score == 20


@given(st.data())
def test_any_duplication_and_batching_equals_one_fold(data: st.DataObject) -> None:
    sent = envelopes(*data.draw(arbitrary_events()))
    extra = data.draw(st.lists(st.sampled_from(sent), max_size=8))
    mixed = data.draw(st.permutations(sent + extra))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(mixed)), max_size=4)))
    slot = None
    for start, end in zip([0, *cuts], [*cuts, len(mixed)], strict=True):
        slot = fold_all(mixed[start:end], slot)

    assert slot == fold_all(sent)


@given(arbitrary_events(), st.integers(0, 14))
def test_what_was_announced_last_is_what_one_settling_from_empty_announces(events: list[Event], cut: int) -> None:
    sent = envelopes(*events)
    now = Moment(COUNTS_FROM, "x")
    once, _ = settle(fold_all(sent).value or pytest.fail("empty"), now)

    halfway = fold_all(sent[:cut])
    if halfway.value is not None:
        halfway = replace(halfway, value=settle(halfway.value, now)[0])
    twice, _ = settle(fold_all(sent[cut:], halfway).value or pytest.fail("empty"), now)

    if once.settled is not None:
        assert twice.settled is not None
        assert twice.settled.announced == once.settled.announced
        assert twice.settled.inputs == once.settled.inputs
