"""The stack of the fault tests: parts can be added and frozen, and a service's roles run as processes of their own."""

import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Literal

from deploy.embedded.child import Child
from deploy.embedded.parts import Part
from deploy.embedded.places import Places
from deploy.embedded.ports import LOOPBACK, free_ports
from deploy.embedded.services import is_ready
from deploy.embedded.stack import TemporaryStack
from shared.service import Role

QUICK: Mapping[str, str] = {
    "BZPEER_RETRY_SECONDS": "[0.5, 1, 2, 4]",
    "BZPEER_BRAKE_SECONDS": "2",
    "BZPEER_RESYNC_SECONDS": "0.5",
    "BZPEER_AUDIT_SECONDS": "3",
    "BZPEER_LEASE_SECONDS": "2",
    "BZPEER_POINTER_SECONDS": "0.5",
}
"""The waits of production, made short."""


class FaultyStack(TemporaryStack):
    """A stack whose parts can be added to, frozen, and robbed of what they have written."""

    @property
    def folder(self) -> Path:
        """Where everything lies."""
        return self._found().root

    @property
    def broker_log(self) -> Path:
        """Where Kafka keeps its log."""
        return self._found().data / "kafka"

    @property
    def database(self) -> Path:
        """Where the database server keeps its files."""
        assert self.wanted.server is not None
        return self._found().data / self.wanted.server.kind

    def add_process(
        self,
        name: str,
        module: str,
        roles: Sequence[Role],
        *,
        port: int | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        """A process with some roles of a service, under a name of its own. It is not started yet."""
        port = port or free_ports(1)[0]
        place = {"BZPEER_HOST": LOOPBACK, "BZPEER_PORT": str(port), "BZPEER_INSTANCE": name}
        part = Part(
            name=name,
            command=[sys.executable, "-m", module, *(word for role in roles for word in ("--role", role))],
            port=port,
            ready=partial(is_ready, port),
            env={**self.env, **place, **(env or {})},
        )
        self._children[name] = Child(part, self._found().logs / f"{name}.log")

    def alive(self, name: str) -> bool:
        """Whether the part's process runs."""
        return self._children[name].alive

    def end_each(self, *names: str, by: Literal["SIGTERM", "SIGKILL"]) -> None:
        """End parts one after another."""
        for name in names:
            self.kill(name) if by == "SIGKILL" else self.stop(name)

    def close(self) -> None:
        """Kill what runs, and remove the folder: nobody looks at how these end."""
        for child in self._children.values():
            child.kill()
        super().close()

    @contextmanager
    def frozen(self, *names: str) -> Iterator[None]:
        """SIGSTOP, and SIGCONT at the end: processes that others take for dead, and that come back."""
        for name in names:
            self._children[name].send(signal.SIGSTOP)
        try:
            yield
        finally:
            for name in names:
                self._children[name].send(signal.SIGCONT)

    def _found(self) -> Places:
        if self._places is None:
            raise RuntimeError("the stack is used before it is entered")
        return self._places
