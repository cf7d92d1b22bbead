"""Coauthor strength and close collaborators.

Strength: the sum over common works of 2^(-age/3y)/(n-1) (Newman's weight for collaboration networks, faded), n the
number of authors; works with n > 50 give none. Close: the smallest set of coauthors that holds at least two thirds of
all strength, ties kept. Ages are relative to the newest work: fading multiplies all strengths alike, so the set never
changes merely because time passes.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from services.graph.domain.person import Close, Person, recency
from shared.events.authors import CROWD
from shared.events.base import AuthorId

SHARE = 2 / 3
NAMED = 12
"""Close collaborators named at most."""
TOLERANCE = 1e-9
"""Relative; sums of binary fractions miss a bound that exact fractions meet."""


class Tie(NamedTuple):
    """How strongly a coauthor is tied to the person, and over how many works."""

    strength: float
    works: int


def ties(person: Person) -> dict[AuthorId, Tie]:
    """The person's tie to each coauthor. Linear in the credits and their coauthors."""
    newest = person.newest()
    strength: dict[AuthorId, float] = defaultdict(float)
    works: dict[AuthorId, int] = defaultdict(int)
    for credit in person.credits.values():
        if not 1 < credit.byline_size <= CROWD:
            continue
        weight = recency(credit.published_on, newest) / (credit.byline_size - 1)
        for author_id in credit.coauthors:
            strength[author_id] += weight
            works[author_id] += 1
    return {author_id: Tie(strength[author_id], works[author_id]) for author_id in strength}


def close_set(strengths: Mapping[AuthorId, float], names: Mapping[AuthorId, str]) -> list[AuthorId]:
    """The close collaborators, strongest first, then by name and id; at most NAMED."""
    ranked = sorted(strengths, key=lambda one: (-strengths[one], names.get(one, ""), one))
    ranked = _ties_in_order(ranked, strengths, names)
    wanted = SHARE * sum(strengths.values()) * (1 - TOLERANCE)
    held, count = 0.0, 0
    while count < len(ranked) and held < wanted:
        held += strengths[ranked[count]]
        count += 1
    while 0 < count < len(ranked) and _equal(strengths[ranked[count]], strengths[ranked[count - 1]]):
        count += 1
    return ranked[: min(count, NAMED)]


def close_collaborators(person: Person) -> tuple[tuple[Close, ...], int]:
    """The close collaborators and the number of all coauthors (on works of at most 50 authors)."""
    tied = ties(person)
    strengths = {author_id: tie.strength for author_id, tie in tied.items()}
    total = sum(strengths.values())
    close = tuple(
        Close(
            author_id=author_id,
            name=person.names.get(author_id, ""),
            strength=strengths[author_id],
            share=strengths[author_id] / total,
            works=tied[author_id].works,
        )
        for author_id in close_set(strengths, person.names)
    )
    return close, len(tied)


def _ties_in_order(
    ranked: list[AuthorId], strengths: Mapping[AuthorId, float], names: Mapping[AuthorId, str]
) -> list[AuthorId]:
    """Runs of strengths equal but for rounding, each sorted by name and id, so that rounding never decides."""
    ordered: list[AuthorId] = []
    run: list[AuthorId] = []
    for author_id in ranked:
        if run and not _equal(strengths[author_id], strengths[run[-1]]):
            ordered += sorted(run, key=lambda one: (names.get(one, ""), one))
            run = []
        run.append(author_id)
    return ordered + sorted(run, key=lambda one: (names.get(one, ""), one))


def _equal(left: float, right: float) -> bool:
    return abs(left - right) <= TOLERANCE * max(left, right)
