"""Healing: what a group missed, could not take in or has not told of is found and put right, without anybody's help."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple

import structlog
from aiokafka.errors import KafkaError
from pymongo.errors import PyMongoError

from shared.clock import Clock
from shared.errors import Poison, Problem
from shared.ids import new_id
from shared.messaging.auditing import Auditor
from shared.messaging.eventlog import Wanted
from shared.messaging.groups import Member
from shared.messaging.handling import is_passing
from shared.messaging.leases import Leases
from shared.messaging.letters import Letters, reread
from shared.messaging.owners import MOST_WANTED, Owners
from shared.messaging.rebuilding import Rebuilder
from shared.messaging.views import Views
from shared.mongo import IN_CHUNK, Document, Mongo
from shared.settings import ServiceSettings
from shared.telemetry import HOLES, STALE

REBUILT = "rebuild"
"""What a document settles by when it does not know what was told of it."""
_LEASE_SECONDS = 15.0
_LONGEST_PAUSE = 600.0
_AT_ONCE = 1000
"""Events of one aggregate asked for at once."""
_log = structlog.get_logger()
Hole = tuple[str, str, str]


class _Asked(NamedTuple):
    next_at: float
    pause: float


class Healer:
    """Heals the groups of a service, in whichever of its processes holds the lease."""

    def __init__(
        self,
        settings: ServiceSettings,
        mongo: Mongo,
        views: Views,
        letters: Letters,
        members: Mapping[str, Member],
        owners: Owners,
        clock: Clock,
    ) -> None:
        self._settings, self._views, self._letters = settings, views, letters
        self._members, self._owners = members, owners
        holder = settings.instance or new_id()
        self._lease = Leases(mongo, "healing", ["all"], holder, _LEASE_SECONDS)
        self._auditor = Auditor(settings, mongo, letters, owners)
        self._rebuilder = Rebuilder(settings, mongo, views, letters, self._auditor, clock)
        self._asked: dict[Hole, _Asked] = {}
        self._places: dict[str, str] = defaultdict(str)

    async def run(self) -> None:
        """Look after the groups until cancelled."""
        loops = (
            self._lease.run(),
            self._repeat(self.look, self._settings.resync_seconds),
            self._repeat(self._audit, self._settings.audit_seconds),
            self._repeat(self._rebuild, self._settings.resync_seconds),
        )
        async with asyncio.TaskGroup() as tasks:
            for loop in loops:
                tasks.create_task(loop)

    async def look(self) -> None:
        """Retry what is due, ask for what is missing, tell what may not have been told."""
        braked = {name for name, member in self._members.items() if member.handling.is_braked}
        for letter in await self._letters.due([name for name in self._members if name not in braked]):
            await self._retry(letter)
        for member in list(self._members.values()):
            await self._ask(member)
            await self._tell(member)

    async def _repeat(self, work: Callable[[], Awaitable[None]], seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            if not self._lease.held:
                continue
            try:
                await work()
            except (PyMongoError, KafkaError, Problem, OSError, TimeoutError) as error:
                _log.warning("healing waits", error=str(error)[:200])

    async def _retry(self, letter: Document) -> None:
        member = self._members[letter["group"]]
        try:
            envelope = reread(letter)
            if envelope is not None:
                await member.handling.patiently([envelope])
        except Exception as error:
            if is_passing(error) and not isinstance(error, Poison):
                raise
            await self._letters.failed_again(letter, error)
        else:
            await self._letters.taken_in(letter)

    async def _ask(self, member: Member) -> None:
        """Ask owners for what stale documents miss, each time after a longer pause, unless a letter has it."""
        group = member.group
        keys = await group.guard.flagged("stale", IN_CHUNK, self._places[group.name])
        self._places[group.name] = keys[-1] if len(keys) == IN_CHUNK else ""
        STALE.labels(group.name).set(len(keys))
        if not keys:
            return
        letters = await self._letters.about(group.name, keys)
        failing = {(one.topic, one.subject, one.sequence) for one in letters if not one.is_unreadable}
        slots = await group.guard.load(keys)
        wanted: dict[str, list[Wanted]] = defaultdict(list)
        for key, slot in slots.items():
            for topic, after, upto in slot.missing():
                if (topic, key, after + 1) not in failing and self._is_due((group.name, topic, key)):
                    wanted[topic].append(Wanted(topic, key, after, min(upto, after + _AT_ONCE)))
        for topic, holes in wanted.items():
            HOLES.labels(group.name).inc(len(holes))
            _log.warning("events are missing: their owner sends them again", group=group.name, holes=len(holes))
            for start in range(0, len(holes), MOST_WANTED):
                await self._owners.publish_again(topic, holes[start : start + MOST_WANTED])

    def _is_due(self, hole: Hole) -> bool:
        now, first = time.monotonic(), self._settings.resync_seconds
        asked = self._asked.get(hole)
        if asked is None or now > asked.next_at + _LONGEST_PAUSE:
            self._asked[hole] = _Asked(now + first / 2, first)
            return False
        if now < asked.next_at:
            return False
        self._asked[hole] = _Asked(now + asked.pause, min(asked.pause * 2, _LONGEST_PAUSE))
        return True

    async def _tell(self, member: Member) -> None:
        view = member.group.view
        if view is None or view.settle is None or not self._is_read(member):
            return
        if keys := await self._views.slots(view, member.group.generation).flagged("untold", IN_CHUNK):
            await self._views.settle(view, keys, REBUILT)

    async def _audit(self) -> None:
        for member in list(self._members.values()):
            if self._is_read(member):
                await self._auditor.audit(member.group)

    async def _rebuild(self) -> None:
        for member in list(self._members.values()):
            if member.group.view is not None and not self._is_read(member):
                await self._rebuilder.conduct(member.group, member.group.view)

    def _is_read(self, member: Member) -> bool:
        view = member.group.view
        return view is None or member.group.generation == self._views.generations.of(view.name).generation
