"""The lab as processes: an owner with two relays, and a counting service with two consumers."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import httpx2

from shared.http import ServiceClient
from shared.messaging.eventlog import EVENTS
from shared.messaging.progress import wait_for_views
from shared.messaging.topics_admin import TopicSettings, create_topics
from shared.mongo import Mongo, aggregate
from shared.service import Role
from tests.lab.behaviour import Behaviour, write
from tests.lab.exact import lab_differences, unpublished
from tests.lab.load import Writer
from tests.lab.stack import QUICK, FaultyStack
from tests.lab.tally import DONE
from tests.lab.views import EFFECTS, RETOLD, TALLY, TELLING
from tests.lab.waiting import PATIENCE, until_seldom

OWNER, COUNTER = "tests.lab.owner", "tests.lab.tally"
OWNERS = ("owner", "owner-relay")
CONSUMERS = ("counter-1", "counter-2")
BEHAVIOUR = "behaviour.json"
PARTS = (*OWNERS, "counter", *CONSUMERS)


class Lab:
    """What a test does with the lab, and sees of it."""

    def __init__(self, stack: FaultyStack, http: httpx2.AsyncClient) -> None:
        self.stack = stack
        uri = stack.env["MONGODB_URI"]
        self.owner, self.counter = Mongo(uri, "bzpeer_profiles"), Mongo(uri, "bzpeer_graph")
        self.writer = Writer(self.owner)
        self.services = [self._client(name, http) for name in ("profiles", "graph")]

    def _client(self, name: str, http: httpx2.AsyncClient) -> ServiceClient:
        return ServiceClient(self.stack.url(name), self.stack.env["BZPEER_INTERNAL_KEY"], "tests", http)

    def release(self, behaviour: Behaviour) -> None:
        """What the counting processes do from their next start on."""
        write(self.stack.folder / BEHAVIOUR, behaviour)

    async def counted(self, view: str = TALLY.name) -> int:
        """How many events are in the view."""
        total = {"$group": {"_id": None, "events": {"$sum": "$data.applied"}}}
        return sum(one["events"] for one in await aggregate(self.counter.collection(view), [total]))

    async def until_counted(self, events: int) -> None:
        """Return when the view has at least so many."""

        async def enough() -> bool:
            return await self.counted() >= events

        await until_seldom(enough, equals=True)

    async def until_growing(self, by: int = 500) -> None:
        """Return when so many more events are in the view than now."""
        await self.until_counted(await self.counted() + by)

    async def until_exact(self) -> None:
        """Return when every view is what the logs say, and still is when every group has read all there is."""
        await until_seldom(self.behind, equals={})
        await until_seldom(self.differences, equals=[])
        await wait_for_views(self.services, self.stack.env["KAFKA_BOOTSTRAP_SERVERS"], seconds=PATIENCE)
        assert await self.differences() == []
        assert not self.writer.acknowledged - await self._logged()

    async def written(self) -> int:
        """How many events the owner's log holds."""
        return await self.owner.collection(EVENTS).count_documents({})

    async def behind(self) -> dict[str, int]:
        """What is unpublished, and how many events each view lacks; empty at rest."""
        follows = await self.written()
        told = await self.counter.collection(EVENTS).count_documents({})
        lacks = {
            "unpublished": await unpublished(self.owner, self.counter),
            **{view.name: follows - await self.counted(view.name) for view in (TALLY, TELLING)},
            RETOLD.name: told - await self.counted(RETOLD.name),
            EFFECTS: follows - await self.counter.collection(DONE).count_documents({}),
        }
        return {name: number for name, number in lacks.items() if number}

    async def differences(self) -> list[str]:
        """Where the lab is not exact."""
        return await lab_differences(self.owner, self.counter)

    async def _logged(self) -> set[str]:
        return {document["_id"] for document in await self.owner.collection(EVENTS).find({}, {"_id": 1}).to_list(None)}

    def close(self) -> None:
        """Close the connections."""
        self.owner.close()
        self.counter.close()


@asynccontextmanager
async def running_lab(
    *,
    start: Sequence[str] = PARTS,
    env: Mapping[str, str] = QUICK,
    env_of: Mapping[str, Mapping[str, str]] | None = None,
    behaviour: Behaviour | None = None,
) -> AsyncIterator[Lab]:
    """The lab on servers of its own, with these of its parts running. `env_of` has more for some of them."""
    async with FaultyStack(mongo="secantusd-rs", env=env) as stack, httpx2.AsyncClient() as http:
        await create_topics(TopicSettings(kafka_bootstrap_servers=stack.env["KAFKA_BOOTSTRAP_SERVERS"]))
        lab = Lab(stack, http)
        lab.release(behaviour or Behaviour())
        _add_processes(stack, env_of or {})
        try:
            await asyncio.to_thread(stack.start, *start)
            yield lab
        finally:
            lab.close()


def _add_processes(stack: FaultyStack, env_of: Mapping[str, Mapping[str, str]]) -> None:
    def add(name: str, module: str, roles: Sequence[Role], port: int | None = None) -> None:
        env = {"BZPEER_BEHAVIOUR": str(stack.folder / BEHAVIOUR), **env_of.get(name, {})}
        stack.add_process(name, module, roles, port=port, env=env)

    add("owner", OWNER, ["api", "relay"], stack.ports["profiles"])
    add("owner-relay", OWNER, ["relay"])
    add("counter", COUNTER, ["api", "relay"], stack.ports["graph"])
    for name in CONSUMERS:
        add(name, COUNTER, ["consumer"])
