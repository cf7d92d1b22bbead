"""Words near each other."""

from hypothesis import given
from hypothesis import strategies as st

from services.works.search.words import near_forms, within_one

words = st.text("abcd", min_size=4, max_size=9)


@given(words, words)
def test_words_within_one_slip_share_a_form(one: str, other: str) -> None:
    if within_one(one, other):
        assert set(near_forms([one])) & set(near_forms([other]))
    assert within_one(one, other) == within_one(other, one)


@given(words, st.integers(0, 8), st.sampled_from("abcd"))
def test_every_slip_is_one(word: str, place: int, letter: str) -> None:
    place %= len(word)
    slips = [word[:place] + word[place + 1 :], word[:place] + letter + word[place:]]
    slips += [word[:place] + letter + word[place + 1 :]]
    slips += [word[:place] + word[place + 1 : place + 2] + word[place] + word[place + 2 :]]
    assert all(within_one(word, slip) for slip in slips)


def test_two_slips_are_too_many() -> None:
    assert not within_one("lawrence", "lawrnc")
    assert not within_one("wang", "wong2")
