"""When two records are the same work: shared identifiers, then title, first author and year; and what vetoes it.

The rules in words, with the figures they were chosen by, are in docs/one-work.md.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from services.works.domain.aligning import compatible
from services.works.domain.names import name_key, search_words
from services.works.domain.record import SourceRecord

ALIKE = 0.93
"""Titles at least so similar (normalised Indel similarity, 0 to 1) can be one title."""
YEARS_APART = 3
"""A preprint and its publication lie at most so far apart."""
FEWEST_WORDS = 3
FEWEST_LETTERS = 16
"""A shorter title ("Editorial", "Introduction") says too little."""
SHARED_AUTHORS = 0.5
"""The least share of the shorter byline's names that the longer one has too."""
UNLIKE = 0.6
"""A shared DOI joins no works with titles less similar than this and other first authors: it is a book's."""

_PREPRINT_DOI = re.compile(
    r"^doi:10\.(?:48550/arxiv\.|1101/|21203/|5281/|6084/|31219/|31234/|31235/|2139/|26434/|20944/|22541/|14293/)"
)
"""Prefixes of repositories, whose DOI names a deposit; the article has another one."""
_OWN = frozenset({"arxiv", "acl", "pmid", "pmlr", "mlanthology", "doi"})
"""Schemes that give one work one identifier, so that two of them are two works."""
_SURE = frozenset({"arxiv", "acl", "pmid"})
_MARKUP = re.compile(r"<[^<>]{1,100}>|[${}\\]")
_STOP = frozenset(
    ["a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "is", "of", "on", "or", "the", "to", "using"]
)
_NUMBERED = re.compile(r"[0-9]+|[ivx]{1,4}")
_WORDS_IN_KEY = 3


class Looks(NamedTuple):
    """What a work is recognised by beside its identifiers."""

    title: str
    names: tuple[str, ...]
    year: int


def looks_of(title: str, names: Iterable[str], year: int) -> Looks:
    """A title as words in plain lower-case letters, the byline as name keys, and the year of publication."""
    return Looks(" ".join(search_words(_MARKUP.sub("", title))), tuple(map(name_key, names)), year)


def looks_of_record(record: SourceRecord) -> Looks:
    """What the record's work is recognised by."""
    return looks_of(record.title, (author.name for author in record.authors), record.published_at.year)


def match_keys(looks: Looks) -> tuple[str, ...]:
    """Two keys, of which works with alike titles and the same first author share at least one; none for a short title.

    A key has the family name, the first, or the last, words of the title that say something, and its numbers.
    """
    words = [word for word in looks.title.split() if word not in _STOP]
    if len(words) < FEWEST_WORDS or len(looks.title) < FEWEST_LETTERS or not looks.names:
        return ()
    family = max(looks.names[0].split(), key=len, default="")
    ends = (" ".join(words[:_WORDS_IN_KEY]), " ".join(words[-_WORDS_IN_KEY:]))
    numbers = " ".join(_numbers(looks.title))
    return tuple(f"{side}:{family}:{end}:{numbers}" for side, end in zip("<>", ends, strict=True))


def is_same_work(one: Looks, other: Looks) -> bool:
    """Whether titles, first authors and years say that two works without a common identifier are one."""
    return (
        abs(one.year - other.year) <= YEARS_APART
        and bool(one.names and other.names)
        and compatible(one.names[0], other.names[0])
        and _numbers(one.title) == _numbers(other.title)
        and fuzz.ratio(one.title, other.title) >= ALIKE * 100
        and _shared(one.names, other.names) >= SHARED_AUTHORS
    )


def contradict(some: Sequence[str], others: Sequence[str], *, schemes: frozenset[str] = _SURE) -> bool:
    """Whether both have identifiers of one of the schemes and none in common: then they are two works."""
    left, right = _by_scheme(some, schemes), _by_scheme(others, schemes)
    return any(left[scheme].isdisjoint(right[scheme]) for scheme in left.keys() & right.keys())


def contradict_as_lookalikes(some: Sequence[str], others: Sequence[str]) -> bool:
    """The stricter veto for works that no identifier joins."""
    return contradict(some, others, schemes=_OWN)


def shares_a_book_only(one: Looks, other: Looks) -> bool:
    """Whether works with a common DOI are so unlike that it must be the DOI of what both stand in."""
    return (
        fuzz.ratio(one.title, other.title) < UNLIKE * 100
        and bool(one.names and other.names)
        and not compatible(one.names[0], other.names[0])
    )


def _by_scheme(identifiers: Sequence[str], schemes: frozenset[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for identifier in identifiers:
        scheme = identifier.split(":", 1)[0]
        if scheme in schemes and not _PREPRINT_DOI.match(identifier):
            found.setdefault(scheme, set()).add(identifier)
    return found


def _numbers(title: str) -> list[str]:
    """The numbers in a title, in which parts of a series differ."""
    return [word for word in title.split()[1:] if _NUMBERED.fullmatch(word)]


def _shared(some: Sequence[str], others: Sequence[str]) -> float:
    """The share of the shorter byline whose family names the longer one has, of the first fifty names."""
    left, right = sorted((_families(some), _families(others)), key=len)
    return len(left & right) / len(left) if left else 0.0


def _families(names: Sequence[str]) -> set[str]:
    return {max(name.split(), key=len) for name in names[:50] if name.split()}
