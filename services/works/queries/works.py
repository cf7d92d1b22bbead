"""Works as pages show them."""

from datetime import date, datetime

from pymongo import DESCENDING

from services.works.domain.composing import Asserted, Telling
from services.works.domain.model import Work
from services.works.domain.record import Frozen
from services.works.queries.paging import from_cursor, to_cursor
from services.works.store.catalogue import Catalogue
from services.works.store.documents import from_document
from shared.errors import NotFound
from shared.events.works import Topic
from shared.mongo import Document, find_by_ids


class Name(Frozen):
    """One name of a byline; `position` is its place in the list."""

    author_id: str
    slug: str
    name: str
    affiliations: tuple[str, ...] = ()


class Told(Frozen):
    """One source record that the work is made of: `record` names it, `identifiers` are what it calls the work."""

    record: str
    source: str
    source_url: str
    identifiers: tuple[str, ...]
    at: datetime


class WorkItem(Frozen):
    """One work. `title_html`, `abstract_html` are safe to show; `title`, `abstract` are as the source gave them."""

    id: str
    kind: str
    year: int
    published_on: date
    source: str
    source_url: str
    title: str
    title_html: str
    title_text: str
    abstract: str
    abstract_html: str
    abstract_text: str
    status: str
    topics: tuple[Topic, ...]
    byline: tuple[Name, ...]
    identifiers: tuple[str, ...]
    versions: int
    sources: tuple[Told, ...]
    asserted: tuple[Asserted, ...]
    comments: str | None
    journal_ref: str | None
    as_of: datetime


class WorkPage(Frozen):
    """Works, the newest first."""

    items: tuple[WorkItem, ...]
    next_cursor: str | None


async def get_work(catalogue: Catalogue, work_id: str) -> WorkItem:
    """The work that the id leads to, by its own id. Raises NotFound."""
    document = await catalogue.works.find_one({"_id": work_id})
    while document is not None and document["merged_into"]:
        document = await catalogue.works.find_one({"_id": document["merged_into"]})
    if document is None:
        raise NotFound("There is no such work.")
    return (await items_of(catalogue, [document]))[0]


async def list_works(catalogue: Catalogue, author_id: str, cursor: str | None, limit: int) -> WorkPage:
    """The author's works by date of publication, the newest first."""
    query: Document = {"byline.author_id": author_id}
    if cursor:
        day, last = from_cursor(cursor, str, str)
        query["$or"] = [{"published_on": {"$lt": day}}, {"published_on": day, "_id": {"$lt": last}}]
    found = catalogue.works.find(query).sort([("published_on", DESCENDING), ("_id", DESCENDING)]).limit(limit + 1)
    documents = await found.to_list(None)
    shown = documents[:limit]
    more = len(documents) > limit
    next_cursor = to_cursor(shown[-1]["published_on"], shown[-1]["_id"]) if more else None
    return WorkPage(items=tuple(await items_of(catalogue, shown)), next_cursor=next_cursor)


async def items_of(catalogue: Catalogue, documents: list[Document]) -> list[WorkItem]:
    """The works of these documents, each name with the address that its page has now."""
    works = [from_document(Work, document) for document in documents]
    people = {entry.author_id for work in works for entry in work.byline}
    found = await find_by_ids(catalogue.authors, people)
    slugs = {document["_id"]: document["slug"] for document in found}
    return [_item(work, slugs) for work in works]


def _item(work: Work, slugs: dict[str, str]) -> WorkItem:
    byline = tuple(
        Name(
            author_id=entry.author_id,
            slug=slugs.get(entry.author_id, entry.author_id),
            name=entry.name,
            affiliations=entry.affiliations,
        )
        for entry in work.byline
    )
    same = work.model_dump(include=set(WorkItem.model_fields) - {"byline", "versions", "sources"})
    sources = tuple(_told(telling) for telling in work.tellings)
    return WorkItem(**same, **work.texts.model_dump(), byline=byline, versions=len(work.versions), sources=sources)


def _told(telling: Telling) -> Told:
    record = telling.record
    return Told(
        record=telling.key,
        source=record.source,
        source_url=record.source_url,
        identifiers=record.identifiers,
        at=telling.at,
    )
