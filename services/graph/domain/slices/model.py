"""What a slice is."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.graph.domain.person import Frozen
from shared.events.base import AuthorId, WorkId
from shared.events.works import WorkStatus

NodeKind = Literal["person", "work", "topic", "institution"]
EdgeKind = Literal["authored", "coauthor", "about", "affiliated"]


class Limits(Frozen):
    """How many nodes of each kind, and edges, a slice has at most: some 300 and 1,000 in all."""

    works: int = Field(12, ge=0, le=100)
    people: int = Field(12, ge=0, le=100)
    topics: int = Field(8, ge=0, le=60)
    institutions: int = Field(6, ge=0, le=39)
    edges: int = Field(80, ge=0, le=1000)


class Node(Frozen):
    """A node; `weight`, 0 to 1, says how much of the person's record it stands for."""

    id: str
    kind: NodeKind
    label: str
    weight: float
    slug: str | None = None
    year: int | None = None
    status: WorkStatus | None = None
    """Of a work: whether it was withdrawn or retracted."""


class Edge(Frozen):
    """An edge with the works behind it, newest first (12 at most), and a sentence that says why it is there."""

    id: str
    source: str
    target: str
    kind: EdgeKind
    weight: float
    works: tuple[WorkId, ...]
    note: str


class Slice(Frozen):
    """The part of the graph around `centre`. `shown` of `total` nodes of each kind; the edges are among shown nodes."""

    centre: AuthorId
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    shown: dict[str, int]
    total: dict[str, int]
    as_of: datetime
