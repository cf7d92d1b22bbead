"""The search for works: by words of title, byline and topics, and by author, topic, year, source and kind."""

from collections.abc import Sequence

from pymongo import DESCENDING

from services.works.domain.names import search_words
from services.works.domain.record import Frozen
from services.works.queries.paging import from_cursor, to_cursor
from services.works.queries.works import WorkItem, items_of
from services.works.search.words import LAST, telling_words
from services.works.store.catalogue import Catalogue
from shared.errors import Invalid
from shared.mongo import Document, find_by_ids

MAX_QUERY_WORDS = 10
BEGINNING_FROM = 3
"""A shorter last word is taken as it is: too much begins with it."""
CANDIDATES = 1_000
"""So many works are ranked, the newest of those that match; a query that matches more should say more."""


class WorkQuery(Frozen):
    """What to search by; all of it must match."""

    q: str = ""
    author: str | None = None
    topic: str | None = None
    year: int | None = None
    source: str | None = None
    kind: str | None = None


class FoundWorks(Frozen):
    """Works, the best match first, the newest first among equals."""

    items: tuple[WorkItem, ...]
    next_cursor: str | None


async def search_works(catalogue: Catalogue, query: WorkQuery, cursor: str | None, limit: int) -> FoundWorks:
    """Works that match. Raises Invalid for a cursor of another list."""
    words = telling_words(query.q)[:MAX_QUERY_WORDS] or search_words(query.q)[:MAX_QUERY_WORDS]
    if query.q.strip() and not words:
        return FoundWorks(items=(), next_cursor=None)
    start = from_cursor(cursor, int)[0] if cursor else 0
    if not isinstance(start, int) or start < 0:
        raise Invalid("This cursor does not belong to this list; begin again without one.")
    found = catalogue.works.find(
        {"$and": [*_conditions(words), *_filters(query)]}, {"texts.title_text": 1, "published_on": 1, "tokens": 1}
    )
    ordered = found.sort([("published_on", DESCENDING), ("_id", DESCENDING)]).limit(CANDIDATES)
    matching = await ordered.to_list(None)
    matching.sort(key=lambda work: _rank(words, query.q, work))
    shown = [work["_id"] for work in matching[start : start + limit]]
    documents = {each["_id"]: each for each in await find_by_ids(catalogue.works, shown)}
    items = await items_of(catalogue, [documents[work_id] for work_id in shown if work_id in documents])
    more = len(matching) > start + limit
    return FoundWorks(items=tuple(items), next_cursor=to_cursor(start + limit) if more else None)


def _filters(query: WorkQuery) -> list[Document]:
    exact = {
        "byline.author_id": query.author,
        "topics.id": query.topic,
        "year": query.year,
        "source": query.source,
        "kind": query.kind,
    }
    return [{"merged_into": None}, *({name: value} for name, value in exact.items() if value is not None)]


def _conditions(words: Sequence[str]) -> list[Document]:
    """Every word as it is, the last one also as a beginning, for it may still be being typed; the longest, which is the
    rarest as a rule, first: servers begin with the first condition that has an index."""
    whole = words if not words or len(words[-1]) < BEGINNING_FROM else words[:-1]
    conditions: list[Document] = [{"tokens": word} for word in sorted(whole, key=len, reverse=True)]
    begun = words[len(whole) :]
    return [*conditions, *({"tokens": {"$elemMatch": {"$gte": word, "$lt": word + LAST}}} for word in begun)]


def _rank(words: Sequence[str], text: str, work: Document) -> tuple[bool, int]:
    """Titles with the very words in a row first, then those with most of the words in the title."""
    title = search_words(work["texts"]["title_text"])
    phrase = " ".join(search_words(text))
    return (not phrase or phrase not in " ".join(title), -sum(word in title for word in words))
