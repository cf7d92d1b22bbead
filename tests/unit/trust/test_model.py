"""What holds of the model whatever the record."""

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from services.trust import model_v1 as model
from services.trust.domain.inputs import Inputs
from services.trust.domain.raises import raises
from services.trust.domain.score import assess, level_of, tier_of
from services.trust.domain.words import explain, explain_cap
from shared.events.claims import TIES_TO_A_WORK, EvidenceClass
from tests.unit.trust.test_cases import CLAIMED, SEED

CLASSES: tuple[EvidenceClass, ...] = get_args(EvidenceClass)
counts = st.integers(0, 300)
shares = st.floats(0, 1)


@st.composite
def arbitrary_inputs(draw: st.DrawFn) -> Inputs:
    reviewed, moderated = draw(counts), draw(counts)
    return Inputs(
        reviewed=reviewed,
        moderated=moderated,
        deposits=draw(counts),
        identified=draw(st.integers(0, reviewed + moderated)),
        linked=draw(st.integers(0, reviewed + moderated)),
        kappa=draw(shares),
        split_suspected=draw(st.booleans()),
        claim_status=draw(st.sampled_from(["unclaimed", "pending", "claimed"])),
        tripwire_passed=draw(st.booleans()),
        evidence=draw(st.dictionaries(st.sampled_from(CLASSES), shares)),
        vouches=draw(st.integers(0, 5)),
        id_clash=draw(st.booleans()),
        undisputed_days=draw(st.integers(0, 200)),
        second_factor=draw(st.booleans()),
        months_at_l4=draw(st.integers(0, 24)),
        vouch_paths=draw(st.integers(0, 3)),
        vouched_trust=draw(st.floats(0, 20)),
        sourced_collaborators=draw(st.integers(0, 12)),
        followers=draw(counts),
        verified_audience=draw(st.floats(0, 200)),
    )


@given(arbitrary_inputs())
def test_no_record_scores_above_its_cap_or_below_nothing(inputs: Inputs) -> None:
    assessment = assess(inputs)

    assert 0 <= assessment.score <= assessment.cap == model.CAPS[assessment.level]
    assert assessment.tier == tier_of(assessment.score)


@given(arbitrary_inputs(), st.sampled_from(CLASSES), shares)
def test_more_evidence_never_lowers_the_score(inputs: Inputs, name: EvidenceClass, share: float) -> None:
    more = max(inputs.evidence.get(name, 0.0), share)

    after = assess(inputs.model_copy(update={"evidence": {**inputs.evidence, name: more}}))

    assert after.score >= assess(inputs).score
    assert after.level >= assess(inputs).level


@given(arbitrary_inputs(), st.sampled_from(["reviewed", "moderated", "deposits", "linked", "sourced_collaborators"]))
def test_one_more_work_or_collaborator_never_lowers_the_score(inputs: Inputs, what: str) -> None:
    more = inputs.model_copy(update={what: getattr(inputs, what) + 1})

    assert assess(more).score >= assess(inputs).score


@given(arbitrary_inputs(), counts)
def test_followers_of_unknown_level_are_worth_nothing(inputs: Inputs, followers: int) -> None:
    farmed = inputs.model_copy(update={"followers": inputs.followers + followers})

    assert assess(farmed) == assess(inputs)


@given(arbitrary_inputs())
def test_a_claim_that_counts_for_nothing_yet_leaves_the_score_unchanged(inputs: Inputs) -> None:
    unclaimed = inputs.model_copy(update={"claim_status": "unclaimed"})
    pending = inputs.model_copy(update={"claim_status": "pending"})

    assert assess(pending).score == assess(unclaimed).score


@given(arbitrary_inputs())
def test_only_a_third_partys_word_on_a_work_leads_to_l3(inputs: Inputs) -> None:
    without = {name: left for name, left in inputs.evidence.items() if name not in TIES_TO_A_WORK}

    assert level_of(inputs.model_copy(update={"evidence": without})) <= "L2"


@given(arbitrary_inputs())
def test_what_would_raise_the_score_does_raise_it_best_first(inputs: Inputs) -> None:
    best = raises(inputs)

    assert len(best) <= 3
    assert all(one.points > 0 and one.score >= assess(inputs).score for one in best)
    assert [one.points for one in best] == sorted((one.points for one in best), reverse=True)


@given(arbitrary_inputs())
def test_every_part_is_explained_within_its_maximum(inputs: Inputs) -> None:
    parts = explain(inputs, assess(inputs))

    assert [one.part for one in parts] == ["identity", "provenance", "coherence", "network", "audience"]
    assert all(0 <= one.points <= one.max and one.words.endswith(".") for one in parts)


def test_the_seed_is_told_what_would_raise_it_most() -> None:
    best = raises(SEED)

    assert [(one.points, one.score) for one in best] == [(16.55, 30), (16.2, 29), (12.95, 26)]
    assert best[0].what == "Claim the record with an ORCID iD that a publisher printed with one of these works"


def test_a_verified_record_is_told_what_to_add_to_it() -> None:
    claimed = SEED.model_copy(update={**CLAIMED, "evidence": {"orcid_third_party": 1.0}})

    assert raises(claimed)[0].what == "Add a credential signed by the institution"


def test_a_record_at_its_cap_is_not_told_to_add_works() -> None:
    capped = SEED.model_copy(update={"moderated": 40, "linked": 40})

    assert all(one.what.startswith("Claim") for one in raises(capped))
    assert explain_cap(assess(capped)) == "At L1 a record shows 20 at most, whatever its points."


def test_an_open_doubt_halves_kappa() -> None:
    assert SEED.model_copy(update={"split_suspected": True}).effective_kappa() == 0.45


def test_an_id_on_some_works_says_nothing_of_works_that_share_only_a_name() -> None:
    lumped = SEED.model_copy(update={**CLAIMED, "kappa": 0.2, "evidence": {"orcid_third_party": 1.0}})

    assert lumped.effective_kappa() == 0.2
    assert assess(lumped).level == "L3"


def test_an_id_that_clashes_counts_for_nothing() -> None:
    clashing = SEED.model_copy(update={**CLAIMED, "id_clash": True, "evidence": {"orcid_third_party": 1.0}})

    assert assess(clashing).level == "L2"
    assert assess(clashing).score == 13


def test_the_seed_is_explained_in_plain_words() -> None:
    said = [one.words for one in explain(SEED, assess(SEED))]

    assert said == [
        "1 kind of evidence: a curated source lists the works.",
        "2 preprints at 1/2 each; each further work adds less.",
        "2 works linked by shared coauthors or topics; the chance that the record is one person is put at 0.90.",
        "4 close collaborators known from the sources; none verified.",
        "No followers; only followers who hold a verified record would count.",
    ]
