"""Invented graph slices."""

from datetime import UTC, datetime

from services.gateway.clients.graph import Edge, Node, Slice

CENTRE = "centre"
NAMES = (
    "Bruno Tarvik", "Thuy Ngo", "Sela Okonjo", "Mika Wendt", "Kostas Ghelis", "Anna Dienst", "Li Wei", "Ömer Çağlayan",
    "Nadia Farouk", "Jürgen Habersack-Oberleitner von und zu", "山田太郎", "ليلى حداد",
)  # fmt: skip
TOPICS = (
    ("arxiv:cs.LG", "Machine Learning"), ("arxiv:cs.DS", "Data Structures and Algorithms"),
    ("arxiv:stat.ML", "Machine Learning (Statistics)"), ("arxiv:math.RT", "Representation Theory"),
    ("arxiv:cs.CC", "Computational Complexity"), ("arxiv:cs.CG", "Computational Geometry"),
    ("arxiv:math.CO", "Combinatorics"), ("arxiv:cs.DM", "Discrete Mathematics"),
)  # fmt: skip
PLACES = (
    "University of the Upper Valley", "Institute for Maps", "École des cartes", "Academy of Stations",
    "Terrain Laboratory", "National Museum of Summits and Passes",
)  # fmt: skip


def slice_of(works: int, people: int, topics: int, institutions: int, total: dict[str, int] | None = None) -> Slice:
    """A slice with so many nodes of each kind; `total` says how many there are, where more than shown."""
    shown = {"works": works, "people": people, "topics": topics, "institutions": institutions}
    nodes = [
        *(node("work", f"w{i}", work_title(i), works - i) for i in range(works)),
        *(node("person", f"p{i}", person_name(i), people - i) for i in range(people)),
        *(node("topic", TOPICS[i][0], TOPICS[i][1], topics - i) for i in range(topics)),
        *(node("institution", f"i{i}", PLACES[i], institutions - i) for i in range(institutions)),
    ]
    edges = [
        *(edge("authored", CENTRE, f"w{i}", 1.0, note=f"Author {1 + i % 4} of 5") for i in range(works)),
        *(edge("coauthor", CENTRE, f"p{i}", 1 / (1 + i), note="1 work together, 2024") for i in range(people)),
        *(edge("authored", f"p{i}", f"w{i % works}", 0.5) for i in range(people) if works),
        *(edge("about", f"w{i % works}", TOPICS[i][0], 0.5) for i in range(topics) if works),
        *(edge("affiliated", CENTRE, f"i{i}", 0.3, note="Named in 1 work") for i in range(institutions)),
    ]
    return Slice(
        centre=CENTRE,
        nodes=(Node(id=CENTRE, kind="person", label="The person"), *nodes),
        edges=tuple(edges),
        shown=shown,
        total={**shown, **(total or {})},
        as_of=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    )


def work_title(index: int) -> str:
    """A title; the first two are those of the sample works."""
    known = ("On the hardness of drawing maps under symmetries", "Implicit bias of linear mountain ranges")
    return known[index] if index < len(known) else f"Maps of valleys, part {index + 1}: what stations agree on"


def person_name(index: int) -> str:
    """A name, numbered where the list is too short."""
    return NAMES[index] if index < len(NAMES) else f"{NAMES[index % len(NAMES)]} {index}"


def node(kind: str, key: str, label: str, weight: float) -> Node:
    """A node."""
    slug = label.lower().replace(" ", "-") if kind == "person" else None
    return Node(id=key, kind=kind, label=label, slug=slug, weight=weight)


def edge(kind: str, source: str, target: str, weight: float, note: str | None = None) -> Edge:
    """An edge."""
    return Edge(id=f"{source}-{target}", source=source, target=target, kind=kind, weight=weight, note=note)


SMALL = slice_of(2, 6, 5, 0)
FULL = slice_of(12, 12, 8, 6, {"people": 40, "works": 200})
WIDE = slice_of(100, 100, 8, 6, {"people": 412, "works": 200})
