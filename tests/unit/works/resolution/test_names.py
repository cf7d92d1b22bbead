"""Names taken apart and compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.works.domain.resolution.names import Likeness, block_keys, likeness, parse_name

names = st.text(alphabet="abc ÄØ-.,'王 JrII", max_size=14) | st.text(max_size=12)


@pytest.mark.parametrize(
    ("one", "other", "fit"),
    [
        ("Hannah Lawrence", "Lawrence, Hannah", Likeness.WHOLE),
        ("Hannah Lawrence", "H. Lawrence", Likeness.INITIAL),
        ("Hannah Lawrence", "Hannah M. Lawrence", Likeness.SAME),
        ("Hannah Lawrence", "Helen Lawrence", Likeness.CONTRADICTORY),
        ("Hannah Lawrence", "Hannah Laurens", Likeness.CONTRADICTORY),
        ("Lei Wang", "Wang Lei", Likeness.SAME),
        ("Xiao-Ming Li", "Xiaoming Li", Likeness.WHOLE),
        ("Kurt Gödel", "Kurt Goedel", Likeness.WHOLE),
        ("Søren Kierkegaard", "Soren Kierkegaard", Likeness.WHOLE),
        ("Ludwig van Beethoven", "Beethoven, L.", Likeness.INITIAL),
        ("Steve Abney", "Steven Abney", Likeness.NEAR),
        ("Gabriel García Márquez", "G. García Márquez", Likeness.INITIAL),
        ("Jean-Pierre Serre", "J.-P. Serre", Likeness.INITIAL),
        ("Martin Luther King Jr.", "Martin Luther King", Likeness.WHOLE),
        ("Kim Min-Soo", "Min-Soo Kim", Likeness.SAME),
        ("ATLAS Collaboration", "CMS Collaboration", Likeness.CONTRADICTORY),
    ],
)
def test_forms_of_a_name_are_told_from_other_names(one: str, other: str, fit: Likeness) -> None:
    assert likeness(parse_name(one), parse_name(other)) is fit


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hannah Lawrence", "Lawrence, H."),
        ("Lei Wang", "Wang Lei"),
        ("Søren Kierkegaard", "S. Kierkegaard"),
        ("Ludwig van Beethoven", "L. Beethoven"),
        ("Kurt Gödel", "K. Goedel"),
    ],
)
def test_forms_of_a_name_share_a_block(one: str, other: str) -> None:
    assert set(block_keys(one)) & set(block_keys(other))


@given(names, names)
def test_any_two_names_are_compared_the_same_both_ways(one: str, other: str) -> None:
    left, right = parse_name(one), parse_name(other)
    assert likeness(left, right) == likeness(right, left)
    assert likeness(left, left) > Likeness.CONTRADICTORY
    assert len(block_keys(one)) <= 4


@given(names, st.none() | names, st.none() | names)
def test_any_name_has_parts_and_blocks(name: str, given_: str | None, family: str | None) -> None:
    assert parse_name(name, given_, family).family
    block_keys(name, given_, family)
