"""What is harvested by itself: the daily news of arXiv's sets, and once a day what followed researchers published.

Every replica keeps the schedule. A harvest has the id of its day, so that whoever is first submits it and nobody else
once more; after a pause of the service one harvest makes up for all the days that were missed.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

import structlog

from services.works.store.followed import Followed
from services.works.usecases.submit import MAX_LIMIT, SubmitImport
from shared.clock import Clock

LOOK_SECONDS = 300.0
HOUR = 3
"""Of the day in UTC: arXiv has announced its day's papers by then."""
FIRST_DAYS = 2
"""So far back the first harvest goes; the later ones go back to the one before."""
OVERLAP = timedelta(days=1)
PEOPLE_BACK = timedelta(days=30)
"""Works older than this are no news to followers."""
_log = structlog.get_logger()


@dataclass(frozen=True)
class Scheduler:
    """Submits what is due. `sets` are of arXiv, such as "cs"; without any, and without `people`, nothing is asked."""

    submit: SubmitImport
    followed: Followed
    sets: tuple[str, ...]
    people: bool
    clock: Clock
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(self) -> None:
        """Look every few minutes until cancelled. What fails is tried again at the next look."""
        while True:
            try:
                await self.run_due()
            except Exception as error:  # noqa: BLE001 - the database may be away; nothing is lost
                _log.warning("harvests wait", error=str(error)[:200])
            await self.sleep(LOOK_SECONDS)

    async def run_due(self) -> None:
        """Submit every harvest of today that nobody submitted yet."""
        now = self.clock()
        if now.hour < HOUR:
            return
        for name in self.sets:
            last = await self.followed.last_harvest(name)
            since = (last or now.date() - timedelta(days=FIRST_DAYS)) - OVERLAP
            await self._submit("oai", f"{name} from={since.isoformat()}", name, now)
        if self.people:
            oldest = (now - PEOPLE_BACK).date().isoformat()
            async for orcid in self.followed.orcids():
                await self._submit("openalex", f"author.orcid:{orcid},from_publication_date:{oldest}", orcid, now)

    async def _submit(self, source: str, query: str, name: str, now: datetime) -> None:
        if await self.followed.last_harvest(name) == now.date():
            return
        await self.submit.query(source, query, MAX_LIMIT, harvest_id(name, now.date()))
        await self.followed.note_harvest(name, now.date())


def harvest_id(name: str, day: date) -> str:
    """The id of the import of that day: the same on every replica."""
    return f"harvest-{day.isoformat()}-{sha256(name.encode()).hexdigest()[:16]}"
