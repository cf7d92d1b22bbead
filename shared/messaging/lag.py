"""How far consumer groups are behind their topics: in messages, and in time."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import stamina
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from pydantic import BaseModel, ConfigDict

from shared.clock import Clock, utc_now

_PEEK_BYTES = 64 * 1024
_PEEK_WAIT_MS = 500


def _passes(error: Exception) -> bool:
    return isinstance(error, KafkaError) and bool(error.retriable)


class PartitionLag(BaseModel):
    """A group's place in one partition. `behind_seconds` is the age of the oldest message not yet taken in."""

    model_config = ConfigDict(frozen=True)

    topic: str
    partition: int
    place: int
    """The next message to take in; the first one for a group that has taken in nothing yet."""
    end: int
    behind_seconds: float = 0.0

    @property
    def lag(self) -> int:
        """Messages not yet taken in."""
        return max(0, self.end - self.place)

    @property
    def beyond(self) -> bool:
        """Whether the place lies behind the end: the broker has lost messages that the group had taken in."""
        return self.place > self.end


class GroupLag(BaseModel):
    """A consumer group. `state` and `members` are None when the broker does not tell them."""

    model_config = ConfigDict(frozen=True)

    group: str
    state: str | None
    members: int | None
    partitions: tuple[PartitionLag, ...]

    @property
    def lag(self) -> int:
        """Messages not yet taken in."""
        return sum(each.lag for each in self.partitions)

    @property
    def behind_seconds(self) -> float:
        """The age of the oldest message not yet taken in; 0 when there is none."""
        return max((each.behind_seconds for each in self.partitions), default=0.0)


class LagReader:
    """Reads the lag of groups from Kafka, joining none of them. A context manager; raises KafkaError."""

    def __init__(self, bootstrap_servers: str, prefix: str = "", clock: Clock = utc_now) -> None:
        self._admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap_servers,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            max_partition_fetch_bytes=_PEEK_BYTES,
        )
        self._prefix = prefix
        self._clock = clock

    async def __aenter__(self) -> "LagReader":
        """Connect."""
        try:
            await self._admin.start()
            await self._consumer.start()
        except KafkaError:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Disconnect."""
        await self._consumer.stop()
        await self._admin.close()

    async def read(self, groups: Mapping[str, Sequence[str]], seconds: float = 20.0) -> list[GroupLag]:
        """The lag of each group on its topics; both are named without the prefix. A topic that is missing is left out.

        Raises TimeoutError when the broker does not tell all within `seconds`.
        """
        async with asyncio.timeout(seconds):
            async for attempt in stamina.retry_context(on=_passes, attempts=None, timeout=None, wait_max=1.0):
                with attempt:
                    return await self._read(groups)
        raise AssertionError("unreachable")

    async def _read(self, groups: Mapping[str, Sequence[str]]) -> list[GroupLag]:
        partitions = await self._partitions({topic for topics in groups.values() for topic in topics})
        every = [each for those in partitions.values() for each in those]
        if not every:
            return [await self._group(group, {}, {}) for group in groups]
        firsts = await self._consumer.beginning_offsets(every)
        places = {}
        for group, topics in groups.items():
            mine = [each for topic in topics for each in partitions.get(topic, ())]
            places[group] = await self._places(group, mine, firsts)
        ends = await self._consumer.end_offsets(every)  # after the places, or a busy group would seem to be beyond
        return [await self._group(group, places[group], ends) for group in groups]

    async def _partitions(self, topics: set[str]) -> dict[str, list[TopicPartition]]:
        standing = set(await self._admin.list_topics())
        names = sorted(name for name in (self._prefix + topic for topic in topics) if name in standing)
        described = await self._admin.describe_topics(names) if names else []
        return {
            topic["topic"].removeprefix(self._prefix): sorted(
                TopicPartition(topic["topic"], partition["partition"]) for partition in topic["partitions"]
            )
            for topic in described
        }

    async def _places(
        self, group: str, partitions: Sequence[TopicPartition], firsts: Mapping[TopicPartition, int]
    ) -> dict[TopicPartition, int]:
        committed = await self._admin.list_consumer_group_offsets(self._prefix + group)
        places = {at: place.offset for at, place in committed.items()}
        return {at: max(places.get(at, 0), firsts[at]) for at in partitions}

    async def _group(
        self, group: str, places: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]
    ) -> GroupLag:
        ages = await self._ages({at: place for at, place in places.items() if place < ends[at]})
        state, members = await self._state(group)
        partitions = tuple(
            PartitionLag(
                topic=at.topic.removeprefix(self._prefix),
                partition=at.partition,
                place=place,
                end=ends[at],
                behind_seconds=ages.get(at, 0.0),
            )
            for at, place in places.items()
        )
        return GroupLag(group=group, state=state, members=members, partitions=partitions)

    async def _ages(self, places: Mapping[TopicPartition, int]) -> dict[TopicPartition, float]:
        """The age of the message at each place."""
        self._consumer.assign(list(places))
        for at, place in places.items():
            self._consumer.seek(at, place)
        written: dict[TopicPartition, int] = {}
        while len(written) < len(places):
            peeked: dict[TopicPartition, list[Any]] = await self._consumer.getmany(timeout_ms=_PEEK_WAIT_MS)
            for at, records in peeked.items():
                written.setdefault(at, records[0].timestamp)
                self._consumer.pause(at)
        now = self._clock().timestamp()
        return {at: max(0.0, now - timestamp / 1000) for at, timestamp in written.items()}

    async def _state(self, group: str) -> tuple[str | None, int | None]:
        try:
            answers = await self._admin.describe_consumer_groups([self._prefix + group])
            _, _, state, _, _, members, *_ = answers[0].groups[0]
        except (KafkaError, LookupError, ValueError):
            return None, None
        return str(state), len(members)
