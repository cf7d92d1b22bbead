"""What would raise the score most: the model itself, asked again with one thing changed."""

from collections.abc import Iterator
from typing import NamedTuple

from services.trust import model_v1 as model
from services.trust.domain.inputs import Frozen, Inputs
from services.trust.domain.score import assess, level_of
from shared.events.claims import EvidenceClass

BEST = 3

CLAIM_WITH: dict[EvidenceClass, str] = {
    "orcid_third_party": "an ORCID iD that a publisher printed with one of these works",
    "email_on_paper": "the e-mail address printed on one of these works",
    "orcid_member_marker": "an ORCID record in which a member organisation lists one of these works",
    "arxiv_author_feed": "the arXiv author page that lists one of these works",
}
ADD_SUPPORT: dict[EvidenceClass, str] = {
    "institution_domain": "an address at the institution",
    "signed_credential": "a credential signed by the institution",
}


class Raise(Frozen):
    """One change, the points it would add (2 decimals, cap applied), and the score that would then be shown."""

    what: str
    points: float
    score: int


class Change(NamedTuple):
    """A change to a record, in words and as it would be."""

    what: str
    inputs: Inputs


def raises(inputs: Inputs, most: int = BEST) -> tuple[Raise, ...]:
    """The changes that would add most points, best first; a change that adds nothing is not named."""
    now = assess(inputs).capped
    outcomes = [(change.what, assess(change.inputs)) for change in _changes(inputs)]
    gains = [Raise(what=what, points=round(then.capped - now, 2), score=then.score) for what, then in outcomes]
    return tuple(sorted((gain for gain in gains if gain.points > 0), key=lambda gain: -gain.points)[:most])


def _changes(inputs: Inputs) -> Iterator[Change]:
    yield from _evidence(inputs)
    yield from _works(inputs)
    yield from _standing(inputs)


def _evidence(inputs: Inputs) -> Iterator[Change]:
    held = level_of(inputs) in {"L3", "L4", "L5"}
    for name, words in CLAIM_WITH.items():
        if held and inputs.evidence.get(name, 0) < 1:
            yield Change(f"Add {words}", _with(inputs, evidence={**inputs.evidence, name: 1.0}))
        elif not held and (inputs.identified or inputs.deposits) and not inputs.id_clash:
            claimed = {"claim_status": "claimed", "tripwire_passed": True, "evidence": {**inputs.evidence, name: 1.0}}
            yield Change(f"Claim the record with {words}", _with(inputs, **claimed))
    if not held:
        return
    for name, words in ADD_SUPPORT.items():
        if inputs.evidence.get(name, 0) < 1:
            yield Change(f"Add {words}", _with(inputs, evidence={**inputs.evidence, name: 1.0}))
    if inputs.vouches < model.VOUCHES_COUNTED:
        vouched = {"vouches": inputs.vouches + 1, "evidence": {**inputs.evidence, "vouch": 1.0}}
        yield Change("Be vouched for by a member at L4", _with(inputs, **vouched))


def _works(inputs: Inputs) -> Iterator[Change]:
    if inputs.moderated:
        published = {"reviewed": inputs.reviewed + inputs.moderated, "moderated": 0}
        which = {1: "the preprint", 2: "both preprints"}.get(inputs.moderated, f"all {inputs.moderated:,} preprints")
        yield Change(f"Link the reviewed versions of {which}", _with(inputs, **published))
    one_more = {"linked": inputs.linked + 1, "identified": inputs.identified + 1}
    yield Change(
        "One more reviewed work with a coauthor or topic of these",
        _with(inputs, reviewed=inputs.reviewed + 1, **one_more),
    )
    yield Change(
        "One more preprint from a moderated source with a coauthor or topic of these",
        _with(inputs, moderated=inputs.moderated + 1, **one_more),
    )


def _standing(inputs: Inputs) -> Iterator[Change]:
    if inputs.split_suspected:
        yield Change("Settle the open doubt that these works are by one person", _with(inputs, split_suspected=False))
    elif inputs.may_be_several():
        sure = _with(inputs, kappa=model.KAPPA_SHARED_ID)
        yield Change("Show by an identifier that all these works are by one person", sure)
    if level_of(inputs) == "L3" and not inputs.second_factor:
        yield Change("Turn on a second login factor", _with(inputs, second_factor=True))


def _with(inputs: Inputs, **changes: object) -> Inputs:
    return inputs.model_copy(update=changes)
