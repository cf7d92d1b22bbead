"""The search for people: by name as it is typed, with slips forgiven, by topic, and by institution."""

from collections.abc import Sequence

from pymongo import DESCENDING

from services.works.domain.names import search_words
from services.works.domain.record import Frozen
from services.works.queries.paging import from_cursor, to_cursor
from services.works.search.words import LAST, near_forms, telling_words, within_one
from services.works.store.catalogue import Catalogue
from shared.errors import Invalid
from shared.mongo import Document

MAX_QUERY_WORDS = 6
CANDIDATES = 500
"""So many people are ranked, those with most works first."""
_SHOWN = {"slug": 1, "name": 1, "works": 1, "words": 1}


class FoundAuthor(Frozen):
    """An author that a search found."""

    id: str
    slug: str
    name: str
    works: int


class AuthorPage(Frozen):
    """Authors, the best match first; `corrected` where no name was spelled like the query."""

    items: tuple[FoundAuthor, ...]
    next_cursor: str | None
    corrected: bool = False


async def search_people(
    catalogue: Catalogue, text: str, topic: str | None, institution: str | None, cursor: str | None, limit: int
) -> AuthorPage:
    """People whose name has each word of the text, or begins with it; all of them for no text. Where there is none,
    people whose name is within one slip of each word. Raises Invalid for a cursor of another list."""
    words = search_words(text)[:MAX_QUERY_WORDS]
    if text.strip() and not words:
        return AuthorPage(items=(), next_cursor=None)
    start = _start(cursor)
    filters = _filters(topic, institution)
    found = await _find(catalogue, [*filters, *(_begins(word) for word in words)])
    corrected = False
    if not found and words:
        near = await _find(catalogue, [*filters, *({"near": {"$in": near_forms([word])}} for word in words)])
        found = [each for each in near if _is_near(words, each["words"])]
        corrected = bool(found)
    found.sort(key=lambda each: _rank(words, each))
    shown = found[start : start + limit]
    items = (FoundAuthor(id=each["_id"], slug=each["slug"], name=each["name"], works=each["works"]) for each in shown)
    more = len(found) > start + limit
    return AuthorPage(items=tuple(items), next_cursor=to_cursor(start + limit) if more else None, corrected=corrected)


def _start(cursor: str | None) -> int:
    place = from_cursor(cursor, int)[0] if cursor else 0
    if not isinstance(place, int) or place < 0:
        raise Invalid("This cursor does not belong to this list; begin again without one.")
    return place


def _filters(topic: str | None, institution: str | None) -> list[Document]:
    filters: list[Document] = [{"into": None}]
    if topic:
        filters.append({"topics.id": topic})
    places = telling_words(institution or "")[:MAX_QUERY_WORDS]
    if institution and not places:
        raise Invalid("The institution has no word to search by.")
    return [*filters, *({"places": place} for place in places)]


def _begins(word: str) -> Document:
    return {"words": {"$elemMatch": {"$gte": word, "$lt": word + LAST}}}


async def _find(catalogue: Catalogue, conditions: Sequence[Document]) -> list[Document]:
    found = catalogue.authors.find({"$and": list(conditions)}, _SHOWN)
    return await found.sort([("works", DESCENDING), ("key", 1)]).limit(CANDIDATES).to_list(None)


def _is_near(words: Sequence[str], name: Sequence[str]) -> bool:
    return all(any(within_one(word, other) or other.startswith(word) for other in name) for word in words)


def _rank(words: Sequence[str], person: Document) -> tuple[bool, int, int, str]:
    """The whole name first, then whole words, then most works."""
    whole = set(words) == set(person["words"])
    return (not whole, -sum(word in person["words"] for word in words), -person["works"], person["name"])
