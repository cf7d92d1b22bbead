"""The slice around a person."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.graph.domain.institutions import institution_id, normalised
from services.graph.domain.person import Person
from services.graph.domain.slices.building import Label, build_slice
from services.graph.domain.slices.choosing import choose
from services.graph.domain.slices.model import Limits, Slice
from services.graph.domain.work import Work
from services.graph.views.works import WORKS
from shared.events.base import AuthorId, Event, WorkId
from shared.messaging.folding import Slot, fold
from tests.unit.graph.given import (
    BIAS,
    HANNAH,
    HARDNESS,
    START,
    arbitrary_events,
    credited,
    envelopes,
    imported,
    person_of,
    the_seed,
    the_works,
    topics,
)

MIT = "MIT EECS, Cambridge, MA"


def works_of(events: Sequence[Event]) -> dict[WorkId, Work]:
    folded = {one.subject: fold(WORKS, Slot(one.subject), [one]).slot.value for one in envelopes(*events)}
    return {WorkId(work_id): work for work_id, work in folded.items() if work}


def slice_of(person: Person, told: Sequence[Event] = (), **limits: int) -> Slice:
    bounds = Limits(**limits)
    labels = {AuthorId(one): Label(one.title(), f"slug-{one}") for one in (*HARDNESS, *BIAS)}
    return build_slice(person, choose(person, bounds), works_of(told), labels, bounds, START)


THE_SLICE = slice_of(person_of(*the_seed()), the_works())


def of_kind(around: Slice, kind: str) -> list[str]:
    return [node.label for node in around.nodes if node.kind == kind]


def note(around: Slice, source: str, target: str) -> str:
    return next(edge.note for edge in around.edges if (edge.source, edge.target) == (source, target))


def test_the_seeds_slice_holds_all_that_is_known() -> None:
    assert of_kind(THE_SLICE, "person") == ["Lawrence", "Kiani", "Jegelka", "Le", "Weber", "Dienes", "Georgiev"]
    assert of_kind(THE_SLICE, "work") == ["On hardness", "On bias"]
    assert len(of_kind(THE_SLICE, "topic")) == 5
    assert of_kind(THE_SLICE, "topic")[0] == "Machine Learning"
    assert (
        THE_SLICE.shown
        == THE_SLICE.total
        == {
            "works": 2,
            "people": 6,
            "topics": 5,
            "institutions": 0,
            "edges": 2 + 6 + 6 + 7,
        }
    )


def test_every_edge_says_why_it_is_there_and_by_which_works() -> None:
    assert note(THE_SLICE, HANNAH, "hardness") == "Third of 5 authors"
    assert note(THE_SLICE, "kiani", "bias") == "Fourth of 4 authors"
    assert note(THE_SLICE, HANNAH, "kiani") == "2 works together, the last in 2024"
    assert note(THE_SLICE, HANNAH, "dienes") == "1 work together, 2022"
    assert note(THE_SLICE, "bias", "arxiv:cs.AI") == "Listed by arXiv under Artificial Intelligence"
    together = next(edge for edge in THE_SLICE.edges if edge.target == "kiani")
    assert together.works == ("hardness", "bias")
    assert all(edge.works and edge.note for edge in THE_SLICE.edges)


def test_people_whose_own_document_is_not_there_yet_are_named_by_the_works() -> None:
    person = person_of(*the_seed())
    around = build_slice(person, choose(person, Limits()), {}, {}, Limits(), START)

    assert "Kiani" in of_kind(around, "person")
    assert [edge.kind for edge in around.edges].count("authored") == 2


def test_institutions_come_from_what_is_printed_beside_the_name() -> None:
    printed = credited(HANNAH, "w", [HANNAH, "kiani"], affiliations=(MIT, "  ", "mit eecs cambridge  ma"))
    around = slice_of(person_of(printed), [imported("w", [HANNAH, "kiani"], [MIT])])

    assert of_kind(around, "institution") == [MIT]
    assert note(around, HANNAH, institution_id(MIT) or "") == "Printed on 1 work, 2024"
    assert note(around, "kiani", institution_id(MIT) or "") == "Printed on 1 work, 2024"


def test_an_institution_is_known_by_its_name_without_case_accents_and_punctuation() -> None:
    assert normalised("The Université de Montréal (UdeM)") == "universite de montreal udem"
    assert institution_id("Universite de Montreal") == institution_id("Université de Montréal,")
    assert institution_id(" - ") is None


def test_a_retracted_work_is_marked_and_stands_last() -> None:
    around = slice_of(
        person_of(
            credited(HANNAH, "bad", [HANNAH], date(2024, 5, 1), status="retracted"),
            credited(HANNAH, "good", [HANNAH], date(2020, 5, 1)),
        )
    )

    assert [(node.label, node.status) for node in around.nodes if node.kind == "work"] == [
        ("On good", "current"),
        ("On bad", "retracted"),
    ]
    assert note(around, HANNAH, "bad") == "Only author; the work was retracted"


def hyper_productive(works: int) -> Person:
    return person_of(
        *(
            credited(
                HANNAH,
                f"w{n:04}",
                [HANNAH, f"a{n % 90}", f"a{n % 7}"],
                date(1980 + n % 40, 1 + n % 12, 1),
                topics=topics(f"arxiv:t{n % 30}", "arxiv:cs.LG"),
                affiliations=(f"Institute {n % 9}",),
            )
            for n in range(works)
        )
    )


def test_a_slice_keeps_its_quotas_and_says_what_it_left_out() -> None:
    person = hyper_productive(2_000)
    around = slice_of(person, [imported(f"w{n:04}", [HANNAH, f"a{n % 90}", f"a{n % 7}"]) for n in range(2_000)])

    assert {kind: around.shown[kind] for kind in ("works", "people", "institutions", "edges")} == {
        "works": 12,
        "people": 12,
        "institutions": 6,
        "edges": around.total["edges"],
    }
    assert around.shown["topics"] <= 8
    assert around.shown["edges"] <= 80
    assert around.total == {
        "works": 2000,
        "people": 90,
        "topics": 31,
        "institutions": 9,
        "edges": around.total["edges"],
    }
    assert all(len(edge.works) <= 12 for edge in around.edges)


def test_fewer_edges_than_there_are_leave_the_slice_in_one_piece() -> None:
    around = slice_of(person_of(*the_seed()), the_works(), edges=13)

    assert (around.shown["edges"], around.total["edges"]) == (13, 21)
    assert _in_one_piece(around)


def test_limits_are_kept_within_what_an_explorer_can_draw() -> None:
    most = {"works": 100, "people": 100, "topics": 60, "institutions": 39, "edges": 1000}

    assert sum(most.values()) - 1000 + 1 == 300
    assert Limits(**most).works == 100
    with pytest.raises(ValueError, match="less than or equal to 100"):
        Limits(works=101)


@given(st.data())
def test_the_same_record_gives_the_same_slice_whatever_came_first(data: st.DataObject) -> None:
    credits_of = [one for one in the_seed() if one.topic == "authors.v1"][1:]
    shuffled = data.draw(st.permutations(credits_of))

    assert slice_of(person_of(the_seed()[0], *shuffled), the_works()) == THE_SLICE


@given(arbitrary_events(), st.integers(0, 4), st.integers(0, 4))
def test_every_node_hangs_together_with_the_person(events: list[Event], works: int, people: int) -> None:
    around = slice_of(person_of(*events), works=works, people=people)
    ids = [node.id for node in around.nodes]

    assert len(ids) == len(set(ids))
    assert all(edge.source in ids and edge.target in ids for edge in around.edges)
    assert all(0 <= node.weight <= 1 for node in around.nodes)
    assert _in_one_piece(around)


def _in_one_piece(around: Slice) -> bool:
    reached, before = {str(around.centre)}, 0
    while len(reached) > before:
        before = len(reached)
        for edge in around.edges:
            if {edge.source, edge.target} & reached:
                reached |= {edge.source, edge.target}
    return reached == {node.id for node in around.nodes}
