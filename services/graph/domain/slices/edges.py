"""The edges among the chosen nodes: first those that hold the slice together, then the strongest."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from services.graph.domain.institutions import institution_id
from services.graph.domain.person import Person
from services.graph.domain.slices import words
from services.graph.domain.slices.choosing import Chosen, newest_first
from services.graph.domain.slices.model import Edge, EdgeKind
from services.graph.domain.work import Work
from shared.events.authors import CROWD
from shared.events.base import AuthorId, WorkId

WORKS_NAMED = 12
"""Works that an edge lists at most."""
DIGITS = 6


class Candidate(NamedTuple):
    """An edge, and whether the slice would fall apart without it."""

    edge: Edge
    needed: bool


def edges_among(person: Person, chosen: Chosen, works: Mapping[WorkId, Work], most: int) -> tuple[list[Edge], int]:
    """The edges to show, and how many there are among the shown nodes."""
    candidates = [*_of_person(person, chosen), *_about(person, chosen), *_of_coauthors(person, chosen, works)]
    candidates.sort(key=lambda one: (not one.needed, -one.edge.weight, one.edge.id))
    return [one.edge for one in candidates[:most]], len(candidates)


def _of_person(person: Person, chosen: Chosen) -> Iterator[Candidate]:
    centre = person.author_id
    for work_id, weight in chosen.works.items():
        credit = person.credits[work_id]
        note = words.authored(credit.position, credit.byline_size, credit.status)
        yield Candidate(_edge("authored", centre, work_id, weight, (work_id,), note), needed=True)
    common = _works_in_common(person, chosen)
    for author_id, tie in chosen.people.items():
        shared = tuple(newest_first(person, common[author_id]))
        note = words.together(tie.works, person.credits[shared[0]])
        share = tie.strength / chosen.strength
        yield Candidate(_edge("coauthor", centre, author_id, share, shared, note), needed=True)
    for key, institution in chosen.institutions.items():
        note = words.printed(len(institution.works), person.credits[institution.works[0]])
        edge = _edge("affiliated", centre, key, institution.weight, institution.works, note)
        yield Candidate(edge, needed=True)


def _about(person: Person, chosen: Chosen) -> Iterator[Candidate]:
    tied: set[str] = set()
    for work_id, weight in chosen.works.items():
        credit = person.credits[work_id]
        for topic in credit.topics:
            if topic.id in chosen.topics:
                note = words.about(credit.source, chosen.topics[topic.id].label)
                edge = _edge("about", work_id, topic.id, weight / len(credit.topics), (work_id,), note)
                yield Candidate(edge, needed=topic.id not in tied)
                tied.add(topic.id)


def _of_coauthors(person: Person, chosen: Chosen, works: Mapping[WorkId, Work]) -> Iterator[Candidate]:
    printed: dict[tuple[AuthorId, str], list[WorkId]] = {}
    for work_id, work in ((one, works[one]) for one in chosen.works if one in works):
        for place in work.byline:
            if place.author_id not in chosen.people:
                continue
            note = words.authored(place.position, work.byline_size, work.status)
            weight = chosen.works[work_id] / work.byline_size
            yield Candidate(_edge("authored", place.author_id, work_id, weight, (work_id,), note), needed=False)
            for key in filter(None, map(institution_id, place.affiliations)):
                if key in chosen.institutions:
                    printed.setdefault((place.author_id, key), []).append(work_id)
    for (author_id, key), on in printed.items():
        note = words.printed(len(on), person.credits[on[0]])
        weight = sum(chosen.works[work_id] for work_id in on) / len(chosen.works)
        yield Candidate(_edge("affiliated", author_id, key, weight, tuple(on), note), needed=False)


def _works_in_common(person: Person, chosen: Chosen) -> dict[AuthorId, list[WorkId]]:
    common: dict[AuthorId, list[WorkId]] = {author_id: [] for author_id in chosen.people}
    for work_id, credit in person.credits.items():
        if credit.byline_size <= CROWD:
            for author_id in chosen.people.keys() & set(credit.coauthors):
                common[author_id].append(work_id)
    return common


def _edge(kind: EdgeKind, source: str, target: str, weight: float, works: tuple[WorkId, ...], note: str) -> Edge:
    return Edge(
        id=f"{kind}:{source}:{target}",
        source=source,
        target=target,
        kind=kind,
        weight=round(weight, DIGITS),
        works=works[:WORKS_NAMED],
        note=note,
    )
