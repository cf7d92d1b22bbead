"""What the stack tells whoever started it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from deploy.embedded.parts import Part


class Reporter(Protocol):
    """The terminal of `bzpeer up`, or what stands for it in a test."""

    def progress(self, name: str, size: int) -> AbstractContextManager[Callable[[int], None]]:
        """A file is being fetched; the context takes the number of bytes as they arrive."""

    def ready(self, part: Part, seconds: float) -> None:
        """A part answers."""

    def note(self, text: str) -> None:
        """Something to know."""

    def trouble(self, text: str, lines: Sequence[str] = ()) -> None:
        """Something went wrong, with lines of a log."""

    def log(self, name: str, line: str) -> None:
        """A line that a part has written."""
