"""The graph slice as a drawing: a pure function from rows to places, the same picture on each visit.

The person is in the middle. Works are always above left, people above right, topics below left, institutions below
right. On either side every label has a line of its own, so labels cannot overlap; dots lie on an arc.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi

from services.gateway.clients.graph import Edge
from services.gateway.web.neighbours import Neighbourhood, Row, Sector
from services.gateway.web.text_width import fitted, text_width

WIDTH = 800.0
MIDDLE = WIDTH / 2
LINE = 28.0
FONT = 15.0
GAP = 14.0
"""Between the two halves, above and below the person."""
EDGE = 12.0
ARC_NARROW, ARC_WIDE = 90.0, 136.0
"""How far the dots are from the middle line: at the ends of a side, and beside the person."""
LABEL_OFFSET = 12.0


@dataclass(frozen=True, slots=True)
class Line:
    """An edge from point to point; `strength` 1 to 3."""

    id: str
    x1: float
    y1: float
    x2: float
    y2: float
    strength: int
    kind: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A node: its dot, its label and the edges that end in it."""

    row: Row
    x: float
    y: float
    label: str
    label_x: float
    anchor: str
    lines: tuple[Line, ...]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the label."""
        return label_box(self.label, self.label_x, self.y, self.anchor)


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a sector, on the line nearest the edge of the picture."""

    text: str
    x: float
    y: float
    anchor: str

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the heading."""
        return label_box(self.text, self.x, self.y, self.anchor)


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that the SVG shows."""

    width: float
    height: float
    centre_x: float
    centre_y: float
    centre_label: str
    marks: tuple[Mark, ...]
    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]

    @property
    def centre_box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the person's name, below the dot."""
        return label_box(self.centre_label, self.centre_x, self.centre_y + LINE, "middle")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node is."""

    row: Row
    x: float
    y: float
    left: bool


def draw(around: Neighbourhood, name: str) -> Drawing:
    """Place everything. Only the rows and edges decide; nothing is random."""
    works, people, topics, institutions = around.sectors
    above = 1 + max(len(works.rows), len(people.rows), 1)
    below = 1 + max(len(topics.rows), len(institutions.rows), 1)
    centre_y = EDGE + above * LINE + GAP
    reach = max(above, below) * LINE
    headings, places = place_all(around, centre_y, reach)
    points = {around.centre: (MIDDLE, centre_y), **{place.row.id: (place.x, place.y) for place in places}}
    lines = edges(around.edges, points)
    return Drawing(
        width=WIDTH,
        height=round(centre_y + GAP + below * LINE + EDGE, 1),
        centre_x=MIDDLE,
        centre_y=round(centre_y, 1),
        centre_label=fitted(name, FONT, 2 * ARC_NARROW),
        marks=tuple(mark(place, around.edges, lines) for place in places),
        headings=tuple(headings),
        lines=tuple(lines.values()),
    )


def place_all(around: Neighbourhood, centre_y: float, reach: float) -> tuple[list[Heading], list[Place]]:
    """The four sectors in reading order, each with its heading and its rows in place."""
    headings: list[Heading] = []
    places: list[Place] = []
    for index, sector in enumerate(around.sectors):
        left = index % 2 == 0
        ys = lines_of(sector, centre_y, up=index < 2)
        xs = [arc(y, centre_y, reach, left=left) for y in ys]
        headings.append(heading(sector, xs[0], ys[0], left=left))
        places.extend(Place(row, x, y, left) for row, x, y in zip(sector.rows, xs[1:], ys[1:], strict=True))
    return headings, places


def lines_of(sector: Sector, centre_y: float, *, up: bool) -> list[float]:
    """The heights of a sector's heading and of its rows, in reading order; the rows lie next to the person."""
    rows = len(sector.rows)
    if up:
        return [centre_y - GAP - (rows - index + 0.5) * LINE for index in range(rows + 1)]
    return [centre_y + GAP + (index + 0.5) * LINE for index in range(rows + 1)]


def arc(y: float, centre_y: float, reach: float, *, left: bool) -> float:
    """How far out a dot is: widest beside the person, narrower towards both ends."""
    offset = ARC_NARROW + (ARC_WIDE - ARC_NARROW) * cos(min(1.0, abs(y - centre_y) / reach) * pi / 2)
    return round(MIDDLE - offset if left else MIDDLE + offset, 1)


def heading(sector: Sector, x: float, y: float, *, left: bool) -> Heading:
    """A sector's name with its figures."""
    text = sector.shown if sector.rows else f"No {sector.heading.lower()} known"
    text = text[:1].upper() + text[1:]
    outward = -LABEL_OFFSET if left else LABEL_OFFSET
    return Heading(text, round(x + outward, 1), round(y, 1), "end" if left else "start")


def mark(place: Place, all_edges: Sequence[Edge], lines: dict[str, Line]) -> Mark:
    """A node with its label, cut so that it stays in the picture, and copies of its edges to light up."""
    label_x = place.x - LABEL_OFFSET if place.left else place.x + LABEL_OFFSET
    room = label_x - EDGE if place.left else WIDTH - EDGE - label_x
    own = tuple(lines[e.id] for e in all_edges if e.id in lines and place.row.id in {e.source, e.target})
    label = fitted(place.row.label, FONT, room)
    return Mark(place.row, place.x, round(place.y, 1), label, round(label_x, 1), "end" if place.left else "start", own)


def edges(all_edges: Sequence[Edge], places: dict[str, tuple[float, float]]) -> dict[str, Line]:
    """The edges between places, each with a strength relative to the strongest."""
    heaviest = max((edge.weight for edge in all_edges), default=0) or 1
    found: dict[str, Line] = {}
    for edge in all_edges:
        if edge.source in places and edge.target in places and edge.source != edge.target:
            (x1, y1), (x2, y2) = places[edge.source], places[edge.target]
            strength = 1 + round(2 * min(1.0, max(0.0, edge.weight / heaviest)))
            found[edge.id] = Line(edge.id, x1, round(y1, 1), x2, round(y2, 1), strength, edge.kind)
    return found


def label_box(text: str, x: float, y: float, anchor: str) -> tuple[float, float, float, float]:
    """The box of one line of text whose middle is at height y."""
    width = text_width(text, FONT)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return left, y - FONT * 0.6, left + width, y + FONT * 0.6


def shapes() -> dict[str, str]:
    """A shape for each kind, so that colour never carries meaning alone; drawn around (0, 0)."""
    return {
        "person": "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
        "work": "M-4.5 -4.5h9v9h-9z",
        "topic": "M0 -6L6 0L0 6L-6 0z",
        "institution": "M0 -5.5L6 5H-6z",
    }
