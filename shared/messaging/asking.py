"""Asking owners for the events that stale documents miss, each time after a longer pause."""

import time
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import structlog

from shared.errors import Problem
from shared.messaging.eventlog import Wanted
from shared.messaging.groups import Group
from shared.messaging.letters import Letters
from shared.messaging.owners import MOST_WANTED, Owners
from shared.mongo import IN_CHUNK
from shared.telemetry import HOLES, STALE

_LONGEST_PAUSE = 600.0
_AT_ONCE = 1000
"""Events of one aggregate asked for at once."""
_LOOKED_AT = 20_000
"""Stale documents of one group looked at in one go."""
_log = structlog.get_logger()


class _Hole(NamedTuple):
    group: str
    topic: str
    subject: str


class _Asked(NamedTuple):
    next_at: float
    pause: float


class Asking:
    """Knows what was asked for when. A hole is asked for when it is still there at the second look."""

    def __init__(self, owners: Owners, letters: Letters, first_pause: float) -> None:
        self._owners, self._letters, self._first = owners, letters, first_pause
        self._asked: dict[_Hole, _Asked] = {}

    async def ask(self, group: Group) -> None:
        """Ask for what the group's stale documents miss, unless a letter of the group holds it."""
        wanted: dict[str, list[Wanted]] = defaultdict(list)
        stale, after, open_holes = 0, "", set[_Hole]()
        while keys := await group.guard.flagged("stale", IN_CHUNK, after):
            stale, after = stale + len(keys), keys[-1]
            for topic, one in await self._missing(group, keys):
                open_holes.add(hole := _Hole(group.name, topic, one.subject or ""))
                if self._is_due(hole):
                    wanted[topic].append(one)
            if stale >= _LOOKED_AT:
                break
        else:
            self._forget_closed(group, open_holes)
        STALE.labels(group.name).set(stale)
        for topic, holes in wanted.items():
            await self._ask_owner(group, topic, holes)

    async def _missing(self, group: Group, keys: Iterable[str]) -> list[tuple[str, Wanted]]:
        slots = await group.guard.load(keys)
        letters = await self._letters.about(group.name, slots)
        failing = {(one.topic, one.subject, one.sequence) for one in letters if not one.is_unreadable}
        return [
            (topic, Wanted(topic, key, after, min(upto, after + _AT_ONCE)))
            for key, slot in slots.items()
            for topic, after, upto in slot.missing()
            if (topic, key, after + 1) not in failing
        ]

    async def _ask_owner(self, group: Group, topic: str, wanted: list[Wanted]) -> None:
        HOLES.labels(group.name).inc(len(wanted))
        _log.warning("events are missing: their owner sends them again", group=group.name, holes=len(wanted))
        for start in range(0, len(wanted), MOST_WANTED):
            some = wanted[start : start + MOST_WANTED]
            try:
                await self._owners.publish_again(topic, some)
            except Problem as problem:
                _log.warning("an owner cannot be asked", topic=topic, error=problem.detail)
                return
            for one in some:
                self._note_asked(_Hole(group.name, topic, one.subject or ""))

    def _is_due(self, hole: _Hole) -> bool:
        asked = self._asked.get(hole)
        if asked is None:
            self._asked[hole] = _Asked(time.monotonic() + self._first / 2, self._first)
            return False
        return time.monotonic() >= asked.next_at

    def _note_asked(self, hole: _Hole) -> None:
        pause = self._asked[hole].pause
        self._asked[hole] = _Asked(time.monotonic() + pause, min(pause * 2, _LONGEST_PAUSE))

    def _forget_closed(self, group: Group, open_holes: set[_Hole]) -> None:
        for hole in [hole for hole in self._asked if hole.group == group.name and hole not in open_holes]:
            del self._asked[hole]
