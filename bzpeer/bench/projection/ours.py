"""Our side: the consumers of a service, as `services/*/main.py` run them, with the real projection."""

import asyncio
from contextlib import suppress
from typing import Any

from faststream import BaseMiddleware

from bzpeer.bench.contest import Meter
from bzpeer.bench.projection.kafka import Topics
from shared.messaging.consumer import Consumers
from shared.messaging.folding import Projection
from shared.messaging.views import Views
from shared.mongo import Mongo
from shared.settings import ServiceSettings


class Gate:
    """Hears of each batch before anything is done with it, and knows when the last one came."""

    def __init__(self, meter: Meter, events: int) -> None:
        self._meter = meter
        self._missing = events
        self.all_received = asyncio.Event()

    def __call__(self, message: Any, *, context: Any) -> BaseMiddleware:
        """What FastStream calls once a batch."""
        self._meter.begin()
        self._missing -= len(message)
        if self._missing <= 0:
            self.all_received.set()
        return BaseMiddleware(message, context=context)


async def run(
    projection: Projection[Any], events: int, topics: Topics, mongo: Mongo, views: Views,
    settings: ServiceSettings, meter: Meter,
) -> None:  # fmt: skip
    """Take all events in; ends when Kafka has the group's last commit."""
    consumers = Consumers(settings, mongo, views)
    gate = Gate(meter, events)
    consumers.broker.add_middleware(gate)
    consumers.project(projection)
    running = asyncio.create_task(consumers.run())
    try:
        done = asyncio.create_task(gate.all_received.wait())
        await asyncio.wait({running, done}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            await running
        await topics.until_committed(projection.name, events)
        meter.end()
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
