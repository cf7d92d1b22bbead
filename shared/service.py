"""One service as a process: its roles, its health, its graceful end. Every service's main.py is built on it."""

import argparse
import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Generic, Literal, TypeVar

import httpx2
import structlog
import uvicorn
from fastapi import APIRouter, FastAPI
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

from shared import telemetry
from shared.clock import Clock, utc_now
from shared.health import health_router
from shared.http import add_problem_handlers
from shared.messaging.consumer import Consumers
from shared.messaging.eventlog import EventLog
from shared.messaging.operating import operating_router
from shared.messaging.relay import Relay
from shared.messaging.views import Views
from shared.mongo import Mongo
from shared.settings import ServiceSettings

Role = Literal["api", "consumer", "relay"]
ROLES: tuple[Role, ...] = ("api", "consumer", "relay")
STARTUP_FAILURE, CUT_OFF = 3, 4
"""Exit codes: could not listen; ended before everything in flight was."""
_KEEP_ALIVE_SECONDS = 30
"""Longer than our clients keep an idle connection (5 s), or one would be closed just as the next request goes out."""
S = TypeVar("S", bound=ServiceSettings)
_log = structlog.get_logger()


@dataclass
class Parts(Generic[S]):
    """What a service is made of, ready to use."""

    name: str
    settings: S
    mongo: Mongo
    log: EventLog
    views: Views
    http: httpx2.AsyncClient
    clock: Clock = utc_now


@dataclass(frozen=True)
class Service(Generic[S]):
    """How to build one service.

    `prepare` creates indexes; `api` answers with the routes; `consumer` registers the consumer groups;
    `background` lists what the consumer role runs beside them, each a coroutine that ends only by being cancelled.
    """

    name: str
    settings: type[S]
    api: Callable[[Parts[S]], APIRouter]
    prepare: Callable[[Parts[S]], Awaitable[None]] | None = None
    consumer: Callable[[Parts[S], Consumers], None] | None = None
    background: Callable[[Parts[S]], Sequence[Coroutine[Any, Any, None]]] | None = None


@dataclass
class Running:
    """What the health routes look at."""

    consumers: Consumers
    relay: Relay | None = None
    prepared: bool = False
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    stuck_seconds: float = 300.0

    async def stuck(self) -> list[str]:
        """The parts whose loops come no further."""
        relay = ["relay"] if self.relay is not None and self.relay.is_stuck(self.stuck_seconds) else []
        return [*relay, *await self.consumers.stuck()]


def make_parts(service: Service[S], settings: S) -> Parts[S]:
    """Build the parts; nothing is connected yet."""
    mongo = Mongo(settings.mongodb_uri, settings.database_prefix + service.name)
    log = EventLog(mongo.database, f"/bzpeer/{service.name}")
    return Parts(service.name, settings, mongo, log, Views(mongo, log), httpx2.AsyncClient())


def make_app(service: Service[S], parts: Parts[S], roles: Sequence[Role] = ROLES) -> FastAPI:
    """The service's ASGI app, which starts and stops its roles with its lifespan."""
    running = Running(Consumers(parts.settings, parts.mongo, parts.views, parts.clock))
    running.stuck_seconds = parts.settings.stuck_seconds
    if service.consumer:
        service.consumer(parts, running.consumers)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        start = asyncio.create_task(_start(service, parts, roles, running), name="start")
        try:
            yield
        finally:
            await _stop([start, *running.tasks], parts)

    app = FastAPI(title=f"BZPEER {service.name}", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.internal_key = parts.settings.internal_key.get_secret_value()
    add_problem_handlers(app)
    app.include_router(health_router(parts.mongo, running))
    app.include_router(operating_router(parts.mongo, parts.log, parts.views, running.consumers, parts.settings))
    if "api" in roles:
        app.include_router(service.api(parts))
    FastAPIInstrumentor.instrument_app(
        app, excluded_urls="healthz,readyz,metrics,progress,heads", exclude_spans=["receive", "send"]
    )
    return app


async def _start(service: Service[S], parts: Parts[S], roles: Sequence[Role], running: Running) -> None:
    await _prepare(service, parts, running.consumers)
    running.prepared = True
    if "relay" in roles:
        running.relay = Relay(parts.settings, parts.mongo)
        running.tasks.append(asyncio.create_task(running.relay.run(), name="relay"))
    if "consumer" in roles and service.consumer:
        running.tasks.append(asyncio.create_task(running.consumers.run(), name="consumers"))
    else:
        follow = parts.views.generations.follow(parts.settings.pointer_seconds)
        running.tasks.append(asyncio.create_task(follow, name="pointers"))
    if "consumer" in roles and service.background:
        running.tasks += [asyncio.create_task(each, name="background") for each in service.background(parts)]
    for task in running.tasks:
        task.add_done_callback(_say_if_failed)


async def _prepare(service: Service[S], parts: Parts[S], consumers: Consumers) -> None:
    pause = 0.2
    while True:
        try:
            await parts.log.prepare()
            await consumers.prepare()
            if service.prepare:
                await service.prepare(parts)
        except Exception as error:  # noqa: BLE001 - whatever it is, the database is not there yet
            _log.warning("waiting for MongoDB", error=str(error)[:200], seconds=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)
        else:
            return


async def _stop(tasks: Sequence[asyncio.Task[None]], parts: Parts[S]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await parts.http.aclose()
    parts.mongo.close()


def _say_if_failed(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        _log.error("a part of the service ended; /healthz says so", part=task.get_name(), exc_info=task.exception())


def run(service: Service[S]) -> None:
    """Run the service from the command line until SIGTERM or Ctrl-C: `python -m services.works.main --role api`."""
    parser = argparse.ArgumentParser(description=f"The BZPEER {service.name} service.")
    parser.add_argument("--role", choices=ROLES, action="append", help="what this process does; all of it by default")
    roles: Sequence[Role] = parser.parse_args().role or ROLES
    settings = service.settings()
    telemetry.set_up(service.name, settings)
    serve(make_app(service, make_parts(service, settings), roles), settings)


def serve(app: FastAPI, settings: ServiceSettings) -> None:
    """Serve the app on the settings' host and port until asked to end, and then end in time."""
    connections_end = int(settings.shutdown_seconds / 2)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=connections_end,
    )
    server = _Server(config, settings.shutdown_seconds)
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(STARTUP_FAILURE)


class _Server(uvicorn.Server):
    """Ends the process when its time is over: a driver's thread that waits for a dead server cannot be cancelled."""

    def __init__(self, config: uvicorn.Config, seconds: float) -> None:
        super().__init__(config)
        self._deadline = threading.Timer(seconds, os._exit, (CUT_OFF,))
        self._deadline.daemon = True

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            self._deadline.start()
        super().handle_exit(sig, frame)
