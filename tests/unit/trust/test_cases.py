"""The worked cases of version 1 of the trust model, each with its exact sum."""

from typing import Any, NamedTuple

import pytest

from services.trust.domain.inputs import Inputs
from services.trust.domain.score import assess

CLAIMED: dict[str, Any] = {"claim_status": "claimed", "tripwire_passed": True}
SETTLED: dict[str, Any] = {**CLAIMED, "undisputed_days": 90, "second_factor": True}
THREE_CLASSES = {"orcid_third_party": 1.0, "orcid_member_marker": 1.0, "institution_domain": 1.0}

SEED = Inputs(moderated=2, identified=2, linked=2, kappa=0.9, sourced_collaborators=4)
"""Two preprints that share a coauthor and a topic, four close collaborators, unclaimed."""
PUBLISHED = SEED.model_copy(update={"reviewed": 2, "moderated": 0})


class Case(NamedTuple):
    name: str
    inputs: Inputs
    level: str
    sum: float
    score: int


def case(name: str, start: Inputs, level: str, total: float, score: int, **changes: Any) -> Case:
    return Case(name, start.model_copy(update=changes), level, total, score)


CASES = [
    case("the seed", SEED, "L1", 13.28, 13),
    case("10,000 farmed followers", SEED, "L1", 13.28, 13, followers=10_000),
    case("a claim is pending", SEED, "L2", 13.28, 13, claim_status="pending"),
    case("webmail was accepted", SEED, "L2", 13.28, 13, **CLAIMED, evidence={"webmail": 1.0}),
    case("an iD lists the works itself", SEED, "L2", 13.28, 13, **CLAIMED, evidence={"self_listed_orcid": 1.0}),
    case("published versions linked", PUBLISHED, "L1", 16.53, 17),
    case("third-party ORCID link", SEED, "L3", 29.84, 30, **CLAIMED, evidence={"orcid_third_party": 1.0}),
    case("and published versions", PUBLISHED, "L3", 33.09, 33, **CLAIMED, evidence={"orcid_third_party": 1.0}),
    case(
        "and an institution's domain",
        PUBLISHED,
        "L4",
        39.03,
        39,
        **SETTLED,
        evidence={"orcid_third_party": 1.0, "institution_domain": 1.0},
    ),
    case(
        "and two collaborators verified",
        PUBLISHED,
        "L4",
        44.37,
        44,
        **SETTLED,
        evidence={"orcid_third_party": 1.0, "institution_domain": 1.0},
        vouched_trust=1.6,
        sourced_collaborators=2,
    ),
    case(
        "no institution: ORCID, arXiv feed and two vouches",
        PUBLISHED,
        "L4",
        51.61,
        52,
        **SETTLED,
        evidence={"orcid_third_party": 1.0, "arxiv_author_feed": 1.0, "vouch": 1.0},
        vouches=2,
        vouched_trust=1.6,
    ),
    # The two large claimed records are the seed's own, grown: its two preprints stand beside the ten or twenty more,
    # so that preprints reach their most, 6. Without them the sum of the first would be 83.79, not 83.85.
    case(
        "grown by 20 reviewed works and 10 preprints",
        SEED,
        "L4",
        83.85,
        84,
        **SETTLED,
        reviewed=20,
        moderated=12,
        linked=32,
        evidence=THREE_CLASSES,
        vouched_trust=6.0,
        sourced_collaborators=0,
        verified_audience=20.0,
    ),
    case(
        "grown by 60 reviewed works and 20 preprints, with a signed credential",
        SEED,
        "L5",
        93.75,
        94,
        **SETTLED,
        months_at_l4=12,
        reviewed=60,
        moderated=22,
        linked=82,
        evidence={**THREE_CLASSES, "signed_credential": 1.0},
        vouched_trust=10.0,
        sourced_collaborators=0,
        verified_audience=60.0,
    ),
    case("40 preprints, unclaimed", SEED, "L1", 31.15, 20, moderated=40, linked=40, sourced_collaborators=5),
    # n counts all eight: namesakes in one field share topics, and only kappa knows that a name alone ties them.
    case(
        "two namesakes lumped",
        SEED,
        "L1",
        25.29,
        20,
        reviewed=6,
        linked=8,
        kappa=0.2,
        sourced_collaborators=5,
    ),
    case("a ring of accounts vouching each other", Inputs(), "L0", 0.0, 0, vouches=2, **CLAIMED),
    case("200 self-deposits", Inputs(deposits=200), "L0", 5.84, 6),
    # The ring has the 200 deposits as well by now: 5.84 of the 6.81 are theirs.
    case("the ring and one captured voucher", Inputs(deposits=200), "L0", 6.81, 7, vouches=2, vouched_trust=0.2),
]


@pytest.mark.parametrize("given", CASES, ids=lambda given: given.name)
def test_the_worked_case_comes_out_exactly(given: Case) -> None:
    assessment = assess(given.inputs)

    assert round(assessment.sum, 2) == given.sum
    assert (assessment.level, assessment.score) == (given.level, given.score)


def test_the_seed_is_thirteen_unverified_l1_in_these_parts() -> None:
    assessment = assess(SEED)

    parts = {name: round(points, 2) for name, points in assessment.parts.model_dump().items()}
    assert parts == {"identity": 4.0, "provenance": 3.84, "coherence": 3.54, "network": 1.9, "audience": 0.0}
    assert (assessment.score, assessment.tier, assessment.level, assessment.cap) == (13, "Unverified", "L1", 20)


@pytest.mark.parametrize(
    ("changes", "total", "score"),
    [({"kappa": 0.8}, 12.89, 13), ({"sourced_collaborators": 3}, 12.82, 13), ({"sourced_collaborators": 5}, 13.73, 14)],
)
def test_the_seed_has_these_margins(changes: dict[str, Any], total: float, score: int) -> None:
    assessment = assess(SEED.model_copy(update=changes))

    assert (round(assessment.sum, 2), assessment.score) == (total, score)


def test_lumped_namesakes_are_said_to_be_perhaps_several_people() -> None:
    assert SEED.model_copy(update={"kappa": 0.2}).may_be_several()
    assert SEED.model_copy(update={"split_suspected": True}).may_be_several()
    assert not SEED.may_be_several()
