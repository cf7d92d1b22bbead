"""Commands that begin an import: a file, or a query to a live source."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, islice

from services.works.domain.record import Refused, SourceRecord
from services.works.importers import PARSERS, NotReadable, Parser
from services.works.importers.unpack import unpack
from services.works.live.sources import SOURCES
from services.works.store.jobs import Job, Jobs
from shared.errors import Invalid, TooLarge
from shared.telemetry import current_traceparent

MAX_ENTRIES = 50_000
MAX_UNPACKED = 256 * 2**20
"""Bytes that come out of a packed file."""
LIVE_SOURCES = ("arxiv", *SOURCES)
DEFAULT_LIMIT = 1_000
MAX_LIMIT = 30_000
MAX_QUERY = 2_000
_KEY = re.compile(r"^[A-Za-z0-9-]{16,64}$")


@dataclass(frozen=True)
class SubmitImport:
    """Writes import jobs; the job runner does the rest. `wake` tells a runner in the same process.

    A `key` chosen by the caller becomes the job's id: sent again after a broken connection, it makes no second job.
    """

    jobs: Jobs
    new_id: Callable[[], str]
    wake: Callable[[], None]

    async def file(self, source: str, data: bytes, key: str | None = None) -> Job:
        """Import a file of that source. Raises Invalid when it cannot be read, TooLarge when it holds too much."""
        parser = PARSERS.get(source)
        if parser is None:
            raise Invalid(f"Files of the form {source!r} are not known; known are: {', '.join(PARSERS)}.")
        try:
            entries = await asyncio.to_thread(_read, parser, data)
        except NotReadable as error:
            raise Invalid(f"{error} Nothing was imported.", slug="file-not-readable") from error
        if len(entries) > MAX_ENTRIES:
            raise TooLarge(f"The file has more than {MAX_ENTRIES:,} entries; send so many at a time at most.")
        return await self._create(Job(id=self._id(key), source=source, status="queued"), entries)

    async def query(self, source: str, query: str, limit: int | None, key: str | None = None) -> Job:
        """Import what the live source finds, its newest first, up to the limit."""
        if source not in LIVE_SOURCES:
            raise Invalid(f"{source!r} cannot be asked live; these can: {', '.join(LIVE_SOURCES)}.")
        if not query.strip() or len(query) > MAX_QUERY:
            raise Invalid(f"A query has between 1 and {MAX_QUERY:,} characters.")
        if source in SOURCES:
            SOURCES[source].request(query.strip(), None)
        wanted = DEFAULT_LIMIT if limit is None else limit
        if not 0 < wanted <= MAX_LIMIT:
            raise Invalid(f"The limit is a number from 1 to {MAX_LIMIT:,}.")
        job = Job(id=self._id(key), source=source, status="queued", query=query.strip(), limit=wanted, fetched=False)
        return await self._create(job, [])

    def _id(self, key: str | None) -> str:
        if key is None:
            return self.new_id()
        if not _KEY.match(key):
            raise Invalid("An Idempotency-Key has 16 to 64 letters, digits and hyphens.")
        return key

    async def _create(self, job: Job, entries: list[SourceRecord | Refused]) -> Job:
        created = await self.jobs.create(job.model_copy(update={"traceparent": current_traceparent()}), entries)
        self.wake()
        return created


def _read(parser: Parser, data: bytes) -> list[SourceRecord | Refused]:
    entries = chain.from_iterable(map(parser, unpack(data, MAX_UNPACKED)))
    return list(islice(entries, MAX_ENTRIES + 1))
