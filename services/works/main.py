"""The works service, put together: `python -m services.works.main`."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from fastapi import APIRouter

from services.works.api import works_router
from services.works.consumers import subscribe
from services.works.corrections_api import corrections_router
from services.works.domain.resolution.resolving import resolve_byline
from services.works.live.arxiv import ArxivLive
from services.works.live.asking import Asking
from services.works.live.pages import CursorPages
from services.works.live.sources import SOURCES
from services.works.runner import Runner
from services.works.scheduler import Scheduler
from services.works.settings import WorksSettings
from services.works.store.catalogue import Catalogue
from services.works.store.corrections import Corrections
from services.works.store.followed import Followed
from services.works.store.jobs import Jobs
from services.works.store.turns import Turns
from services.works.usecases.chunk import ImportChunk
from services.works.usecases.correct import Correct
from services.works.usecases.submit import SubmitImport
from shared.ids import new_id
from shared.messaging.consumer import Consumers
from shared.mongo import Mongo
from shared.service import Parts, Service, run

_wakes: WeakKeyDictionary[Mongo, asyncio.Event] = WeakKeyDictionary()


def api(parts: Parts[WorksSettings]) -> APIRouter:
    """The routes."""
    jobs = Jobs(parts.mongo, parts.clock)
    submit = SubmitImport(jobs, new_id, _wake(parts).set)
    router = works_router(Catalogue(parts.mongo), jobs, submit, parts.settings.upload_bytes)
    router.include_router(corrections_router(_correct(parts), Corrections(parts.mongo)))
    return router


def _correct(parts: Parts[WorksSettings]) -> Correct:
    catalogue, corrections = Catalogue(parts.mongo), Corrections(parts.mongo)
    return Correct(parts.mongo, catalogue, corrections, parts.log, resolve_byline, new_id, parts.clock)


def consumer(parts: Parts[WorksSettings], consumers: Consumers) -> None:
    """The consumer group."""
    subscribe(consumers, Catalogue(parts.mongo), Followed(parts.mongo))


def background(parts: Parts[WorksSettings]) -> Sequence[Coroutine[Any, Any, None]]:
    """The job runner and the schedule, beside the consumers."""
    return (runner(parts).run(), scheduler(parts).run())


def scheduler(parts: Parts[WorksSettings]) -> Scheduler:
    """What is harvested by itself."""
    settings, jobs = parts.settings, Jobs(parts.mongo, parts.clock)
    sets = tuple(name.strip() for name in settings.harvest_sets.split(",") if name.strip())
    submit = SubmitImport(jobs, new_id, _wake(parts).set)
    return Scheduler(submit, Followed(parts.mongo), sets, settings.follow_harvest, parts.clock)


def runner(parts: Parts[WorksSettings]) -> Runner:
    """A runner of import jobs."""
    settings, jobs = parts.settings, Jobs(parts.mongo, parts.clock)
    import_chunk = ImportChunk(
        parts.mongo, Catalogue(parts.mongo), jobs, parts.log, resolve_byline, new_id, parts.clock
    )
    asking = Asking(settings.user_agent, parts.http, Turns(parts.mongo, parts.clock))
    live = ArxivLive(settings.arxiv_url, asking, pause=settings.arxiv_pause_seconds)
    addresses = {name: str(getattr(settings, f"{name}_url")) for name in SOURCES}
    key = settings.openalex_key.get_secret_value() if settings.openalex_key else None
    pages = CursorPages(asking, addresses, settings.contact, settings.source_pause_seconds, key)
    return Runner(parts.mongo, jobs, import_chunk, live, pages, settings.instance or new_id(), _wake(parts))


def _wake(parts: Parts[WorksSettings]) -> asyncio.Event:
    """Set when a job is submitted, so that a runner in the same process begins at once."""
    return _wakes.setdefault(parts.mongo, asyncio.Event())


async def prepare(parts: Parts[WorksSettings]) -> None:
    """Create the indexes."""
    await Catalogue(parts.mongo).prepare()
    await Corrections(parts.mongo).prepare()
    await Followed(parts.mongo).prepare()
    await Jobs(parts.mongo, parts.clock).prepare()


WORKS = Service("works", WorksSettings, api=api, prepare=prepare, consumer=consumer, background=background)

if __name__ == "__main__":
    run(WORKS)
