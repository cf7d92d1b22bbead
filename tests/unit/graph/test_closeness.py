"""Coauthor strength and close collaborators."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.graph.domain.closeness import NAMED, close_collaborators, close_set, ties
from services.graph.views.people import settle
from shared.events.base import AuthorId
from shared.messaging.folding import Moment
from tests.unit.graph.given import HANNAH, START, credited, person_of, the_seed, uncredited

NOW = Moment(START, "cause")


def close_of(**strengths: float) -> list[str]:
    return list(close_set({AuthorId(name): strength for name, strength in strengths.items()}, {}))


def test_the_seeds_close_collaborators_are_these_four() -> None:
    close, total = close_collaborators(person_of(*the_seed()))

    assert [one.name for one in close] == ["Kiani", "Jegelka", "Le", "Weber"]
    assert total == 6
    assert close[0].works == 2
    assert sum(one.share for one in close) == pytest.approx(0.75, abs=0.01)


def test_strength_is_newmans_weight_faded_by_three_years() -> None:
    byline = [HANNAH, "a", "b"]
    person = person_of(
        credited(HANNAH, "new", byline, date(2024, 1, 1)), credited(HANNAH, "old", byline, date(2021, 1, 1))
    )

    assert ties(person)[AuthorId("a")].strength == pytest.approx(0.5 + 0.25, rel=1e-3)


def test_exactly_two_thirds_are_enough_whatever_floats_say() -> None:
    third = 0.1 + 0.2
    strengths = {"a": 1.0, "b": third / 3, "c": 0.1, "d": 0.3}

    assert sum(strengths.values()) != 1.5
    assert close_of(**strengths) == ["a"]


def test_strengths_that_differ_only_by_rounding_are_a_tie() -> None:
    assert close_of(a=0.3, b=0.1 + 0.2, c=0.3) == ["a", "b", "c"]


def test_ties_are_kept() -> None:
    assert close_of(a=1.0, b=1.0, c=1.0, d=1.0) == ["a", "b", "c", "d"]
    assert close_of(a=3.0, b=1.0, c=1.0) == ["a", "b", "c"]


def test_at_most_twelve_are_named() -> None:
    assert len(close_of(**{f"a{n:02}": 1.0 for n in range(40)})) == NAMED


def test_an_author_without_coauthors_has_no_collaborators() -> None:
    assert close_collaborators(person_of(credited(HANNAH, "alone", [HANNAH]))) == ((), 0)


def test_a_work_of_more_than_fifty_authors_ties_nobody() -> None:
    crowd = [HANNAH, *(f"author-{n}" for n in range(999))]
    person = person_of(credited(HANNAH, "crowd", crowd), credited(HANNAH, "small", [HANNAH, "a"]))

    assert [one.name for one in close_collaborators(person)[0]] == ["A"]
    assert person.credits[credited(HANNAH, "crowd", crowd).work_id].coauthors == ()
    assert person.names == {"a": "A"}


def test_a_work_of_fifty_authors_ties_all_of_them() -> None:
    fifty = [HANNAH, *(f"author-{n:02}" for n in range(49))]

    assert close_collaborators(person_of(credited(HANNAH, "fifty", fifty)))[1] == 49


def test_the_set_does_not_change_because_time_passes() -> None:
    bylines = {"w1": [HANNAH, "a", "b"], "w2": [HANNAH, "b", "c", "d"], "w3": [HANNAH, "e"]}
    near = [credited(HANNAH, w, by, date(2020 + n, 1, 1)) for n, (w, by) in enumerate(bylines.items())]
    far = [credited(HANNAH, w, by, date(1920 + n, 1, 1)) for n, (w, by) in enumerate(bylines.items())]

    assert [one.author_id for one in close_collaborators(person_of(*near))[0]] == [
        one.author_id for one in close_collaborators(person_of(*far))[0]
    ]


@given(st.dictionaries(st.sampled_from("abcdefghijk"), st.integers(1, 50), min_size=1))
def test_the_close_set_is_the_smallest_with_two_thirds_and_splits_no_tie(strengths: dict[str, int]) -> None:
    close = close_of(**{name: strength / 7 for name, strength in strengths.items()})
    held = sum(strengths[name] for name in close)
    weakest = min(strengths[name] for name in close)
    stronger = [strengths[name] for name in close if strengths[name] > weakest]

    assert 3 * held >= 2 * sum(strengths.values())
    assert 3 * sum(stronger) < 2 * sum(strengths.values())
    assert all(strengths[name] < weakest for name in strengths.keys() - set(close))


def test_collaborators_changed_is_said_once() -> None:
    person, first = settle(person_of(*the_seed()), NOW)
    _, again = settle(person, NOW)

    assert [{one.name for one in event.close} for event in first] == [{"Kiani", "Le", "Jegelka", "Weber"}]
    assert first[0].collaborators == 6
    assert again == ()


def test_a_work_that_changes_strengths_but_neither_set_nor_number_is_not_announced() -> None:
    person, _ = settle(person_of(*the_seed()), NOW)
    older = person_of(*the_seed(), credited(HANNAH, "third", [HANNAH, "kiani"], date(2010, 1, 1)))

    after, events = settle(older.model_copy(update={"close": person.close, "collaborators": 6}), NOW)

    assert events == ()
    assert after.close[0].works == 3


def test_losing_a_work_is_announced() -> None:
    person, _ = settle(person_of(*the_seed()), NOW)
    fewer = person_of(*the_seed(), uncredited(HANNAH, "hardness"))

    _, events = settle(fewer.model_copy(update={"close": person.close, "collaborators": 6}), NOW)

    assert [({one.name for one in event.close}, event.collaborators) for event in events] == [
        ({"Dienes", "Georgiev", "Kiani"}, 3)
    ]
