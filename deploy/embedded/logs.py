"""Follows the logs of all parts, line by line."""

from collections.abc import Callable
from pathlib import Path


class Follower:
    """Hands on every line that is written to a log after it was added."""

    def __init__(self, show: Callable[[str, str], None]) -> None:
        self._show = show
        self._read: dict[Path, int] = {}

    def add(self, log: Path) -> None:
        """Follow from what is there now."""
        self._read[log] = log.stat().st_size if log.exists() else 0

    def step(self) -> None:
        """Show what is new, whole lines only."""
        for log, position in self._read.items():
            size = log.stat().st_size if log.exists() else 0
            if size == position:
                continue
            start = position if size > position else 0  # the log was begun anew
            with log.open("rb") as file:
                file.seek(start)
                whole, _, _ = file.read().rpartition(b"\n")
            if whole:
                self._read[log] = start + len(whole) + 1
                for line in whole.decode(errors="replace").splitlines():
                    self._show(log.stem, line)
