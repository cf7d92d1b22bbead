"""Put a slice together from the person, what was chosen, and what the other documents say of it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from services.graph.domain.person import Person
from services.graph.domain.slices.choosing import Chosen
from services.graph.domain.slices.edges import DIGITS, edges_among
from services.graph.domain.slices.model import Limits, Node, Slice
from services.graph.domain.work import Work
from shared.events.base import AuthorId, WorkId


class Label(NamedTuple):
    """How a person is called, and the name of their page."""

    name: str
    slug: str


def build_slice(
    person: Person,
    chosen: Chosen,
    works: Mapping[WorkId, Work],
    labels: Mapping[AuthorId, Label],
    limits: Limits,
    as_of: datetime,
) -> Slice:
    """The slice. Works and labels that are not known yet are told as far as the person's own document knows them."""
    edges, all_edges = edges_among(person, chosen, works, limits.edges)
    return Slice(
        centre=person.author_id,
        nodes=tuple(_nodes(person, chosen, labels)),
        edges=tuple(edges),
        shown={**chosen.shown(), "edges": len(edges)},
        total={**chosen.total, "edges": all_edges},
        as_of=as_of,
    )


def _nodes(person: Person, chosen: Chosen, labels: Mapping[AuthorId, Label]) -> Iterator[Node]:
    yield Node(id=person.author_id, kind="person", label=person.name, slug=person.slug, weight=1.0)
    for work_id, weight in chosen.works.items():
        credit = person.credits[work_id]
        yield Node(
            id=work_id,
            kind="work",
            label=credit.title,
            weight=round(weight, DIGITS),
            year=credit.year,
            status=credit.status,
        )
    for author_id, tie in chosen.people.items():
        label = labels.get(author_id)
        yield Node(
            id=author_id,
            kind="person",
            label=label.name if label else person.names.get(author_id, ""),
            slug=label.slug if label else None,
            weight=round(tie.strength / chosen.strength, DIGITS),
        )
    for key, topic in chosen.topics.items():
        yield Node(id=key, kind="topic", label=topic.label, weight=round(topic.weight, DIGITS))
    for key, place in chosen.institutions.items():
        yield Node(id=key, kind="institution", label=place.label, weight=round(place.weight, DIGITS))
