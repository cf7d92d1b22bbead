"""A stack that code starts and stops: for tests, and for the measurements of `bzpeer bench`.

It has ports and a folder of its own, so it runs beside `bzpeer up` and beside others like it::

    with TemporaryStack() as stack:                       # Kafka and the first MongoDB server found, in some 3 s
        stack.env["KAFKA_BOOTSTRAP_SERVERS"], stack.env["MONGODB_URI"]

    with TemporaryStack(mongo="secantusd-py", kafka=False) as stack: ...     # one database server
    async with TemporaryStack(services=SERVICES, mailbox=True) as stack:     # everything, topics made
        stack.url("gateway")
        stack.kill("kafka")       # kill -9; nothing restarts it
        stack.start("kafka")      # returns when it answers again, on the same port with the same data
        stack.stop("works")       # SIGTERM, as an operator would

`stack.env` is what a service, a command or a client needs (`os.environ | stack.env` for a process of your own).
The folder is removed at the end. What a killed test run leaves behind is ended by the next one.
"""

import asyncio
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from deploy.embedded import records
from deploy.embedded.child import Child, stop_all
from deploy.embedded.errors import StackError
from deploy.embedded.layout import Layout, Wanted, any_free_ports, lay_out
from deploy.embedded.mongo import Kind, find_server
from deploy.embedded.parts import Part
from deploy.embedded.places import CHECKOUT, Places
from deploy.embedded.records import Process, Run

PATIENCE = 60.0
"""Seconds that a part may take until it answers."""
STOP_SECONDS = 8.0
FOLDER = "bzpeer-stack-"


class TemporaryStack:
    """Chosen parts on free ports, data in a folder that is removed; a context manager, with or without `async`."""

    def __init__(
        self,
        *,
        kafka: bool = True,
        mongo: Kind | Literal["first"] | None = "first",
        mailbox: bool = False,
        services: Sequence[str] = (),
        parts: Sequence[Part] = (),
        env: Mapping[str, str] | None = None,
    ) -> None:
        """`parts` are more of the caller's own, started last; `env` wins over the variables that the stack sets."""
        server = None if mongo is None else find_server(None if mongo == "first" else mongo)
        key = {"BZPEER_INTERNAL_KEY": secrets.token_urlsafe(48)}
        self.wanted = Wanted(kafka, server, mailbox, services, {**key, **(env or {})})
        self.ports = any_free_ports()
        self._own = parts
        self._children: dict[str, Child] = {}
        self._layout: Layout | None = None
        self._places: Places | None = None

    @property
    def env(self) -> Mapping[str, str]:
        """Variables for what uses this stack."""
        return self._started().env

    def url(self, service: str) -> str:
        """Where a service answers."""
        return f"http://127.0.0.1:{self.ports[service]}"

    def pid(self, name: str) -> int | None:
        """The process of a part."""
        return self._children[name].pid

    def log(self, name: str) -> Path:
        """What a part has written."""
        return self._children[name].log

    def kill(self, name: str) -> None:
        """`kill -9`; returns when the process is gone."""
        self._children[name].kill()
        self._save()

    def stop(self, name: str, seconds: float = STOP_SECONDS) -> bool:
        """SIGTERM; returns when the process is gone, and whether it ended by itself in time."""
        late = stop_all([self._children[name]], seconds)
        self._save()
        return not late

    def start(self, *names: str, patience: float = PATIENCE) -> None:
        """Start parts that do not run, together; returns when all answer."""
        children = [self._children[name] for name in names]
        for child in children:
            child.start()
            self._save()
        wait_until_ready(children, patience)

    def __enter__(self) -> Self:
        """Start everything."""
        sweep()
        self._places = Places(Path(tempfile.mkdtemp(prefix=FOLDER)))
        self._layout = lay_out(self._places, self.ports, self.wanted)
        parts = [*self._layout.infrastructure, *self._layout.services, *self._own]
        self._children = {part.name: Child(part, self._places.logs / f"{part.name}.log") for part in parts}
        try:
            self.start(*(part.name for part in self._layout.infrastructure))
            if self.wanted.services and "KAFKA_BOOTSTRAP_SERVERS" in self.env:
                create_topics(self.env)
            self.start(*(part.name for part in (*self._layout.services, *self._own)))
        except BaseException:
            self.close()
            raise
        return self

    def close(self) -> None:
        """Stop what runs, services first, and remove the folder."""
        layout, places = self._started(), self._places
        first = {part.name for part in layout.infrastructure}
        stop_all([child for name, child in self._children.items() if name not in first], STOP_SECONDS)
        stop_all([child for name, child in self._children.items() if name in first], STOP_SECONDS)
        if places is not None:
            shutil.rmtree(places.root, ignore_errors=True)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop everything."""
        self.close()

    async def __aenter__(self) -> Self:
        """Start everything without blocking the event loop."""
        return await asyncio.to_thread(self.__enter__)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Stop everything without blocking the event loop."""
        await asyncio.to_thread(self.close)

    def _started(self) -> Layout:
        if self._layout is None:
            msg = "the stack is used before it is entered"
            raise RuntimeError(msg)
        return self._layout

    def _save(self) -> None:
        if self._places is not None:
            parts = tuple(records.recorded(child, "ready") for child in self._children.values())
            records.write(self._places.record, Run(owner=Process.current(), parts=parts))


def wait_until_ready(children: Sequence[Child], patience: float) -> None:
    """Return when all answer; raises with the end of its log when one ends or takes too long."""
    deadline = time.monotonic() + patience
    waiting = list(children)
    while waiting:
        waiting = [child for child in waiting if not child.part.ready()]
        for child in waiting:
            if not child.alive or time.monotonic() > deadline:
                what = "does not answer" if child.alive else "ended at once"
                raise StackError(f"{child.part.name} {what}.", "\n".join(["Its log ends with:", *child.last_lines(20)]))
        if waiting:
            time.sleep(0.05)


def topics_command() -> list[str]:
    """Creates the topics that are not there yet."""
    return [sys.executable, "-m", "shared.messaging.topics_admin"]


def create_topics(env: Mapping[str, str]) -> None:
    """Create the topics, and say what went wrong if they cannot be."""
    done = subprocess.run(  # noqa: S603
        topics_command(), cwd=CHECKOUT, env=os.environ | dict(env), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise StackError("The topics could not be created.", done.stdout + done.stderr)


def sweep() -> None:
    """End and remove what earlier temporary stacks left behind when they were killed."""
    for record in Path(tempfile.gettempdir()).glob(f"{FOLDER}*/run.json"):
        run = records.read(record)
        if run is not None and run.owner.handle() is None:
            records.end_leftovers(record)
            shutil.rmtree(record.parent, ignore_errors=True)
