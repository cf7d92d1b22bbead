"""The job runner: one process works on a job at a time, and continues it wherever another one stopped."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import structlog

from services.works.domain.record import Refused, SourceRecord
from services.works.live.arxiv import PAGE, ArxivLive
from services.works.live.asking import SourceBusy, SourceRefuses
from services.works.live.pages import CursorPages
from services.works.live.sources import SOURCES
from services.works.store.jobs import Job, Jobs, Lease, LeaseLost
from services.works.usecases.chunk import ImportChunk
from shared.errors import Invalid
from shared.ids import new_id
from shared.mongo import Mongo, Session
from shared.telemetry import span

CHUNK = 200
SMALLEST_CHUNK = 10
GROWTH = 2
POLL_SECONDS = 0.5
MAX_FAILURES = 20
_log = structlog.get_logger()


class _Fetched(NamedTuple):
    entries: Sequence[SourceRecord | Refused]
    token: str | None
    more: bool


@dataclass
class Runner:
    """Takes the oldest job, fetches and imports it chunk by chunk, until there is none, and waits for the next."""

    mongo: Mongo
    jobs: Jobs
    import_chunk: ImportChunk
    live: ArxivLive
    pages: CursorPages
    instance: str
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    token: str = field(default_factory=new_id)
    size: int = CHUNK
    """Records of the next chunk: halved when a chunk failed, for a server can find a transaction too large, and grown
    again with each that succeeded."""

    async def run(self) -> None:
        """Work until cancelled. What fails is tried again, with growing pauses, before the job is given up."""
        while True:
            try:
                worked = await self.run_one()
            except Exception as error:  # noqa: BLE001 - the database may be away; nothing is lost
                _log.warning("import jobs wait", error=str(error)[:200])
                worked = False
            if not worked:
                await self._rest()

    async def run_one(self) -> bool:
        """Work on one job as far as it goes now; False when there was none."""
        self.wake.clear()
        acquired = await self.jobs.acquire(self.instance, self.token)
        if acquired is None:
            return False
        job, lease = acquired
        try:
            with span("import", parent=job.traceparent):
                await self._work_on(job, lease)
        except LeaseLost:
            _log.info("another process continues the import", job=job.id)
        except SourceBusy as busy:
            await self._postpone(job, lease, str(busy), busy.wait * 2 ** min(job.failures, 5))
        except asyncio.CancelledError:
            await asyncio.shield(self.jobs.release(lease))
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the job is tried again and says so in the end
            _log.exception("an import stopped; it is taken up again", job=job.id)
            self.size = max(SMALLEST_CHUNK, self.size // 2)
            await self._postpone(job, lease, f"It stopped: {error}", min(0.2 * 2**job.failures, 30.0))
        return True

    async def _work_on(self, job: Job, lease: Lease) -> None:
        while True:
            items = await self.jobs.waiting(job.id, self.size)
            if items:
                await self.import_chunk(lease, items)
                self.size = min(CHUNK, self.size + GROWTH)
                continue
            job = await self.jobs.get(job.id) or job
            if job.fetched:
                await self.jobs.finish(lease)
                return
            if not await self._fetch(job, lease):
                return

    async def _fetch(self, job: Job, lease: Lease) -> bool:
        """Take the next page of a live source; False when the job cannot go on now."""
        await self.jobs.renew(lease)
        try:
            entries, token, more = await (self._cursor_page(job) if job.source in SOURCES else self._arxiv_page(job))
        except (SourceRefuses, Invalid) as refusal:
            await self.jobs.finish(lease, str(refusal))
            return False

        async def work(session: Session) -> None:
            await self.jobs.add_page(lease, job.cursor, entries, more=more, session=session, token=token)

        await self.mongo.transaction(work)
        return True

    async def _arxiv_page(self, job: Job) -> _Fetched:
        size = min(PAGE, (job.limit or PAGE) - job.cursor)
        page = await self.live.page(job.query or "", job.cursor, size, self.token)
        taken = job.cursor + len(page.entries)
        return _Fetched(page.entries, None, bool(page.entries) and taken < min(job.limit or taken, page.total))

    async def _cursor_page(self, job: Job) -> _Fetched:
        page = await self.pages.page(job.source, job.query or "", job.token, self.token)
        left = (job.limit or len(page.entries)) - job.cursor
        entries = page.entries[:left]
        return _Fetched(entries, page.cursor, page.cursor is not None and len(entries) < left)

    async def _postpone(self, job: Job, lease: Lease, said: str, wait: float) -> None:
        job = await self.jobs.get(job.id) or job
        failures = job.failures + 1
        if failures >= MAX_FAILURES:
            await self.jobs.finish(lease, f"{said}, {failures} times in a row. Import the same again later.")
            return
        _log.warning("an import waits", job=job.id, said=said, wait=wait)
        await self.jobs.note_failure(lease, failures)
        await self.jobs.release(lease, wait=wait)

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self.wake.wait(), POLL_SECONDS)
        except TimeoutError:
            return
