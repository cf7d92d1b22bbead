"""An import that something befalls, and the count of everything that it should have led to."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2

from shared.mongo import Document
from tests.builders import AtomWork, atom_feed, many_works, today
from tests.lab.census import Census
from tests.lab.waiting import until_seldom
from tests.system import System, import_outcome

WORKS, PEOPLE = 1_350, 4_000
"""Many people with few works each: every view that tells of people tells of each of them by itself."""
NEW_EVERY = 25
"""Every 25th work is of today, and the followed person is one of its authors."""


class Import:
    """A reader follows somebody, and works are imported, of which some are somebody's newest."""

    def __init__(self, system: System, census: Census, name: str, folder: Path) -> None:
        self._system, self._census, self._name, self._folder = system, census, name.title(), folder
        works = many_works(WORKS, people=PEOPLE, name=self._name)
        self._followed = works[0].authors[0]
        self._works = [self._new(work) if n % NEW_EVERY == 0 else work for n, work in enumerate(works)]

    def _new(self, work: AtomWork) -> AtomWork:
        return AtomWork(work.title, [*work.authors, self._followed], today(), work.categories, work.arxiv_id)

    async def meets(self, fault: Callable[[], Awaitable[None]]) -> int:
        """Import while the fault happens, and count; returns the number of events that all services wrote."""
        before = await self._census.newest()
        await self._import([AtomWork(f"Before {self._name}", [self._followed])])
        async with self._system.signed_in(f"{self._name.replace(' ', '-')}@example.org") as reader:
            slug = await self._slug()
            assert (await reader.put(f"/api/researchers/{slug}/follow")).status_code == 200
            importing = self._system.start_import(self._feed(self._works))
            await until_seldom(lambda: self._has_begun(before), equals=True)
            await fault()
            outcome = await asyncio.to_thread(import_outcome, importing)
            assert outcome == {"new": WORKS, "merged": 0, "unchanged": 0, "refused": []}
            events = await self._count(before)
            assert sorted(await titles_in_inbox(reader)) == self._expected_titles()
            return len(events)

    async def _import(self, works: list[AtomWork]) -> None:
        await asyncio.to_thread(self._system.import_feed, self._feed(works))

    def _feed(self, works: list[AtomWork]) -> Path:
        feed = self._folder / f"{len(works)}.xml"
        feed.write_bytes(atom_feed(works))
        return feed

    async def _slug(self) -> str:
        found = await self._system.get("/api/researchers", params={"q": self._followed})
        return str(next(one["slug"] for one in found["items"] if one["name"] == self._followed))

    async def _has_begun(self, before: dict[str, str]) -> bool:
        return await self._census.imported_since(before) > WORKS // 5

    async def _count(self, before: dict[str, str]) -> list[Document]:
        """The events of the import, once every view and inbox has exactly them."""

        async def wrong() -> list[str]:
            return await self._census.differences(await self._census.events_since(before))

        await until_seldom(wrong, equals=[])
        events = await self._census.events_since(before)
        assert sum(event["type"] == "WorkImported" for event in events) == WORKS + 1
        return events

    def _expected_titles(self) -> list[str]:
        """Of the followed person's new works."""
        return sorted(work.title for work in self._works[::NEW_EVERY])


async def titles_in_inbox(client: httpx2.AsyncClient) -> list[str]:
    """Every notification that the reader has, by the title of its work."""
    titles: list[str] = []
    cursor: str | None = None
    while True:
        params: dict[str, Any] = {"limit": 100, **({"cursor": cursor} if cursor else {})}
        page = (await client.get("/api/notifications", params=params)).json()
        titles += [item["work"]["title"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return titles
