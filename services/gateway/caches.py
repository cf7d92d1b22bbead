"""A bounded memory: the entries used last stay, the others go."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Bounded(Generic[K, V]):
    """At most `entries` values, each for at most `seconds` (None: as long as there is room)."""

    def __init__(self, entries: int, seconds: float | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._entries = entries
        self._seconds = seconds
        self._clock = clock
        self._held: OrderedDict[K, tuple[float, V]] = OrderedDict()

    def get(self, key: K) -> V | None:
        """The value, or None when it is not held or too old."""
        held = self._held.get(key)
        if held is None:
            return None
        since, value = held
        if self._seconds is not None and self._clock() - since >= self._seconds:
            del self._held[key]
            return None
        self._held.move_to_end(key)
        return value

    def put(self, key: K, value: V) -> None:
        """Hold the value; the entry that was not used for the longest time makes room."""
        self._held[key] = (self._clock(), value)
        self._held.move_to_end(key)
        if len(self._held) > self._entries:
            self._held.popitem(last=False)

    def drop(self, key: K) -> None:
        """Forget the value, if it is held."""
        self._held.pop(key, None)

    def __len__(self) -> int:
        return len(self._held)
