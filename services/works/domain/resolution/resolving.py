"""Whom the new signatures of a byline are of."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from services.works.domain.resolution.constants import AHEAD, JOIN_AT
from services.works.domain.resolution.evidence import Evidence, Signature
from services.works.domain.resolution.names import blocks_of
from services.works.domain.resolution.scoring import Crowd, Pair, chance, crowd_of


class Candidate(NamedTuple):
    """An author record that a signature may be of."""

    author_id: str
    evidence: Evidence


class Verdict(NamedTuple):
    """The record that the signature is of, with the chance that this is right; None: nobody known, or unsure who.

    `unsure`: some record was likely, but not likely enough, or no likelier than another one.
    """

    author_id: str | None
    chance: float
    unsure: bool = False


class _Rated(NamedTuple):
    chance: float
    candidate: Candidate
    crowd: Crowd


UNSURE_FROM = 0.5


def resolve_byline(signatures: Sequence[Signature], candidates: Sequence[Candidate]) -> list[Verdict]:
    """A verdict for each signature. Nobody is on a byline twice: the surest signature of a record gets it.

    The candidates are all records that share a block with one of the signatures: they show how common a name is.
    """
    by_block: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        for block in {block for form in candidate.evidence.forms for block in blocks_of(form)}:
            by_block.setdefault(block, []).append(candidate)
    ranked = [_ranked(signature, by_block) for signature in signatures]
    surest = sorted(range(len(signatures)), key=lambda place: -(ranked[place][0].chance if ranked[place] else 0))
    verdicts = [Verdict(None, 1.0)] * len(signatures)
    taken: set[str] = set()
    for place in surest:
        verdicts[place] = _verdict([each for each in ranked[place] if each.candidate.author_id not in taken])
        taken.add(verdicts[place].author_id or "")
    return verdicts


def _ranked(signature: Signature, by_block: Mapping[str, Sequence[Candidate]]) -> list[_Rated]:
    alone = Evidence.of([signature])
    blocks = blocks_of(alone.forms[0])
    candidates = {each.author_id: each for block in blocks for each in by_block.get(block, ())}.values()
    crowd = crowd_of(alone, (each.evidence for each in candidates))
    rated = (_Rated(chance(Pair(alone, each.evidence, crowd)), each, crowd) for each in candidates)
    return sorted((each for each in rated if each.chance >= UNSURE_FROM), key=_likeliest)


def _likeliest(rated: _Rated) -> tuple[float, int, str]:
    return (-rated.chance, -rated.candidate.evidence.works, rated.candidate.author_id)


def _verdict(ranked: Sequence[_Rated]) -> Verdict:
    if not ranked:
        return Verdict(None, 1.0)
    best = ranked[0]
    if best.chance < JOIN_AT or any(_rivals(best, other) for other in ranked[1:3]):
        return Verdict(None, 1 - best.chance, unsure=True)
    return Verdict(best.candidate.author_id, best.chance)


def _rivals(best: _Rated, other: _Rated) -> bool:
    """Whether the two are about as likely, and not likely one person that has two records."""
    near = best.chance - other.chance < AHEAD
    return near and chance(Pair(best.candidate.evidence, other.candidate.evidence, best.crowd)) < UNSURE_FROM
