"""Names of authors: the key by which the same name is recognised, search words, and slugs."""

import re
import unicodedata
from collections.abc import Container

from anyascii import anyascii
from slugify import slugify

MAX_SLUG = 80
_APOSTROPHES = re.compile(r"['`´‘’ʼ]")
_WORDS = re.compile(r"[a-z0-9]+")
_NUMBERS = re.compile(r"(?:-[0-9]+)+$")
_COLLECTIVE = frozenset(
    {"collaboration", "collaborations", "consortium", "team", "group", "project", "network", "initiative"}
)
_LEAD_IN = ("on behalf of the ", "on behalf of ", "for the ", "the ")


def name_key(name: str) -> str:
    """The same for one name in other letters: case, accents, punctuation, script and white space do not count.

    "Bobak T. Kiani" and "BOBAK T KIANI" share a key; "Bobak Kiani" has another one, for it may be another person.
    A collaboration has one key with and without "for the" before it.
    """
    words = " ".join(search_words(name))
    if not words:
        return unicodedata.normalize("NFKC", name).casefold().strip()
    if is_collective(name):
        for lead_in in _LEAD_IN:
            words = words.removeprefix(lead_in)
    return words


def search_words(text: str) -> list[str]:
    """The text's words in plain lower-case Latin letters and digits, as the search for people compares them."""
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", text))
    return _WORDS.findall(anyascii(plain).lower())


def is_collective(name: str) -> bool:
    """Whether the name is that of a collaboration and not of a person."""
    words = search_words(name)
    return len(words) > 1 and not _COLLECTIVE.isdisjoint(words)


def slug_base(name: str) -> str:
    """The slug of the name before it is made unique, such as "hannah-lawrence"."""
    plain = anyascii(_APOSTROPHES.sub("", name))
    return slugify(plain, max_length=MAX_SLUG, word_boundary=True) or "author"


def slug_stem(slug: str) -> str:
    """What all slugs share that can be one another's with a number: "wei-zhang" of "wei-zhang-2"."""
    return _NUMBERS.sub("", slug)


def free_slug(base: str, taken: Container[str]) -> str:
    """The base itself where it is free, else with the first number from 2 on that makes it so."""
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"
