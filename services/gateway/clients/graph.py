"""The graph service: close collaborators, and the part of the graph around a person."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field

from services.gateway.clients.base import Model, segment
from shared.http import ServiceClient


class Collaborator(Model):
    """A close collaborator; `share` is the part of all collaboration strength that is theirs, 0 to 1."""

    author_id: str
    slug: str | None = None
    name: str
    strength: float
    share: float | None = None
    works: int | None = None


class Collaborators(Model):
    """The close collaborators by name, and how many collaborators there are in all."""

    close: tuple[Collaborator, ...] = ()
    total: int = 0
    as_of: datetime | None = None


class Node(Model):
    """A person, work, topic or institution."""

    id: str
    kind: str
    label: str
    slug: str | None = None
    weight: float = 0
    year: int | None = None
    status: str | None = None


class Edge(Model):
    """What joins two nodes: the works it rests on, and a sentence that says so."""

    id: str
    source: str
    target: str
    kind: str
    weight: float = 0
    works: tuple[str, ...] = ()
    note: str | None = None


class Slice(Model):
    """A part of the graph. `shown` of `total` says what was left out, by kind."""

    centre: str
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    shown: dict[str, int] = Field(default_factory=dict)
    total: dict[str, int] = Field(default_factory=dict)
    as_of: datetime | None = None


class GraphClient:
    """Queries to the graph service."""

    def __init__(self, http: ServiceClient) -> None:
        self._http = http

    async def collaborators(self, author_id: str) -> Collaborators:
        """Close collaborators; NotFound while the service does not know the record."""
        return Collaborators.model_validate(await self._http.get_json(f"/collaborators/{segment(author_id)}"))

    async def slice(self, author_id: str, limits: Mapping[str, int]) -> Slice:
        """What surrounds the person: at most so many works, people, topics, institutions and edges; by default few."""
        answer = await self._http.get_json(f"/slice/{segment(author_id)}", params={**limits})
        return Slice.model_validate(answer)
