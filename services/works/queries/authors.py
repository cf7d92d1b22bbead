"""Author records as pages show them, and the search for them by name."""

from datetime import datetime

from pymongo import ASCENDING, DESCENDING

from services.works.domain.model import Author
from services.works.domain.names import search_words
from services.works.domain.record import Frozen
from services.works.queries.paging import from_cursor, to_cursor
from services.works.store.catalogue import Catalogue
from services.works.store.documents import from_document
from shared.errors import NotFound
from shared.events.works import Topic
from shared.mongo import Document

MAX_WORDS = 6
_LAST = "\uffff"


class AuthorRef(Frozen):
    """An author record by id, with the slug and name it has now."""

    id: str
    slug: str
    name: str


class Counts(Frozen):
    """Figures of one author record."""

    works: int
    topics: int


class AuthorFacts(AuthorRef):
    """What the works say about their author. Topics and affiliations: those of most works first."""

    orcid: str | None = None
    affiliations: tuple[str, ...]
    counts: Counts
    topics: tuple[Topic, ...]
    as_of: datetime


class FoundAuthor(AuthorRef):
    """An author that a search found."""

    works: int


class AuthorPage(Frozen):
    """Authors, those with most works first."""

    items: tuple[FoundAuthor, ...]
    next_cursor: str | None


async def resolve_author(catalogue: Catalogue, id_or_slug: str) -> AuthorRef:
    """The author record of that id or slug. Raises NotFound."""
    author = await _find(catalogue, {"$or": [{"_id": id_or_slug}, {"slug": id_or_slug}]})
    return AuthorRef(id=author.id, slug=author.slug, name=author.name)


async def get_author(catalogue: Catalogue, author_id: str) -> AuthorFacts:
    """What is known of the author. Raises NotFound."""
    author = await _find(catalogue, {"_id": author_id})
    topics = sorted(author.topics, key=lambda counted: -counted.works)
    affiliations = sorted(author.affiliations, key=lambda counted: -counted.works)
    return AuthorFacts(
        id=author.id,
        slug=author.slug,
        name=author.name,
        affiliations=tuple(counted.label for counted in affiliations),
        counts=Counts(works=author.works, topics=len(topics)),
        topics=tuple(Topic(id=counted.id, label=counted.label) for counted in topics),
        as_of=author.as_of,
    )


async def search_authors(catalogue: Catalogue, text: str, cursor: str | None, limit: int) -> AuthorPage:
    """Authors whose name has, for each word of the text, a word that begins with it; all of them for no text."""
    words = search_words(text)[:MAX_WORDS]
    if text.strip() and not words:
        return AuthorPage(items=(), next_cursor=None)
    conditions: list[Document] = [{"words": {"$elemMatch": {"$gte": word, "$lt": word + _LAST}}} for word in words]
    if cursor:
        works, key = from_cursor(cursor, int, str)
        conditions.append({"$or": [{"works": {"$lt": works}}, {"works": works, "key": {"$gt": key}}]})
    found = catalogue.authors.find(
        {"$and": conditions} if conditions else {}, {"slug": 1, "name": 1, "works": 1, "key": 1}
    )
    documents = await found.sort([("works", DESCENDING), ("key", ASCENDING)]).limit(limit + 1).to_list(None)
    shown = documents[:limit]
    next_cursor = to_cursor(shown[-1]["works"], shown[-1]["key"]) if len(documents) > limit else None
    items = (FoundAuthor(id=each["_id"], slug=each["slug"], name=each["name"], works=each["works"]) for each in shown)
    return AuthorPage(items=tuple(items), next_cursor=next_cursor)


async def _find(catalogue: Catalogue, query: Document) -> Author:
    document = await catalogue.authors.find_one(query)
    if document is None:
        raise NotFound("There is no such author.")
    return from_document(Author, document)
