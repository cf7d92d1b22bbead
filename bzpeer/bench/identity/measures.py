"""Pairwise and B-cubed precision, recall and F1 of groups against people."""

from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from typing import NamedTuple


class Figures(NamedTuple):
    """Precision, recall and their harmonic mean, each from 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def pairwise(people: Sequence[Hashable], groups: Sequence[Hashable]) -> Figures:
    """Over all pairs of signatures: of those put together the share that is of one person, and the other way round."""
    together = _pairs(Counter(zip(people, groups, strict=True)).values())
    grouped, meant = _pairs(Counter(groups).values()), _pairs(Counter(people).values())
    return Figures(together / grouped if grouped else 1.0, together / meant if meant else 1.0)


def b_cubed(people: Sequence[Hashable], groups: Sequence[Hashable], places: Collection[int] | None = None) -> Figures:
    """For each signature the share of its group that is of its person, and of its person that is in its group; the
    mean over all signatures, or over those in `places` (Bagga and Baldwin 1998)."""
    both = Counter(zip(people, groups, strict=True))
    sizes, meant = Counter(groups), Counter(people)
    chosen = range(len(people)) if places is None else places
    if not chosen:
        return Figures(1.0, 1.0)
    shared = [(both[people[place], groups[place]], place) for place in chosen]
    precision = sum(number / sizes[groups[place]] for number, place in shared) / len(shared)
    recall = sum(number / meant[people[place]] for number, place in shared) / len(shared)
    return Figures(precision, recall)


def _pairs(sizes: Collection[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)
