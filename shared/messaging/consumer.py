"""Consumers: FastStream batch subscribers that hand a service clean lists of events (docs/adr/0004)."""

import asyncio
import time
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import httpx2
import stamina
import structlog
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from pymongo.errors import PyMongoError

from shared.clock import utc_now
from shared.errors import Poison, Problem, WriteConflict
from shared.messaging.envelope import Envelope, from_record
from shared.messaging.folding import Projection, V
from shared.messaging.views import Views
from shared.mongo import Mongo
from shared.settings import ServiceSettings
from shared.telemetry import DEAD, FRESHNESS, HANDLED, HANDLING, consuming

Handler = Callable[[Sequence[Envelope]], Awaitable[None]]

DEAD_LETTERS = "dead_letters"
_PATIENCE_SECONDS = 120.0
_BATCH_TIMEOUT_MS = 1000
_FETCH_WAIT_MS = 2500
"""How long the broker holds a fetch when there is nothing: at once when there is, so it only saves work."""
_PASSING = (PyMongoError, KafkaError, OSError, httpx2.HTTPError, Problem, WriteConflict)
"""Failures that say nothing about the events: the same batch can succeed later. Any other is the event's own."""
_log = structlog.get_logger()


class Received(NamedTuple):
    """An event and Kafka's record of it."""

    record: Any
    envelope: Envelope


class Consumers:
    """The consumer groups of one process. Offsets are committed only after a batch's handler has returned."""

    def __init__(self, settings: ServiceSettings, mongo: Mongo | None, views: Views | None) -> None:
        self._settings = settings
        self._mongo = mongo
        self._views = views
        self.groups: dict[str, tuple[str, ...]] = {}
        self._wanted = self._started = False
        self.broker = KafkaBroker(
            settings.kafka_bootstrap_servers,
            acks="all",
            enable_idempotence=True,
            allow_auto_create_topics=False,
            graceful_timeout=settings.shutdown_seconds / 2,
            apply_types=False,
            logger=None,
        )

    @property
    def started(self) -> bool:
        """Whether what should run does: true as well in a process that was not asked to consume."""
        return self._started or not self._wanted

    def project(self, projection: Projection[V]) -> None:
        """Keep a view in step with its topics."""
        views = self._views
        if views is None:
            raise ValueError("a service without a database keeps no views")

        async def fold(envelopes: Sequence[Envelope]) -> None:
            await views.fold(projection, envelopes)

        self.handle(projection.name, projection.topics, fold)

    def handle(self, group: str, topics: Sequence[str], handler: Handler) -> None:
        """Give `handler` each batch of the topics' events at least once, shared among the group's members."""
        self.groups[group] = tuple(topics)
        self._subscribe(group, topics, handler, shared=True)

    def broadcast(self, name: str, topics: Sequence[str], handler: Handler) -> None:
        """Give `handler` every event from now on, in every process that asks: for what lives only in memory."""
        self._subscribe(name, topics, handler, shared=False)

    def _subscribe(self, group: str, topics: Sequence[str], handler: Handler, *, shared: bool) -> None:
        prefix, instance = self._settings.topic_prefix, self._settings.instance
        subscriber = self.broker.subscriber(
            *(prefix + topic for topic in topics),
            batch=True,
            max_records=self._settings.consumer_batch,
            batch_timeout_ms=_BATCH_TIMEOUT_MS,
            fetch_max_wait_ms=_FETCH_WAIT_MS,
            group_id=prefix + group if shared else None,
            group_instance_id=f"{instance}-{group}" if shared and instance else None,
            auto_offset_reset="earliest" if shared else "latest",
            ack_policy=AckPolicy.NACK_ON_ERROR if shared else AckPolicy.ACK_FIRST,
            parser=_without_headers,
            decoder=self._decoder(group),
            title=group,
        )
        subscriber(self._guarded(group, handler))

    def _decoder(self, group: str) -> Callable[[Any], Awaitable[list[Received]]]:
        async def decode(message: Any) -> list[Received]:
            received = []
            for record in message.raw_message:
                try:
                    envelope = from_record(record.value, record.headers)
                except Poison as error:
                    await self._park(group, record, error)
                else:
                    received += [Received(record, envelope)] if envelope else []
            return received

        return decode

    def _guarded(self, group: str, handler: Handler) -> Callable[[Any], Awaitable[None]]:
        """The handler, repeated with growing pauses while something is away; then the batch is delivered again."""

        async def guarded(batch: list[Received]) -> None:
            started = time.perf_counter()
            try:
                await _patiently(group, handler, [one.envelope for one in batch])
            except _PASSING:
                raise
            except Exception:  # noqa: BLE001 - whatever it is, one of the events does it: find out which
                await self._one_by_one(group, handler, batch)
            HANDLING.labels(group).observe(time.perf_counter() - started)
            HANDLED.labels(group).inc(len(batch))
            now = utc_now()
            for one in batch:
                FRESHNESS.labels(group).observe(max(0.0, (now - one.envelope.time).total_seconds()))

        return guarded

    async def _one_by_one(self, group: str, handler: Handler, batch: Sequence[Received]) -> None:
        """Handle each event by itself and keep aside what cannot be handled; in a view, what follows it then waits."""
        for record, envelope in batch:
            try:
                await _patiently(group, handler, [envelope])
            except _PASSING:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, the other events go on
                await self._park(group, record, error)

    async def _park(self, group: str, record: Any, error: Exception) -> None:
        DEAD.labels(group).inc()
        place = f"{group}/{record.topic}/{record.partition}/{record.offset}"
        _log.error("a message cannot be taken in and is kept aside", place=place, error=str(error))
        if self._mongo is None:
            return
        letter = {
            "group": group,
            "topic": record.topic,
            "key": record.key,
            "value": record.value,
            "headers": [[name, raw] for name, raw in record.headers],
            "error": f"{type(error).__name__}: {error}",
            "stack": "".join(traceback.format_exception(error)),
            "at": utc_now(),
        }
        await self._mongo.collection(DEAD_LETTERS).replace_one({"_id": place}, letter, upsert=True)

    async def run(self) -> None:
        """Join the groups, waiting for Kafka as long as it takes, and consume until cancelled."""
        pause, self._wanted = 0.2, True
        try:
            while not self._started:
                try:
                    await self.broker.start()
                    self._started = True
                except Exception as error:  # noqa: BLE001 - whatever it is, the broker is not there yet
                    _log.warning("consumers wait for Kafka", error=str(error), seconds=pause)
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, 5.0)
            await asyncio.Event().wait()
        finally:
            await self.broker.stop()
            self._started = False


async def _patiently(group: str, handler: Handler, envelopes: Sequence[Envelope]) -> None:
    async for attempt in stamina.retry_context(
        on=_PASSING, attempts=None, timeout=_PATIENCE_SECONDS, wait_initial=0.1, wait_max=5.0
    ):
        with attempt, consuming(group, (one.traceparent for one in envelopes)):
            await handler(envelopes)


async def _without_headers(records: Any, parse: Callable[[Any], Awaitable[Any]]) -> Any:
    """FastStream's message of the batch, made without the headers: its own parser fails on some, loses the batch, and
    would answer to whom they name. Our decoder reads them from the records."""
    message = await parse(tuple(replace(record, headers=()) for record in records))
    message.raw_message = records
    return message
