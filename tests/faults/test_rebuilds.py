"""Every view is rebuilt while it is read and while 200 events a second keep coming: nobody notices, nothing differs."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx2
import pytest

from deploy.embedded.places import CHECKOUT
from deploy.embedded.services import SERVICES
from shared.http import ServiceClient
from shared.messaging.eventlog import EVENTS
from shared.messaging.progress import wait_for_views
from shared.mongo import Mongo
from tests.builders import AtomWork, atom_feed, many_works, today
from tests.lab.echo import Echo
from tests.lab.scenario import Scenario
from tests.lab.stack import QUICK, FaultyStack
from tests.system import BZPEER, PATIENT, System

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("fast_server")]
WORKS, PER_SECOND, LEAST_EVENTS = 1_500, 200, 20_000
VIEWS = ("graph.works", "graph.people", "notify.followers", "profiles.people", "trust.records")
PATHS = ("", "/works", "/trust", "/collaborators", "/graph")


class Rebuilding:
    """The whole system with some data, and how it is read and counted."""

    def __init__(self, stack: FaultyStack, system: System) -> None:
        self.stack, self.system = stack, system
        uri = stack.env["MONGODB_URI"]
        self.mongos = {name: Mongo(uri, f"bzpeer_{name}") for name in SERVICES if name != "gateway"}
        self.slug = ""
        self.reads = 0

    def close(self) -> None:
        """Close the connections."""
        for mongo in self.mongos.values():
            mongo.close()

    async def told(self) -> int:
        """How many notifications there are."""
        return await self.mongos["notify"].collection("notifications").count_documents({})

    async def events(self) -> int:
        """How many events the services have written."""
        return sum([await mongo.collection(EVENTS).count_documents({}) for mongo in self.mongos.values()])

    async def rebuild(self, *words: str) -> list[dict[str, Any]]:
        """`bzpeer rebuild`, and what it says."""
        command = [BZPEER, "rebuild", *words, "--json"]
        done = await asyncio.to_thread(
            subprocess.run, command, env=self.system.env, cwd=CHECKOUT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        items: list[dict[str, Any]] = json.loads(done.stdout)["items"]
        return items

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        """The page and its panels are read over and over, and always whole."""
        task = asyncio.create_task(self._read_on())
        try:
            yield
            assert not task.done(), task.exception()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _read_on(self) -> None:
        async with httpx2.AsyncClient(base_url=self.system.url, timeout=20) as client:
            for path in cycle(PATHS):
                answer = await client.get(f"/api/researchers/{self.slug}{path}")
                assert answer.status_code == 200, answer.text
                assert path or answer.json()["missing"] == [], answer.text
                self.reads += 1

    async def until_all_is_read(self) -> None:
        """Return when every view has everything."""
        async with httpx2.AsyncClient() as http:
            key = self.stack.env["BZPEER_INTERNAL_KEY"]
            services = [
                ServiceClient(self.stack.url(name), key, "tests", http) for name in SERVICES if name != "gateway"
            ]
            await wait_for_views(services, self.stack.env["KAFKA_BOOTSTRAP_SERVERS"], seconds=90)


@pytest.fixture
def stack() -> Iterator[FaultyStack]:
    """The whole system, every service in one process."""
    with FaultyStack(mongo="secantusd-rs", services=SERVICES, mailbox=True, env={**QUICK, **PATIENT}) as running:
        yield running


@pytest.fixture
async def rebuilding(stack: FaultyStack, tmp_path: Path) -> AsyncIterator[Rebuilding]:
    """1,500 works and a reader who was told of a new one."""
    made = Rebuilding(stack, System(stack, tmp_path / "spans.jsonl"))
    works = many_works(WORKS, people=WORKS, name="Again")
    followed = works[0].authors[0]
    feed = tmp_path / "feed.xml"
    feed.write_bytes(atom_feed(works))
    await asyncio.to_thread(made.system.import_feed, feed)
    made.slug = str((await made.system.get("/api/researchers", params={"q": followed}))["items"][0]["slug"])
    async with made.system.signed_in("reader@example.org") as reader:
        assert (await reader.put(f"/api/researchers/{made.slug}/follow")).status_code == 200
    await made.until_all_is_read()
    feed.write_bytes(atom_feed([AtomWork("News", [followed], today())]))
    await asyncio.to_thread(made.system.import_feed, feed)
    yield made
    made.close()


async def test_every_view_is_rebuilt_under_load(rebuilding: Rebuilding, scenario: Scenario) -> None:
    told = await rebuilding.told()
    assert told == 1
    echo = Echo(rebuilding.mongos["works"], rebuilding.mongos["profiles"])
    await echo.learn()
    async with rebuilding.reading(), echo.coming(PER_SECOND):
        for view in VIEWS:
            [outcome] = await rebuilding.rebuild(view)
            assert outcome["swapped"]
            assert outcome["documents"] > 0
            assert (outcome["differing"], outcome["missing"], outcome["extra"]) == (0, 0, 0), outcome
    await rebuilding.until_all_is_read()
    for outcome in await rebuilding.rebuild(*VIEWS, "--check"):
        assert outcome["equal"] == outcome["documents"] > 0, outcome
    assert await rebuilding.told() == told
    events = await rebuilding.events()
    assert events >= LEAST_EVENTS
    scenario.saw(events, written_meanwhile=echo.written, reads=rebuilding.reads)
