"""The relay: takes unpublished events from the log to Kafka, in order per aggregate, and marks them."""

import asyncio
from collections.abc import Sequence

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from opentelemetry.trace import SpanKind
from pymongo.errors import PyMongoError

from shared.clock import utc_now
from shared.events.topics import LARGEST_MESSAGE
from shared.messaging.envelope import Envelope, to_headers
from shared.messaging.eventlog import EVENTS, from_document
from shared.mongo import IN_CHUNK, Mongo, chunks, watching
from shared.settings import ServiceSettings
from shared.telemetry import PUBLISHED, UNPUBLISHED_AGE, span

_log = structlog.get_logger()
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
_STOP_SECONDS = 2.0
"""What Kafka has not taken by then is still marked as unpublished, and sent by the next producer."""


class Relay:
    """Publishes a service's events. Woken by a change stream, driven by the query: a missed wake only delays."""

    def __init__(self, settings: ServiceSettings, mongo: Mongo) -> None:
        self._settings = settings
        self._events = mongo.collection(EVENTS)
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Publish until cancelled. Failures of Kafka or MongoDB are waited out."""
        watcher = asyncio.create_task(self._watch(), name="relay-watch")
        try:
            await self._run_with_producer()
        finally:
            watcher.cancel()

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
                _log.warning("relay waits", error=str(error), seconds=pause)
            finally:
                await _stop(producer)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _publish_all(self, producer: AIOKafkaProducer) -> None:
        while True:
            self._wake.clear()
            envelopes = await self._unpublished()
            UNPUBLISHED_AGE.set((utc_now() - envelopes[0].time).total_seconds() if envelopes else 0)
            if not envelopes:
                return
            await self._publish(producer, envelopes)

    async def _unpublished(self) -> list[Envelope]:
        found = self._events.find({"unpublished": True}).sort("_id", 1).limit(self._settings.relay_batch)
        return [from_document(document) for document in await found.to_list(None)]

    async def _publish(self, producer: AIOKafkaProducer, envelopes: Sequence[Envelope]) -> None:
        ordered = sorted(envelopes, key=lambda one: (one.topic, one.subject, one.sequence))
        with span("relay", SpanKind.PRODUCER, parent=ordered[0].traceparent, events=len(ordered)):
            sent = [await self._send(producer, envelope) for envelope in ordered]
            outcomes = await asyncio.gather(*sent, return_exceptions=True)
        await self._mark(delivered_prefixes(ordered, outcomes))
        for failure in outcomes:
            if isinstance(failure, BaseException):
                raise failure

    async def _send(self, producer: AIOKafkaProducer, envelope: Envelope) -> asyncio.Future[object]:
        future: asyncio.Future[object] = await producer.send(
            self._settings.topic_prefix + envelope.topic,
            key=envelope.subject.encode(),
            value=envelope.event.model_dump_json().encode(),
            headers=to_headers(envelope),
        )
        return future

    async def _mark(self, delivered: Sequence[Envelope]) -> None:
        for chunk in chunks([one.id for one in delivered], IN_CHUNK):
            await self._events.update_many({"_id": {"$in": list(chunk)}}, {"$unset": {"unpublished": ""}})
        for envelope in delivered:
            PUBLISHED.labels(envelope.topic).inc()

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


def delivered_prefixes(ordered: Sequence[Envelope], outcomes: Sequence[object]) -> list[Envelope]:
    """What was delivered, up to the first failure of each aggregate: what follows a failure is sent again in order."""
    failed: set[tuple[str, str]] = set()
    delivered = []
    for envelope, outcome in zip(ordered, outcomes, strict=True):
        aggregate = (envelope.topic, envelope.subject)
        if isinstance(outcome, BaseException):
            failed.add(aggregate)
        elif aggregate not in failed:
            delivered.append(envelope)
    return delivered


async def _stop(producer: AIOKafkaProducer) -> None:
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            await producer.stop()
    except (KafkaError, OSError) as error:
        _log.warning("the producer did not close cleanly", error=str(error))
