"""The words by which works and people are found, and those near them by one slip of the hand."""

from collections.abc import Iterable

from services.works.domain.model import Author, Work
from services.works.domain.names import search_words

MAX_WORDS = 60
"""Words of one work, or of one person's places, that the index keeps."""
TYPO_FROM = 4
"""Shorter words are found as they are written, or not at all."""
_STOP = frozenset(["a", "an", "and", "as", "at", "by", "for", "in", "is", "of", "on", "or", "the", "to", "with", "we"])
LAST = "\uffff"


def words_of_work(work: Work) -> list[str]:
    """Words of the title, of the names on the byline, and of the topics."""
    texts = [work.texts.title_text, *(entry.name for entry in work.byline[:20]), *(each.label for each in work.topics)]
    return telling_words(" ".join(texts))[:MAX_WORDS]


def places_of(author: Author) -> list[str]:
    """Words of the author's affiliations."""
    return telling_words(" ".join(place.label for place in author.affiliations))[:MAX_WORDS]


def telling_words(text: str) -> list[str]:
    """The words that say something, each once."""
    return [word for word in dict.fromkeys(search_words(text)) if word not in _STOP]


def near_forms(words: Iterable[str]) -> list[str]:
    """The words, and each with one letter left out: two words within one slip of each other share such a form
    (the symmetric deletes of SymSpell)."""
    forms: dict[str, None] = {}
    for word in words:
        forms[word] = None
        if len(word) >= TYPO_FROM:
            forms.update(dict.fromkeys(word[:place] + word[place + 1 :] for place in range(len(word))))
    return list(forms)


def within_one(one: str, other: str) -> bool:
    """Whether one letter more, less, other or swapped with its neighbour makes one word the other."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    place = next((n for n, letter in enumerate(short) if letter != long[n]), len(short))
    if len(short) < len(long):
        return short[place:] == long[place + 1 :]
    swapped = short[place : place + 2] == long[place : place + 2][::-1] and short[place + 2 :] == long[place + 2 :]
    return swapped or short[place + 1 :] == long[place + 1 :]
