"""How far the services have come, and waiting until all views have what is in the works service."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

import stamina
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from fastapi import APIRouter
from pydantic import BaseModel

from shared.auth import Caller
from shared.errors import Unavailable
from shared.events.topics import TOPICS
from shared.http import ServiceClient
from shared.messaging.eventlog import EVENTS
from shared.mongo import Mongo

Groups = Mapping[str, Sequence[str]]
EVERY_TOPIC = tuple(spec.name for spec in TOPICS)

_CHAIN = 4
"""Services on the longest way of one import: works, graph, trust, and those that read trust."""
_POLL_SECONDS = 0.05


class Progress(BaseModel):
    """`unpublished`: events in the log that Kafka does not have yet. `groups`: the topics of each consumer group."""

    unpublished: int
    groups: dict[str, tuple[str, ...]]


def progress_router(mongo: Mongo, groups: Callable[[], Groups]) -> APIRouter:
    """`GET /progress`, for those who wait until the views have caught up."""
    router = APIRouter()

    @router.get("/progress")
    async def progress(_: Caller) -> Progress:
        unpublished = await mongo.collection(EVENTS).count_documents({"unpublished": True})
        return Progress(unpublished=unpublished, groups={name: tuple(topics) for name, topics in groups().items()})

    return router


async def wait_for_views(
    services: Sequence[ServiceClient], bootstrap_servers: str, *, topic_prefix: str = "", seconds: float = 300.0
) -> None:
    """Return when every view has all that the services had written when this was called.

    A service or Kafka that is away is waited for. Raises TimeoutError when all takes longer than `seconds`.
    """
    async with asyncio.timeout(seconds):
        async for attempt in stamina.retry_context(
            on=(KafkaError, Unavailable), attempts=None, timeout=None, wait_initial=0.2, wait_max=2.0
        ):
            with attempt:
                async with offsets_of(bootstrap_servers, topic_prefix) as offsets:
                    await _wait(services, offsets)


async def _wait(services: Sequence[ServiceClient], offsets: "Offsets") -> None:
    for _ in range(_CHAIN):
        groups: dict[str, Sequence[str]] = {}
        for service in services:
            groups |= await _until_published(service)
        ends = await offsets.ends()
        for group, topics in groups.items():
            await offsets.until_read(group, topics, ends)


async def _until_published(service: ServiceClient) -> Groups:
    while True:
        progress = Progress.model_validate(await service.get_json("/progress"))
        if progress.unpublished == 0:
            return progress.groups
        await asyncio.sleep(_POLL_SECONDS)


class Offsets:
    """Ends of topics and places of groups, as Kafka has them."""

    def __init__(self, admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer, prefix: str) -> None:
        self._admin, self._consumer, self._prefix = admin, consumer, prefix

    async def ends(self, topics: Sequence[str] = EVERY_TOPIC) -> dict[TopicPartition, int]:
        """The offset after the last message of every partition."""
        partitions = [
            TopicPartition(self._prefix + spec.name, number)
            for spec in TOPICS
            if spec.name in topics
            for number in range(spec.partitions)
        ]
        found: dict[TopicPartition, int] = await self._consumer.end_offsets(partitions)
        return found

    async def until_read(self, group: str, topics: Sequence[str], ends: Mapping[TopicPartition, int]) -> None:
        """Return when the group has read the topics up to these ends."""
        while not await self._has_read(group, topics, ends):  # noqa: ASYNC110 - Kafka tells nobody
            await asyncio.sleep(_POLL_SECONDS)

    async def progress(self, group: str, topics: Sequence[str]) -> tuple[int, int]:
        """How many messages the group has read, of how many."""
        ends, committed = await self.ends(topics), await self._committed(group)
        return sum(min(end, committed.get(at, 0)) for at, end in ends.items()), sum(ends.values())

    async def _has_read(self, group: str, topics: Sequence[str], ends: Mapping[TopicPartition, int]) -> bool:
        committed = await self._committed(group)
        names = {self._prefix + topic for topic in topics}
        return all(committed.get(at, 0) >= end for at, end in ends.items() if at.topic in names and end > 0)

    async def _committed(self, group: str) -> dict[TopicPartition, int]:
        read = await self._admin.list_consumer_group_offsets(self._prefix + group)
        return {at: place.offset for at, place in read.items()}


@asynccontextmanager
async def offsets_of(bootstrap_servers: str, prefix: str) -> AsyncIterator[Offsets]:
    """Look at Kafka's offsets. Raises KafkaError when it is away."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers)
    try:
        await admin.start()
        await consumer.start()
        yield Offsets(admin, consumer, prefix)
    finally:
        await consumer.stop()
        await admin.close()
