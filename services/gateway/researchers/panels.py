"""Panels: each asks one service within its budget, and falls back to what it knew last."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog
from prometheus_client import Counter
from pydantic import ValidationError

from services.gateway.caches import Bounded
from shared.errors import NotFound, Problem

T = TypeVar("T")
_log = structlog.get_logger()

MISSING = Counter("bzpeer_panels_missing_total", "Panels whose service did not answer in time", ["panel"])


@dataclass(frozen=True)
class Panel(Generic[T]):
    """A service's part of an answer. `failure` is why it is not fresh; `value` may then be the last known one."""

    name: str
    value: T | None
    failure: Exception | None = None

    @property
    def is_stale(self) -> bool:
        """Whether the value is one of before, because the service did not answer now."""
        return self.failure is not None and self.value is not None

    @property
    def is_gone(self) -> bool:
        """Whether the service answered that it knows nothing by this id."""
        return isinstance(self.failure, NotFound)


class PanelReader(Generic[T]):
    """Reads one kind of panel and remembers its last values."""

    def __init__(self, name: str, budget_seconds: float, entries: int) -> None:
        self.name = name
        self._budget = budget_seconds
        self._last_known: Bounded[str, T] = Bounded(entries)

    async def read(self, key: str, fetching: Awaitable[T]) -> Panel[T]:
        """The panel, within the budget whatever the service does. What it answers is remembered under `key`."""
        try:
            async with asyncio.timeout(self._budget):
                value = await fetching
        except (TimeoutError, Problem, ValueError) as failure:
            if isinstance(failure, NotFound):
                self._last_known.drop(key)
            self._note(failure)
            return Panel(self.name, self._last_known.get(key), failure)
        self._last_known.put(key, value)
        return Panel(self.name, value)

    def _note(self, failure: Exception) -> None:
        MISSING.labels(self.name).inc()
        if isinstance(failure, ValidationError):
            _log.error("a service answers what its client cannot read", panel=self.name, error=str(failure))
