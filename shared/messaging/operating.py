"""What operators and other services ask of a service's messaging: progress, its log, its letters, its views."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from shared.auth import Caller
from shared.clock import utc_now
from shared.errors import NotFound
from shared.messaging.consumer import Consumers
from shared.messaging.eventlog import EventLog, Wanted
from shared.messaging.generations import Building, Pointer, Rebuilt, versioned
from shared.messaging.letters import Letters, State
from shared.messaging.owners import PublishedHeads, Resync
from shared.messaging.progress import progress_router
from shared.messaging.views import Views
from shared.mongo import Document, Mongo
from shared.settings import ServiceSettings

_PAGE = 1000


class Sent(BaseModel):
    """How many events are published again."""

    events: int


class Letter(BaseModel):
    """What a group could not take in. Texts are as they came, but for what is no UTF-8."""

    id: str
    group: str
    topic: str
    partition: int
    offset: int
    key: str | None
    subject: str | None
    sequence: int | None
    type: str | None
    error: str
    attempts: int
    state: State
    first_at: datetime
    last_at: datetime
    due_at: datetime | None


class WholeLetter(Letter):
    """A letter with all that there is of it."""

    stack: str
    headers: list[tuple[str, str]]
    value: str


class LetterPage(BaseModel):
    """Letters, in the order of their ids."""

    items: list[Letter]
    next_cursor: str | None


class View(BaseModel):
    """A view: where it is read, and what its rebuilds do and did."""

    name: str
    service: str
    generation: int
    collection: str
    documents: int
    building: Building | None
    last: Rebuilt | None


class ViewList(BaseModel):
    """The views of a service."""

    items: list[View]


class Rebuild(BaseModel):
    """A rebuild that is wanted. `swap`: whether the new generation is read afterwards, or only compared."""

    swap: bool = True


def operating_router(
    mongo: Mongo, log: EventLog, views: Views, consumers: Consumers, settings: ServiceSettings
) -> APIRouter:
    """The routes, for callers with a service's token."""
    router = APIRouter()
    router.include_router(progress_router(mongo, lambda: consumers.groups))
    router.include_router(_log_router(log, settings))
    if consumers.letters is not None:
        router.include_router(_letters_router(consumers, consumers.letters))
    router.include_router(_views_router(mongo, views))
    return router


def _log_router(log: EventLog, settings: ServiceSettings) -> APIRouter:
    router = APIRouter()
    margin = timedelta(seconds=settings.audit_seconds)

    @router.post("/resync")
    async def resync(_: Caller, body: Resync) -> Sent:
        """Publish events again; readers ignore what they have."""
        return Sent(events=await log.publish_again(Wanted(**one.model_dump()) for one in body.wanted))

    @router.get("/heads")
    async def heads(
        _: Caller, topic: str, after: str = "", limit: Annotated[int, Query(ge=1, le=_PAGE)] = _PAGE
    ) -> PublishedHeads:
        """How far the aggregates go whose events come after one event of the log."""
        return PublishedHeads(**(await log.heads(topic, after, margin, limit))._asdict())

    return router


def _letters_router(consumers: Consumers, letters: Letters) -> APIRouter:
    router = APIRouter(prefix="/dead-letters")

    @router.get("")
    async def list_letters(
        _: Caller,
        group: str | None = None,
        state: State | None = None,
        cursor: str | None = None,
        limit: Annotated[int, Query(ge=1, le=_PAGE)] = 100,
    ) -> LetterPage:
        """What the groups could not take in."""
        found = await letters.page(group, state, cursor, limit + 1)
        more = found[limit - 1]["_id"] if len(found) > limit else None
        return LetterPage(items=[Letter(**_letter(one)) for one in found[:limit]], next_cursor=more)

    @router.get("/{id_}")
    async def get_letter(_: Caller, id_: str) -> WholeLetter:
        """One letter, with its body and stack."""
        return WholeLetter(**_letter(_found(await letters.get(id_), id_)))

    @router.post("/{id_}/retry", status_code=202)
    async def retry(_: Caller, id_: str) -> Letter:
        """Try again now, with all the attempts that a new letter has."""
        return Letter(**_letter(_found(await letters.retry(id_), id_)))

    @router.post("/{id_}/discard")
    async def discard(_: Caller, id_: str) -> Letter:
        """Give the event up: its group goes on without it."""
        letter = _found(await letters.get(id_), id_)
        await consumers.discard(letter)
        return Letter(**_letter(letter))

    return router


def _views_router(mongo: Mongo, views: Views) -> APIRouter:
    router = APIRouter(prefix="/views")
    generations = views.generations

    async def shown(pointer: Pointer) -> View:
        collection = versioned(pointer.name, pointer.generation)
        return View(
            name=pointer.name,
            service=pointer.name.partition(".")[0],
            generation=pointer.generation,
            collection=collection,
            documents=await mongo.collection(collection).estimated_document_count(),
            building=pointer.building,
            last=pointer.last,
        )

    @router.get("")
    async def list_views(_: Caller) -> ViewList:
        """The views, and their rebuilds."""
        await generations.refresh()
        return ViewList(items=[await shown(pointer) for pointer in generations.known.values()])

    @router.post("/{name}/rebuild", status_code=202)
    async def rebuild(_: Caller, name: str, body: Rebuild) -> View:
        """Build the view anew from its topics, beside the one that is read."""
        return await shown(await generations.start(name, utc_now(), swap=body.swap))

    @router.post("/{name}/rebuild/cancel")
    async def cancel(_: Caller, name: str) -> View:
        """End a rebuild; the view that is read stays."""
        return await shown(await generations.cancel(name))

    return router


def _found(letter: Document | None, id_: str) -> Document:
    if letter is None:
        raise NotFound(f"There is no letter {id_} here; it may have been taken in meanwhile.")
    return letter


def _letter(document: Document) -> dict[str, Any]:
    headers = [(name, _text(raw)) for name, raw in document["headers"]]
    return {
        **document,
        "id": document["_id"],
        "key": _text(document["key"]) if document["key"] is not None else None,
        "type": dict(headers).get("ce_type"),
        "headers": headers,
        "value": _text(document["value"]),
    }


def _text(raw: bytes | None) -> str:
    return (raw or b"").decode(errors="replace")
