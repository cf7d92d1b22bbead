"""How far the services have come, and waiting until all views have what is in the works service."""

import asyncio
from collections.abc import Mapping, Sequence

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

_CHAIN = 4
"""Services on the longest way of one import: works, graph, trust, and those that read trust."""
_POLL_SECONDS = 0.05


class Progress(BaseModel):
    """`unpublished`: events in the log that Kafka does not have yet. `groups`: the topics of each consumer group."""

    unpublished: int
    groups: dict[str, tuple[str, ...]]


def progress_router(mongo: Mongo, groups: Groups) -> APIRouter:
    """`GET /progress`, for those who wait until the views have caught up."""
    router = APIRouter()

    @router.get("/progress")
    async def progress(_: Caller) -> Progress:
        unpublished = await mongo.collection(EVENTS).count_documents({"unpublished": True})
        return Progress(unpublished=unpublished, groups={name: tuple(topics) for name, topics in groups.items()})

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
                async with _Offsets(bootstrap_servers, topic_prefix) as offsets:
                    await _wait(services, offsets)


async def _wait(services: Sequence[ServiceClient], offsets: "_Offsets") -> None:
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


class _Offsets:
    """Ends of topics and places of groups, as Kafka has them."""

    def __init__(self, bootstrap_servers: str, prefix: str) -> None:
        self._admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
        self._consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers)
        self._prefix = prefix

    async def __aenter__(self) -> "_Offsets":
        try:
            await self._admin.start()
            await self._consumer.start()
        except KafkaError:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._consumer.stop()
        await self._admin.close()

    async def ends(self) -> dict[TopicPartition, int]:
        partitions = [TopicPartition(self._prefix + spec.name, p) for spec in TOPICS for p in range(spec.partitions)]
        found: dict[TopicPartition, int] = await self._consumer.end_offsets(partitions)
        return found

    async def until_read(self, group: str, topics: Sequence[str], ends: Mapping[TopicPartition, int]) -> None:
        while True:
            if await self._has_read(group, topics, ends):
                return
            await asyncio.sleep(_POLL_SECONDS)

    async def _has_read(self, group: str, topics: Sequence[str], ends: Mapping[TopicPartition, int]) -> bool:
        read = await self._admin.list_consumer_group_offsets(self._prefix + group)
        names = {self._prefix + topic for topic in topics}
        committed = {partition: place.offset for partition, place in read.items()}
        return all(committed.get(at, 0) >= end for at, end in ends.items() if at.topic in names and end > 0)
