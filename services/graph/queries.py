"""The two questions that the graph service answers."""

import asyncio
from datetime import datetime

from services.graph.domain.person import Close, Frozen
from services.graph.domain.slices.building import Label, build_slice
from services.graph.domain.slices.choosing import choose
from services.graph.domain.slices.model import Limits, Slice
from services.graph.store import GraphStore
from shared.errors import NotFound

_UNKNOWN = "No author record with this id is in the graph; a new one appears within seconds."


class Collaborator(Close):
    """A close collaborator, with their name as it is now and that of their page, once the graph knows them."""

    slug: str | None


class Collaborators(Frozen):
    """The close collaborators, strongest first, and the number of all coauthors on works of up to 50 authors."""

    close: tuple[Collaborator, ...]
    total: int
    as_of: datetime


async def get_slice(store: GraphStore, author_id: str, limits: Limits) -> Slice:
    """What surrounds the person: three queries, whatever the size of the graph."""
    person = await store.person(author_id)
    if person is None:
        raise NotFound(_UNKNOWN)
    chosen = choose(person.value, limits)
    works, labels = await asyncio.gather(store.works(chosen.works), store.labels(chosen.people))
    return build_slice(person.value, chosen, works, labels, limits, person.as_of)


async def get_collaborators(store: GraphStore, author_id: str) -> Collaborators:
    """The person's close collaborators."""
    found = await store.collaboration(author_id)
    if found is None:
        raise NotFound(_UNKNOWN)
    labels = await store.labels(one.author_id for one in found.close)
    close = tuple(_collaborator(one, labels.get(one.author_id)) for one in found.close)
    return Collaborators(close=close, total=found.total, as_of=found.as_of)


def _collaborator(close: Close, label: Label | None) -> Collaborator:
    """By the name that the person has now: the credits they stand in may know an older one."""
    if label is None:
        return Collaborator(**close.model_dump(), slug=None)
    return Collaborator(**{**close.model_dump(), "name": label.name or close.name}, slug=label.slug)
