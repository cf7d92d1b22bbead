"""A part: one process of the stack, as data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.embedded.places import CHECKOUT
from deploy.embedded.ports import LOOPBACK


def nothing() -> None:
    """For a part that needs no preparation."""


@dataclass(frozen=True, slots=True)
class Part:
    """How to start one process and how to see that it works."""

    name: str
    command: Sequence[str]
    port: int
    ready: Callable[[], bool]
    """Asks once, quickly; false while the part does not answer."""
    prepare: Callable[[], None] = nothing
    """Done before every start."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Variables on top of this process's own."""
    folder: Path = CHECKOUT
    """Where the process runs."""
    detail: str = ""
    """Which of several programs this is, for people."""

    @property
    def address(self) -> str:
        """Host and port."""
        return f"{LOOPBACK}:{self.port}"
