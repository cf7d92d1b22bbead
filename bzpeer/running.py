"""The running stack as commands find it: its addresses, a client for each service, and what is said when it fails."""

import asyncio
import logging
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

import httpx2
import typer
from rich.console import Console
from stamina.instrumentation import set_on_retry_hooks

from bzpeer.saying import printable
from deploy.embedded import records
from deploy.embedded.layout import PORTS
from deploy.embedded.places import checkout_places
from deploy.embedded.ports import LOOPBACK
from deploy.embedded.services import SERVICES as ALL_SERVICES
from shared.errors import Problem, Unauthorised
from shared.http import ServiceClient

T = TypeVar("T")

SERVICES = tuple(name for name in ALL_SERVICES if name != "gateway")
"""Those with a database, and so with events, views and dead letters."""
FAILED = 1
_GENERATION, _VERSION = re.compile(r"~\d+$"), re.compile(r"\.v\d+$")


@dataclass(frozen=True)
class Answers(Generic[T]):
    """What the services said, and why some said nothing."""

    found: Mapping[str, T]
    silent: Mapping[str, str]


class Running:
    """The stack that a command talks to."""

    def __init__(self, env: Mapping[str, str], http: httpx2.AsyncClient) -> None:
        self._env = env
        self._http = http
        self.kafka = env.get("KAFKA_BOOTSTRAP_SERVERS", f"{LOOPBACK}:{PORTS['kafka']}")
        self.topic_prefix = env.get("BZPEER_TOPIC_PREFIX", "")
        self.public_url = env.get("BZPEER_PUBLIC_URL", f"http://{LOOPBACK}:{PORTS['gateway']}")

    def service(self, name: str) -> ServiceClient:
        """A client of one service. Raises a Problem when nothing tells this command how to prove who it is."""
        key = self._env.get("BZPEER_INTERNAL_KEY")
        if not key:
            raise Problem("No stack runs in this checkout: start one with `bzpeer up`, or set BZPEER_INTERNAL_KEY.")
        url = self._env.get(f"BZPEER_{name.upper()}_URL", f"http://{LOOPBACK}:{PORTS[name]}")
        return ServiceClient(url, key, "bzpeer", self._http)

    async def ask(
        self, question: Callable[[ServiceClient], Awaitable[T]], names: Sequence[str] = SERVICES
    ) -> Answers[T]:
        """Ask the services at once and go on without those that fail. Raises a Problem when all do."""
        clients = [self.service(name) for name in names]
        answers = await asyncio.gather(*(_answer(question, client) for client in clients))
        pairs = list(zip(names, answers, strict=True))
        found = {name: answer for name, answer in pairs if not isinstance(answer, Problem)}
        silent = {name: answer.detail for name, answer in pairs if isinstance(answer, Problem)}
        if silent and not found:
            raise Problem("No service answers; see `bzpeer status`. " + next(iter(silent.values())))
        return Answers(found, silent)


async def _answer(question: Callable[[ServiceClient], Awaitable[T]], client: ServiceClient) -> T | Problem:
    try:
        return await question(client)
    except Unauthorised:
        raise
    except Problem as problem:
        return problem


def environment() -> dict[str, str]:
    """The variables by which a command finds the stack that runs in this checkout; those already set win."""
    run_record = records.read(checkout_places().record)
    known = dict(run_record.env) if run_record and run_record.owner.handle() else {}
    key = checkout_places().key
    if known and key.exists():
        known["BZPEER_INTERNAL_KEY"] = key.read_text()
    return known | dict(os.environ)


@asynccontextmanager
async def connected() -> AsyncIterator[Running]:
    """The running stack, for as long as a command needs it."""
    async with httpx2.AsyncClient() as http:
        yield Running(environment(), http)


def run(work: Callable[[Running], Awaitable[T]]) -> T:
    """Do the work of a command; a Problem becomes its words on standard error and exit code 1."""

    async def connect_and_work() -> T:
        async with connected() as running:
            return await work(running)

    _keep_to_own_words()
    try:
        return asyncio.run(connect_and_work())
    except Problem as problem:
        complain(problem.detail)
        raise typer.Exit(FAILED) from problem


def _keep_to_own_words() -> None:
    """Nothing is logged into what a command says: neither repetitions nor Kafka's absence."""
    set_on_retry_hooks([])
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)


def names_of(group: str) -> set[str]:
    """What people may call a group: `graph.people.v1~2`, `graph.people.v1`, `graph.people`, or its service `graph`."""
    view = _GENERATION.sub("", group)
    return {group, view, _VERSION.sub("", view), view.partition(".")[0]}


def complain(text: str) -> None:
    """Say on standard error what went wrong."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(printable(text), style="bold red", markup=False)


def name_silent(silent: Mapping[str, str]) -> None:
    """Say which services are missing from what a command shows."""
    for service, why in silent.items():
        complain(f"{service} is missing here: {why}")
