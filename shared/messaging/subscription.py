"""One group's subscription in this process: FastStream's batch subscriber with our decoder, and how it gets on."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import IllegalStateError, KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker

from shared.errors import Poison
from shared.events.decoding import todays_topic
from shared.messaging.envelope import from_record
from shared.messaging.letters import Letters, Received
from shared.settings import ServiceSettings
from shared.telemetry import DEAD

_BATCH_TIMEOUT_MS = 100
"""FastStream sleeps for so long after it found nothing, and a message that comes meanwhile waits."""
_FETCH_WAIT_MS = 500
"""How long the broker holds a fetch when there is nothing. It is the only one under way, for all partitions: longer
would hold up those that have more."""
_POSITION_SECONDS = 1.0
_log = structlog.get_logger()

Handle = Callable[[Sequence[Received]], Awaitable[None]]


class Subscription:
    """Reads topics for a group and gives the events to `handle`; commits when that returns.

    `shared`: each event goes to one of the group's members. Otherwise every process gets all that comes from now on,
    committed before it is handled.
    """

    def __init__(
        self,
        broker: KafkaBroker,
        settings: ServiceSettings,
        group: str,
        topics: Sequence[str],
        handle: Handle,
        letters: Letters | None,
        *,
        shared: bool,
    ) -> None:
        self.group = group
        self._prefix, self._handle, self._letters = settings.topic_prefix, handle, letters
        self._topics = {*topics, *map(todays_topic, topics)}
        self._busy_since: float | None = None
        self._moved_at = time.monotonic()
        instance = settings.instance
        self._subscriber: Any = broker.subscriber(
            *(self._prefix + topic for topic in topics),
            batch=True,
            max_records=settings.consumer_batch,
            batch_timeout_ms=_BATCH_TIMEOUT_MS,
            fetch_max_wait_ms=_FETCH_WAIT_MS,
            group_id=self._prefix + group if shared else None,
            group_instance_id=f"{instance}-{group}" if shared and instance else None,
            auto_offset_reset="earliest" if shared else "latest",
            ack_policy=AckPolicy.NACK_ON_ERROR if shared else AckPolicy.ACK_FIRST,
            parser=self._parse,
            decoder=self._decode,
            title=group,
            persistent=False,
        )
        self._subscriber(self._take)

    async def start(self) -> None:
        """Join the group. Raises what the client raises when Kafka is away."""
        await self._subscriber.start()

    async def stop(self) -> None:
        """Finish what is in flight, and leave."""
        await self._subscriber.stop()

    async def is_stuck(self, seconds: float) -> bool:
        """Whether a batch has been in hand for so long, or messages wait for so long that none takes up."""
        if self._busy_since is not None:
            return time.monotonic() - self._busy_since > seconds
        if not any((await self.lag()).values()):
            self._moved_at = time.monotonic()
        return time.monotonic() - self._moved_at > seconds

    async def lag(self) -> dict[tuple[str, int], int]:
        """Messages behind the end, for each partition that this process reads, by topic and number."""
        consumer: AIOKafkaConsumer | None = self._subscriber.consumer
        if consumer is None:
            return {}
        found = {}
        with suppress(IllegalStateError, KafkaError, TimeoutError):
            async with asyncio.timeout(_POSITION_SECONDS):
                for partition in consumer.assignment():
                    behind = (consumer.highwater(partition) or 0) - await consumer.position(partition)
                    found[partition.topic.removeprefix(self._prefix), partition.partition] = max(0, behind)
        return found

    async def _parse(self, records: Any, parse: Callable[[Any], Awaitable[Any]]) -> Any:
        """FastStream's message of the batch, made of one record without headers: its own parser fails on some, loses
        the batch, and would answer to whom they name. Our decoder reads the records themselves."""
        self._busy_since = time.monotonic()
        message = await parse((replace(records[0], headers=()),))
        message.raw_message = records
        return message

    async def _decode(self, message: Any) -> list[Received]:
        received = []
        for record in message.raw_message:
            try:
                envelope = from_record(record.value, record.headers)
            except Poison as error:
                await self._park(record, error)
            else:
                if envelope is not None and envelope.topic not in self._topics:
                    await self._park(record, Poison(f"this was written for the topic {envelope.topic}"))
                elif envelope is not None:
                    received.append(Received(record, envelope))
        return received

    async def _take(self, batch: list[Received]) -> None:
        try:
            await self._handle(batch)
        except Exception as error:
            _log.warning("a batch comes again", group=self.group, events=len(batch), error=repr(error)[:200])
            raise
        finally:
            self._busy_since = None
            self._moved_at = time.monotonic()

    async def _park(self, record: Any, error: Poison) -> None:
        topic = record.topic.removeprefix(self._prefix)
        place = f"{self.group}/{topic}/{record.partition}/{record.offset}"
        _log.error("a message cannot be read and is kept aside", place=place, error=str(error))
        if self._letters is None:
            DEAD.labels(self.group).inc()
        else:
            await self._letters.keep_unreadable(self.group, topic, record, error)
