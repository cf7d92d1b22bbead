"""The graph slice as rows: who and what is near, how it is connected, and what was left out."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from services.gateway.clients.graph import Edge, Node, Slice
from services.gateway.web.words import counted, listed, plural

SECTORS: Sequence[tuple[str, str, str]] = (
    ("work", "works", "Works"),
    ("person", "people", "People"),
    ("topic", "topics", "Topics"),
    ("institution", "institutions", "Institutions"),
)
NAMED_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One node: a link with a name, and its connection in words."""

    id: str
    kind: str
    label: str
    href: str
    connection: str


@dataclass(frozen=True, slots=True)
class Sector:
    """The nodes of one kind, heaviest first, and how many there are in all."""

    kind: str
    heading: str
    rows: tuple[Row, ...]
    total: int

    @property
    def shown(self) -> str:
        """`12 of 40 people`, or `5 topics` when nothing was left out."""
        noun = {"person": "people"}.get(self.kind, self.heading.lower())
        if self.total > len(self.rows):
            return f"{len(self.rows)} of {self.total:,} {noun}"
        return counted(self.total, self.kind) if self.total else f"no {noun}"


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The slice, ready to be shown as a table and as a drawing of the same rows."""

    centre: str
    sectors: tuple[Sector, ...]
    edges: tuple[Edge, ...]

    def first(self, most: int) -> "Neighbourhood":
        """The same with at most so many rows of each kind."""
        cut = tuple(replace(sector, rows=sector.rows[:most]) for sector in self.sectors)
        return replace(self, sectors=cut)

    @property
    def size(self) -> int:
        """How many rows there are."""
        return sum(len(sector.rows) for sector in self.sectors)

    @property
    def summary(self) -> str:
        """What is shown, and of how many."""
        return listed([sector.shown for sector in self.sectors])


def neighbourhood(around: Slice) -> Neighbourhood:
    """Sort the nodes into the four sectors; the order depends on the slice alone."""
    nodes = {node.id: node for node in around.nodes}
    touching: dict[str, list[Edge]] = defaultdict(list)
    for edge in around.edges:
        touching[edge.source].append(edge)
        touching[edge.target].append(edge)
    sectors = []
    for kind, plural_name, heading in SECTORS:
        chosen = [node for node in nodes.values() if node.kind == kind and node.id != around.centre]
        chosen.sort(key=lambda node: (-node.weight, node.label, node.id))
        rows = tuple(row(node, around.centre, nodes, touching[node.id]) for node in chosen)
        sectors.append(Sector(kind, heading, rows, max(around.total.get(plural_name, 0), len(rows))))
    known = {*nodes, around.centre}
    edges = tuple(edge for edge in around.edges if edge.source in known and edge.target in known)
    return Neighbourhood(around.centre, tuple(sectors), edges)


def row(node: Node, centre: str, nodes: Mapping[str, Node], edges: Sequence[Edge]) -> Row:
    """A node with its link and its connection."""
    return Row(node.id, node.kind, node.label, href(node), connection(node, centre, nodes, edges))


def href(node: Node) -> str:
    """Where a node leads: its own page, the source's page of it, or else its row in the table."""
    if node.kind == "work":
        return f"/works/{quote(node.id, safe=':')}"
    if node.kind == "person":
        return f"/researchers/{quote(node.slug or node.id)}"
    if node.id.startswith("arxiv:"):
        return f"https://arxiv.org/list/{quote(node.id.removeprefix('arxiv:'))}/recent"
    if node.id.startswith("https://ror.org/"):
        return node.id
    return f"#near-{re.sub('[^A-Za-z0-9]', '-', node.id)}"


def connection(node: Node, centre: str, nodes: Mapping[str, Node], edges: Sequence[Edge]) -> str:
    """How a node hangs together with the person: directly, else by what lies between."""
    direct = [edge.note for edge in edges if edge.note and centre in {edge.source, edge.target}]
    if direct:
        return "; ".join(dict.fromkeys(direct))
    between = [
        nodes[other] for edge in edges for other in (edge.source, edge.target) if other != node.id and other in nodes
    ]
    if node.kind == "topic":
        works = sum(other.kind == "work" for other in between)
        return f"Topic of {counted(works, 'work')} here" if works else "Nearby topic"
    names = list(dict.fromkeys(other.label for other in between))
    return f"By way of {some(names)}" if names else "Nearby"


def some(names: list[str]) -> str:
    """The first few names, and how many more."""
    more = len(names) - NAMED_AT_MOST
    return listed(names) if more <= 0 else f"{', '.join(names[:NAMED_AT_MOST])} and {more} {plural(more, 'other')}"
