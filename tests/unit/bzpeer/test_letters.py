"""Ids of dead letters as people type them, and letters in words."""

from hypothesis import given
from hypothesis import strategies as st

from bzpeer.letters import shortened
from bzpeer.saying import printable, printable_lines, span


@given(st.sets(st.text("ab", min_size=1, max_size=12)))
def test_a_shortened_id_begins_no_other_id(ids: set[str]) -> None:
    for each, short in shortened(ids).items():
        assert each.startswith(short)
        assert short == each or [other for other in ids if other.startswith(short)] == [each]


def test_an_id_is_shortened_to_eight_characters_when_that_is_enough() -> None:
    assert shortened(["0123456789", "9876543210"]) == {"0123456789": "01234567", "9876543210": "98765432"}
    assert shortened(["0123456789ab", "0123456789cd"])["0123456789ab"] == "0123456789a"
    assert shortened(["short"]) == {"short": "short"}


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_said(text: str) -> None:
    assert printable(text).isprintable()
    assert all(line.isprintable() for line in printable_lines(text))


def test_words_keep_their_distance() -> None:
    assert printable("one\ntwo\tthree  four\x1b[2J") == "one two three  four[2J"
    assert printable_lines("one\n\ttwo") == ["one", "    two"]


def test_time_is_told_in_fitting_units() -> None:
    assert [span(each) for each in (0.04, 59.9, 90, 5400, 200_000)] == ["0.0 s", "59.9 s", "1.5 min", "1.5 h", "2.3 d"]
