"""How groups are held against people, and the labelled sets."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bzpeer.bench.identity.labelled import Labelled, read_sets
from bzpeer.bench.identity.measures import b_cubed, pairwise
from bzpeer.bench.identity.running import ARRIVING, measure
from services.works.domain.resolution.evidence import Signature

labels = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=20)


def test_figures_of_a_case_counted_by_hand() -> None:
    people, groups = list("aaabb"), list("xxyyy")
    assert pairwise(people, groups) == pytest.approx((2 / 4, 2 / 4))
    assert b_cubed(people, groups) == pytest.approx(
        ((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3) / 5, (2 / 3 + 2 / 3 + 1 / 3 + 2) / 5)
    )


@given(labels)
def test_what_is_grouped_as_it_is_has_all_figures_at_one(pairs: list[tuple[int, int]]) -> None:
    people = [person for person, _ in pairs]
    assert pairwise(people, people) == b_cubed(people, people) == (1.0, 1.0)


@given(labels)
def test_one_group_loses_no_recall_and_single_ones_no_precision(pairs: list[tuple[int, int]]) -> None:
    people = [person for person, _ in pairs]
    assert b_cubed(people, [0] * len(people)).recall == pytest.approx(1.0)
    assert b_cubed(people, list(range(len(people)))).precision == pytest.approx(1.0)


def labelled(name: str, person: str, place: int, *coauthors: str) -> Labelled:
    signature = Signature(name=name, coauthors=coauthors, year=2020, work_id=str(place))
    return Labelled(signature, person, (place, ""))


def test_every_way_is_measured_and_the_model_by_facet() -> None:
    some = [
        labelled("Wei Wang", "a", 1, "bo x"),
        labelled("Wei Wang", "b", 2, "cy y"),
        labelled("Wei Wang", "a", 3, "bo x"),
    ]
    rows = list(measure("made up", some))
    by_way = {row.way: row for row in rows if row.facet == "all"}
    assert by_way[ARRIVING].b_cubed.precision == 1.0
    assert by_way["same full name"].b_cubed.precision < 1.0
    assert {row.facet for row in rows if row.way == ARRIVING} >= {"all", "name: common in East Asia", "works: 1"}


def test_the_sets_are_read_and_split_by_block(data_dir: Path) -> None:
    sets = read_sets(data_dir)
    assert {name: len(every) for name, every in sets.items()} == {"INSPIRE": 9_369, "Qian": 3_950, "ACL": 23_209}
    for every in sets.values():
        halves = [{each.block for each in every if each.is_fitted is fitted} for fitted in (True, False)]
        assert not halves[0] & halves[1]


def test_on_real_names_the_model_is_more_precise_than_names_alone(data_dir: Path) -> None:
    held_out = [each for each in read_sets(data_dir)["Qian"] if not each.is_fitted]
    rows = {row.way: row.b_cubed for row in measure("Qian", held_out) if row.facet == "all"}
    assert rows[ARRIVING].precision > 0.9
    assert rows[ARRIVING].f1 > rows["same full name"].f1
