"""Names of people taken apart and compared: initials, particles, suffixes, order, spelling."""

from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from services.works.domain.names import is_collective, name_key, search_words

PARTICLES = frozenset(
    (
        "al", "ap", "ben", "bin", "da", "das", "de", "dei", "del", "della", "den", "der", "di", "dos", "du",
        "e", "el", "la", "las", "le", "los", "st", "ten", "ter", "van", "vande", "vander", "vom", "von", "y",
        "zu", "zum", "zur",
    )
)  # fmt: skip
SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv", "phd", "md"])
MAX_BLOCKS = 4
NEAR_LETTERS = 3
"""A given name that begins with so many letters of another one, "Steve" and "Steven", is near it."""
_SOUNDS = (("oe", "o"), ("ae", "a"), ("ue", "u"), ("ss", "s"))


class Name(NamedTuple):
    """Given and family names as plain lower-case words; particles and suffixes are in neither."""

    given: tuple[str, ...]
    family: tuple[str, ...]

    @property
    def initials(self) -> str:
        """The first letters of the given names."""
        return "".join(word[0] for word in self.given)


class Likeness(IntEnum):
    """How two names fit each other, the closest last."""

    CONTRADICTORY = 0
    INITIAL = 1
    """One has an initial, or nothing, where the other has a given name."""
    NEAR = 2
    """A short form or another spelling of the given name."""
    SAME = 3
    """The same first given name; one may have a further one, or its initial."""
    WHOLE = 4
    """All given names are the same, and there are at least two, or none is an initial."""


@lru_cache(maxsize=65536)
def parse_name(name: str, given: str | None = None, family: str | None = None) -> Name:
    """The name's parts: as the source gives them, else by the comma in it; else the last word, with what a hyphen
    ties to it, is the family name."""
    if not (given or family) and "," in name:
        family, _, given = name.partition(",")
    if family and (words := _family(family)):
        return Name(_words(given or ""), words)
    words = _words(name) or tuple(search_words(name))
    if not words or is_collective(name):
        return Name((), (name_key(name) or name,))
    last = _words(name.rsplit(maxsplit=1)[-1]) if len(name.split()) > 1 else ()
    surname = last if 0 < len(last) < len(words) and words[-len(last) :] == last else words[-1:]
    return Name(words[: -len(surname)], surname)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in search_words(_apart(text)) if word not in SUFFIXES | PARTICLES)


def _family(text: str) -> tuple[str, ...]:
    words = search_words(text)
    plain = tuple(word for word in words if word not in SUFFIXES | PARTICLES)
    return plain or tuple(words)


def _apart(text: str) -> str:
    """Initials written together, "J.P.", apart."""
    return text.replace(".", ". ")


@lru_cache(maxsize=262144)
def likeness(one: Name, other: Name) -> Likeness:
    """How well the names fit, in the order given or with given and family name swapped in one of them."""
    straight = _likeness(one, other)
    if straight or not (_may_swap(one) or _may_swap(other)):
        return straight
    swapped = Name(one.family, one.given) if _may_swap(one) else one
    turned = _likeness(swapped, other)
    return min(turned, Likeness.SAME) if turned >= Likeness.SAME else Likeness.CONTRADICTORY


def _may_swap(name: Name) -> bool:
    """Whether the name may be written family name first: one word and one or two, and no initial among them."""
    parts = sorted((len(name.given), len(name.family)))
    return parts in ([1, 1], [1, 2]) and all(len(word) > 1 for word in (*name.given, *name.family))


def _likeness(one: Name, other: Name) -> Likeness:
    if not _same_family(one.family, other.family):
        return Likeness.CONTRADICTORY
    return _given(one.given, other.given)


def _same_family(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """The same words, written together or apart; or of a double name the first or the last alone."""
    left, right = _plain("".join(one)), _plain("".join(other))
    if left == right:
        return True
    if len(one) == len(other):
        return False
    short, long = sorted((one, other), key=len)
    return len(short) == 1 and len(short[0]) > 2 and _plain(short[0]) in {_plain(long[0]), _plain(long[-1])}


def _given(one: tuple[str, ...], other: tuple[str, ...]) -> Likeness:
    if not one or not other:
        return Likeness.INITIAL
    left, right = _plain("".join(one)), _plain("".join(other))
    if left == right:
        whole = max(len(one), len(other)) > 1 or len(left) > 1
        return Likeness.WHOLE if whole and len(left) > max(len(one), len(other)) else Likeness.INITIAL
    worst = Likeness.WHOLE
    for first, second in zip(one, other, strict=False):
        worst = min(worst, _word(first, second))
    if worst == Likeness.WHOLE:
        return Likeness.SAME
    if worst == Likeness.INITIAL and _joined_initials(one, other):
        return Likeness.INITIAL
    if worst == Likeness.INITIAL and _word(one[0], other[0]) == Likeness.WHOLE:
        return Likeness.SAME
    return worst


def _joined_initials(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return len(one[0]) == 1 or len(other[0]) == 1


def _word(one: str, other: str) -> Likeness:
    if _plain(one) == _plain(other):
        return Likeness.WHOLE if len(one) > 1 else Likeness.INITIAL
    if len(one) == 1 or len(other) == 1:
        return Likeness.INITIAL if one[0] == other[0] else Likeness.CONTRADICTORY
    short, long = sorted((one, other), key=len)
    near = len(short) >= NEAR_LETTERS and long.startswith(short[: max(NEAR_LETTERS, len(short) - 1)])
    return Likeness.NEAR if near else Likeness.CONTRADICTORY


@lru_cache(maxsize=65536)
def _plain(word: str) -> str:
    """The word with what spellings differ in made one: ö and oe, ß and ss."""
    for written, meant in _SOUNDS:
        word = word.replace(written, meant)
    return word


def block_keys(name: str, given: str | None = None, family: str | None = None) -> tuple[str, ...]:
    """Keys of which records that can be of one person share at least one: a family name with the first initial."""
    return blocks_of(parse_name(name, given, family))


@lru_cache(maxsize=65536)
def blocks_of(parts: Name) -> tuple[str, ...]:
    """The block keys of a name that was taken apart."""
    initial = parts.initials[:1]
    keys = [f"{_plain(''.join(parts.family))} {initial}"]
    if len(parts.family) > 1:
        keys += [f"{_plain(word)} {initial}" for word in (parts.family[0], parts.family[-1])]
    if _may_swap(parts):
        keys.append(f"{_plain(''.join(parts.given))} {parts.family[0][0]}")
    return tuple(dict.fromkeys(key for key in keys if key.strip()))[:MAX_BLOCKS]
