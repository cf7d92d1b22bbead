"""Leases: work that one process at a time should do, shared out over the processes that live.

No clock is trusted. A holder adds one to its beat; another process takes it for dead when it has seen the same beat for
`seconds` of its own time. So clocks that differ or jump neither keep a dead holder nor end a living one.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable, Sequence
from math import ceil
from typing import NamedTuple

import structlog
from pymongo.errors import DuplicateKeyError, PyMongoError

from shared.mongo import Document, Mongo

LEASES = "leases"
_TICKS = 4
"""Beats within the time after which a holder counts as dead."""
_RELEASE_SECONDS = 1.0
_log = structlog.get_logger()


class _Beat(NamedTuple):
    number: int
    seen_at: float


class Leases:
    """The leases `names` of one `kind`, as the process `holder` sees them."""

    def __init__(
        self,
        mongo: Mongo,
        kind: str,
        names: Sequence[str],
        holder: str,
        seconds: float,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._leases = mongo.collection(LEASES)
        self._kind, self._names, self._holder, self._seconds = kind, names, holder, seconds
        self._on_change = on_change
        self._held: frozenset[str] = frozenset()
        self._renewed = 0.0
        self._beats: dict[str, _Beat] = {}

    @property
    def held(self) -> frozenset[str]:
        """What this process may work on now: nothing when it could not renew in time, for others may have it."""
        return self._held if time.monotonic() - self._renewed < self._seconds else frozenset()

    async def run(self) -> None:
        """Renew until cancelled; then give back what is held, so that another takes it at its next look."""
        try:
            while True:
                with contextlib.suppress(PyMongoError):
                    await self.renew()
                await asyncio.sleep(self._seconds / _TICKS)
        finally:
            with contextlib.suppress(PyMongoError, TimeoutError):
                async with asyncio.timeout(_RELEASE_SECONDS):
                    await self._release()

    async def renew(self) -> None:
        """Beat once and look at the others: take what is free, give up what is more than a fair share."""
        now = time.monotonic()
        await self._leases.update_one(
            {"_id": self._id("beat", self._holder)},
            {"$set": {"kind": self._kind, "by": self._holder}, "$inc": {"beat": 1}},
            upsert=True,
        )
        found = await self._leases.find({"kind": self._kind}).to_list(None)
        alive = await self._alive([one for one in found if "beat" in one], now)
        holders = {one["name"]: one["holder"] for one in found if "name" in one}
        share = ceil(len(self._names) / len(alive))
        mine = [name for name in self._names if holders.get(name) == self._holder]
        for name in mine[share:]:
            await self._hand_over(name, self._holder, None)
        held = mine[:share]
        for name in self._names:
            holder = holders.get(name)
            if len(held) < share and holder not in alive and await self._hand_over(name, holder, self._holder):
                held.append(name)
        self._renewed = now
        self._keep(held)

    def _keep(self, held: Iterable[str]) -> None:
        before, self._held = self._held, frozenset(held)
        if before != self._held:
            _log.info("leases changed", kind=self._kind, held=len(self._held), of=len(self._names))
            self._on_change()

    async def _alive(self, beats: Sequence[Document], now: float) -> set[str]:
        numbers = {document["by"]: document["beat"] for document in beats}
        known = self._beats
        self._beats = {
            holder: known[holder] if holder in known and known[holder].number == number else _Beat(number, now)
            for holder, number in numbers.items()
        }
        dead = {holder for holder, beat in self._beats.items() if now - beat.seen_at >= self._seconds}
        for holder in dead:
            await self._leases.delete_one({"_id": self._id("beat", holder), "beat": numbers[holder]})
        return {*(numbers.keys() - dead), self._holder}

    async def _hand_over(self, name: str, before: str | None, after: str | None) -> bool:
        """Whether this process did it; false when another was first."""
        id_ = self._id("lease", name)
        document = {"_id": id_, "kind": self._kind, "name": name, "holder": after}
        try:
            done = await self._leases.replace_one({"_id": id_, "holder": before}, document, upsert=before is None)
        except DuplicateKeyError:
            return False
        return bool(done.matched_count or done.upserted_id is not None)

    async def _release(self) -> None:
        self._keep(())
        await self._leases.update_many({"kind": self._kind, "holder": self._holder}, {"$set": {"holder": None}})
        await self._leases.delete_one({"_id": self._id("beat", self._holder)})

    def _id(self, what: str, name: str) -> str:
        return f"{self._kind}/{what}/{name}"
