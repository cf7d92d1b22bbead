"""Keys and slugs of names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.works.domain.names import free_slug, is_collective, name_key, search_words, slug_base


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bobak T. Kiani", "BOBAK T KIANI"),
        ("Jean-Pierre O'Neil", "Jean Pierre O’Neil"),
        ("Erdős Pál", "Erdo\u030bs Pa\u0301l"),
        ("Łukasz Żółw", "Lukasz Zolw"),
        ("The ATLAS Collaboration", "for the ATLAS collaboration"),
        ("Plato", "PLATO"),
    ],
)
def test_the_same_name_in_other_letters_has_the_same_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_names_with_and_without_a_middle_initial_are_kept_apart() -> None:
    assert name_key("Bobak T. Kiani") != name_key("Bobak Kiani")


def test_a_name_in_another_script_has_a_key_and_a_slug() -> None:
    assert name_key("Лев Ландау") == "lev landau"
    assert slug_base("王伟") != "author"


def test_a_person_is_no_collaboration() -> None:
    assert is_collective("LIGO Scientific Collaboration")
    assert not is_collective("Hannah Lawrence")
    assert not is_collective("Group")


def test_slugs_are_numbered_from_two() -> None:
    assert free_slug("a-b", set()) == "a-b"
    assert free_slug("a-b", {"a-b", "a-b-2"}) == "a-b-3"


@given(st.text(max_size=60))
def test_every_text_has_a_slug_and_words_that_search_can_use(name: str) -> None:
    slug = slug_base(name)
    assert slug
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert all(word.isascii() for word in search_words(name))
