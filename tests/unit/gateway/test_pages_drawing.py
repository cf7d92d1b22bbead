"""The drawing of the graph slice: the same on each visit, and readable whatever the labels."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from services.gateway.clients.graph import Edge, Node, Slice
from services.gateway.web.drawing import Drawing, draw
from services.gateway.web.neighbours import neighbourhood
from services.gateway.web.samples.around import FULL
from services.gateway.web.samples.preview import preview_app
from services.gateway.web.text_width import LABEL_LENGTH, fitted, text_width

LABELS = st.one_of(st.text(min_size=1, max_size=120), st.text("WM@%m漢字", min_size=1, max_size=60))
KINDS = ("work", "person", "topic", "institution")
Box = tuple[float, float, float, float]


@st.composite
def slices(draw_: st.DrawFn) -> Slice:
    """A slice of any size within the explorer's drawing, with any labels and edges."""
    sizes = draw_(st.tuples(*(st.integers(0, 30) for _ in KINDS)))
    nodes = [
        Node(id=f"{kind}:{i}", kind=kind, label=draw_(LABELS), weight=draw_(st.floats(0, 9)))
        for kind, size in zip(KINDS, sizes, strict=True)
        for i in range(size)
    ]
    ends = st.sampled_from(["person:centre", "person:unknown", *(node.id for node in nodes)])
    pairs = draw_(st.lists(st.tuples(ends, ends, st.floats(0, 3)), max_size=80))
    edges = [Edge(id=f"e{i}", source=a, target=b, kind="coauthor", weight=w) for i, (a, b, w) in enumerate(pairs)]
    return Slice(centre="person:centre", nodes=tuple(nodes), edges=tuple(edges))


def boxes(drawing: Drawing) -> list[Box]:
    return [drawing.centre_box, *(heading.box for heading in drawing.headings), *(mark.box for mark in drawing.marks)]


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@given(slices(), LABELS)
def test_labels_never_overlap_and_stay_in_the_picture(around: Slice, name: str) -> None:
    drawing = draw(neighbourhood(around), name)
    found = boxes(drawing)

    assert not [pair for pair in combinations(found, 2) if overlap(*pair)]
    assert all(
        left >= 0 and top >= 0 and right <= drawing.width and bottom <= drawing.height
        for left, top, right, bottom in found
    )


@given(slices())
def test_every_node_is_drawn_once_with_a_short_label(around: Slice) -> None:
    drawing = draw(neighbourhood(around), "A Name")

    assert sorted(mark.row.id for mark in drawing.marks) == sorted(node.id for node in around.nodes)
    assert all(len(mark.label) <= LABEL_LENGTH for mark in drawing.marks)


@given(slices())
def test_the_picture_does_not_depend_on_the_order_of_the_answer(around: Slice) -> None:
    turned = around.model_copy(update={"nodes": tuple(reversed(around.nodes))})

    assert draw(neighbourhood(turned), "A Name") == draw(neighbourhood(around), "A Name")


@given(LABELS, st.floats(40, 400))
def test_a_label_fits_its_room(text: str, room: float) -> None:
    label = fitted(text, 15, room)

    assert text_width(label, 15) <= room
    assert len(label) <= LABEL_LENGTH


def test_dots_of_one_sector_stay_in_their_quarter() -> None:
    drawing = draw(neighbourhood(FULL), "A Name")
    quarters = {mark.row.kind: (mark.x < drawing.centre_x, mark.y < drawing.centre_y) for mark in drawing.marks}

    assert quarters == {
        "work": (True, True),
        "person": (False, True),
        "topic": (True, False),
        "institution": (False, False),
    }


def test_an_edge_to_the_person_says_its_note_and_others_what_lies_between() -> None:
    rows = {row.id: row for sector in neighbourhood(FULL).sectors for row in sector.rows}

    assert rows["w0"].connection == "Author 1 of 5"
    assert rows["p0"].connection == "1 work together, 2024"
    assert rows["arxiv:cs.LG"].connection == "Topic of 1 work here"
    assert rows["arxiv:cs.LG"].href == "https://arxiv.org/list/cs.LG/recent"
    assert rows["w0"].href == "/works/w0"


def test_a_node_without_a_page_leads_to_its_row_in_the_table() -> None:
    pages = TestClient(preview_app(None))
    html = pages.get("/researchers/prolific").text

    assert html.count('href="#near-i0"') == 1
    assert html.count('id="near-i0"') == 1
