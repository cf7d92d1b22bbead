"""The relay: takes unpublished events from the log to Kafka, in order per aggregate, and marks them.

Several relays of a service share its shards by leases. One that lost its lease without noticing sends at most what
another sends too, and readers ignore what they have.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from opentelemetry.trace import SpanKind
from pymongo.errors import PyMongoError

from shared.clock import utc_now
from shared.events.topics import LARGEST_MESSAGE
from shared.ids import new_id
from shared.messaging.envelope import headers_of
from shared.messaging.eventlog import EVENTS, SHARDS
from shared.messaging.leases import Leases
from shared.mongo import IN_CHUNK, Document, Mongo, chunks, watching
from shared.settings import ServiceSettings
from shared.telemetry import PUBLISHED, UNPUBLISHED_AGE, span

_log = structlog.get_logger()
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
_REMEMBERED = 100_000
"""Aggregates whose next sequence the relay knows without asking."""
_STOP_SECONDS = 2.0
"""What Kafka has not taken by then is still marked as unpublished, and sent by the next producer."""

Aggregate = tuple[str, str]


class Relay:
    """Publishes a service's events. Woken by a change stream, driven by the query: a missed wake only delays."""

    def __init__(self, settings: ServiceSettings, mongo: Mongo) -> None:
        self._settings = settings
        self._events = mongo.collection(EVENTS)
        self._wake = asyncio.Event()
        self._moved_at = time.monotonic()
        holder = settings.instance or new_id()
        self._leases = Leases(
            mongo, "relay", [str(shard) for shard in range(SHARDS)], holder, settings.lease_seconds, self._wake.set
        )
        self._next: OrderedDict[Aggregate, int] = OrderedDict()

    async def run(self) -> None:
        """Publish until cancelled. Failures of Kafka or MongoDB are waited out."""
        helpers = [
            asyncio.create_task(self._watch(), name="relay-watch"),
            asyncio.create_task(self._leases.run(), name="relay-leases"),
            asyncio.create_task(self._measure(), name="relay-age"),
        ]
        try:
            await self._run_with_producer()
        finally:
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)

    def is_stuck(self, seconds: float) -> bool:
        """Whether its loop has not come round for so long."""
        return time.monotonic() - self._moved_at > seconds

    async def _run_with_producer(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._settings.kafka_bootstrap_servers,
                acks="all",
                enable_idempotence=True,
                linger_ms=2,
                max_request_size=LARGEST_MESSAGE,
            )
            try:
                await producer.start()
                while True:
                    await self._publish_all(producer)
                    pause = _FIRST_PAUSE
                    await self._sleep()
            except (KafkaError, PyMongoError, OSError) as error:
                self._moved_at = time.monotonic()
                _log.warning("relay waits", error=str(error), seconds=pause)
            finally:
                await _stop(producer)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _publish_all(self, producer: AIOKafkaProducer) -> None:
        while True:
            self._wake.clear()
            self._moved_at = time.monotonic()
            events = await self._unpublished()
            if not events:
                return
            await self._publish(producer, events)

    async def _unpublished(self) -> list[Document]:
        """The oldest events of this relay's shards, and what comes before them in their aggregates."""
        held = self._leases.held
        mine = {} if len(held) == SHARDS else {"shard": {"$in": sorted(int(shard) for shard in held)}}
        most = self._settings.relay_batch
        found = await self._events.find({"unpublished": True, **mine}).sort("_id", 1).limit(most).to_list(None)
        if len(found) == most:
            found += await self._before(found)
        return sorted(found, key=lambda event: (*_aggregate(event), event["sequence"]))

    async def _before(self, found: Sequence[Document]) -> list[Document]:
        """What comes before these and is not published. Ids sort by time, and clocks of several writers may differ."""
        first: dict[Aggregate, int] = {}
        for event in found:
            first[_aggregate(event)] = min(event["sequence"], first.get(_aggregate(event), event["sequence"]))
        earlier = []
        for (topic, subject), sequence in first.items():
            if sequence > max(1, self._next.get((topic, subject), 0)):
                aggregate = {"topic": topic, "subject": subject}
                previous = await self._events.find_one({**aggregate, "sequence": sequence - 1}, {"unpublished": 1})
                if previous is not None and previous.get("unpublished"):
                    before = {**aggregate, "sequence": {"$lt": sequence}, "unpublished": True}
                    earlier += await self._events.find(before).to_list(None)
        return earlier

    async def _publish(self, producer: AIOKafkaProducer, events: Sequence[Document]) -> None:
        with span("relay", SpanKind.PRODUCER, parent=events[0]["traceparent"], events=len(events)):
            sent = [await self._send(producer, event) for event in events]
            outcomes = await asyncio.gather(*sent, return_exceptions=True)
        await self._mark(delivered_prefixes(events, outcomes))
        for failure in outcomes:
            if isinstance(failure, BaseException):
                raise failure

    async def _send(self, producer: AIOKafkaProducer, event: Document) -> asyncio.Future[object]:
        future: asyncio.Future[object] = await producer.send(
            self._settings.topic_prefix + event["topic"],
            key=event["subject"].encode(),
            value=event["data"].encode(),
            headers=headers_of(event),
        )
        return future

    async def _mark(self, delivered: Sequence[Document]) -> None:
        for chunk in chunks([event["_id"] for event in delivered], IN_CHUNK):
            await self._events.update_many({"_id": {"$in": list(chunk)}}, {"$unset": {"unpublished": ""}})
        for event in delivered:
            PUBLISHED.labels(event["topic"]).inc()
            self._next[_aggregate(event)] = event["sequence"] + 1
            self._next.move_to_end(_aggregate(event))
        while len(self._next) > _REMEMBERED:
            self._next.popitem(last=False)

    async def _measure(self) -> None:
        """Say how old the oldest unpublished event is, whatever keeps it."""
        while True:
            with suppress(PyMongoError):
                oldest = await self._events.find({"unpublished": True}).sort("_id", 1).limit(1).to_list(None)
                UNPUBLISHED_AGE.set(max(0.0, (utc_now() - oldest[0]["time"]).total_seconds()) if oldest else 0)
            await asyncio.sleep(self._settings.relay_poll_seconds)

    async def _sleep(self) -> None:
        try:
            async with asyncio.timeout(self._settings.relay_poll_seconds):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _watch(self) -> None:
        while True:
            try:
                async with watching(
                    self._events, [{"$match": {"operationType": "insert"}}, {"$project": {"_id": 1}}]
                ) as stream:
                    async for _ in stream:
                        self._wake.set()
            except PyMongoError as error:
                _log.warning("the change stream that wakes the relay broke; the relay polls", error=str(error))
                await asyncio.sleep(self._settings.relay_poll_seconds)


def delivered_prefixes(ordered: Sequence[Document], outcomes: Sequence[object]) -> list[Document]:
    """What was delivered, up to the first failure of each aggregate: what follows a failure is sent again in order."""
    failed: set[Aggregate] = set()
    delivered = []
    for event, outcome in zip(ordered, outcomes, strict=True):
        if isinstance(outcome, BaseException):
            failed.add(_aggregate(event))
        elif _aggregate(event) not in failed:
            delivered.append(event)
    return delivered


def _aggregate(event: Document) -> Aggregate:
    return event["topic"], event["subject"]


async def _stop(producer: AIOKafkaProducer) -> None:
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            await producer.stop()
    except (KafkaError, OSError) as error:
        _log.warning("the producer did not close cleanly", error=str(error))
