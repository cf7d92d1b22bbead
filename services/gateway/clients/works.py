"""The works service: author records, works, and the search for people."""

from datetime import date, datetime

from pydantic import Field

from services.gateway.clients.base import Model, segment
from shared.http import ServiceClient


class AuthorRef(Model):
    """An author record by its lasting id, with the slug and name it has now."""

    id: str
    slug: str
    name: str


class Topic(Model):
    """A topic, its id prefixed by its scheme: `arxiv:cs.LG`."""

    id: str
    label: str


class AuthorCounts(Model):
    """Figures of one author record."""

    works: int = 0
    topics: int = 0


class Author(AuthorRef):
    """What the works of a record say about its author."""

    orcid: str | None = None
    affiliations: tuple[str, ...] = ()
    counts: AuthorCounts = AuthorCounts()
    topics: tuple[Topic, ...] = ()
    as_of: datetime | None = None


class Credit(Model):
    """One name of a byline, in its place."""

    author_id: str | None = None
    slug: str | None = None
    name: str


class Work(Model):
    """A work. Title and abstract as given, and as safe HTML and plain text."""

    id: str
    kind: str
    year: int | None = None
    published_on: date | None = None
    source: str
    source_url: str | None = None
    title: str
    title_html: str | None = None
    abstract: str | None = None
    abstract_html: str | None = None
    abstract_text: str | None = None
    status: str = "current"
    topics: tuple[Topic, ...] = ()
    byline: tuple[Credit, ...] = ()
    identifiers: tuple[str, ...] = ()
    as_of: datetime | None = None


class WorkPage(Model):
    """Works, the newest first, and where the next ones begin."""

    items: tuple[Work, ...] = ()
    next_cursor: str | None = None


class FoundAuthor(AuthorRef):
    """An author that a search found, with the number of works."""

    works: int | None = None


class AuthorPage(Model):
    """Authors, and where the next ones begin."""

    items: tuple[FoundAuthor, ...] = ()
    next_cursor: str | None = None
    corrected: bool = Field(default=False, exclude=True)
    """Whether no name is spelled like the query, and these are near it. Pages say so."""


class WorkQuery(Model):
    """What to search works by; all of it must match."""

    q: str = ""
    author: str | None = None
    topic: str | None = None
    year: int | None = None
    source: str | None = None
    kind: str | None = None


def _said(params: dict[str, str | int | None]) -> dict[str, str | int | None]:
    return {name: value for name, value in params.items() if value is not None}


class WorksClient:
    """Queries to the works service. All raise Problems; Unavailable when it does not answer."""

    def __init__(self, http: ServiceClient) -> None:
        self._http = http

    async def resolve(self, id_or_slug: str) -> AuthorRef:
        """The author record; NotFound when there is none."""
        return AuthorRef.model_validate(await self._http.get_json(f"/authors/resolve/{segment(id_or_slug)}"))

    async def author(self, author_id: str) -> Author:
        """The record's facts."""
        return Author.model_validate(await self._http.get_json(f"/authors/{segment(author_id)}"))

    async def works_of(self, author_id: str, cursor: str | None, limit: int) -> WorkPage:
        """The author's works, the newest first."""
        params = {"cursor": cursor, "limit": limit}
        answer = await self._http.get_json(f"/authors/{segment(author_id)}/works", params=params)
        return WorkPage.model_validate(answer)

    async def authors(
        self, query: str, cursor: str | None, limit: int, topic: str | None = None, institution: str | None = None
    ) -> AuthorPage:
        """Authors whose name, topic and institution match; all of them for an empty query."""
        params: dict[str, str | int | None] = {"q": query, "cursor": cursor, "limit": limit}
        params |= {"topic": topic, "institution": institution}
        answer = await self._http.get_json("/search/people", params=_said(params))
        return AuthorPage.model_validate(answer)

    async def search(self, query: WorkQuery, cursor: str | None, limit: int) -> WorkPage:
        """Works that match; the newest for an empty query."""
        params: dict[str, str | int | None] = {**query.model_dump(), "cursor": cursor, "limit": limit}
        return WorkPage.model_validate(await self._http.get_json("/search/works", params=_said(params)))

    async def work(self, work_id: str) -> Work:
        """One work; NotFound when there is none."""
        return Work.model_validate(await self._http.get_json(f"/works/{segment(work_id)}"))
