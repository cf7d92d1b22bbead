"""Healing: what a group missed, could not take in or has not told of is found and put right, without anybody's help."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog

from shared.clock import Clock
from shared.ids import new_id
from shared.messaging.asking import Asking
from shared.messaging.auditing import Auditor
from shared.messaging.groups import Member
from shared.messaging.handling import is_passing
from shared.messaging.leases import Leases
from shared.messaging.letters import Letters, reread
from shared.messaging.owners import Owners
from shared.messaging.rebuilding import Rebuilder
from shared.messaging.views import Views
from shared.mongo import IN_CHUNK, Document, Mongo
from shared.settings import ServiceSettings

REBUILT = "rebuild"
"""What a document settles by when it does not know what was told of it."""
_LEASE_SECONDS = 15.0
_log = structlog.get_logger()


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
        self._settings, self._views, self._letters, self._members = settings, views, letters, members
        self._lease = Leases(mongo, "healing", ["all"], settings.instance or new_id(), _LEASE_SECONDS)
        self._asking = Asking(owners, letters, settings.resync_seconds)
        self._auditor = Auditor(settings, mongo, letters, owners)
        self._rebuilder = Rebuilder(settings, views, letters, self._auditor, clock)

    async def run(self) -> None:
        """Look after the groups until cancelled."""
        settings = self._settings
        loops = (
            self._lease.run(),
            self._repeat(self._retry_due, settings.resync_seconds),
            self._repeat(self._for_each(self._ask_and_tell), settings.resync_seconds),
            self._repeat(self._for_each(self._audit), settings.audit_seconds),
            self._repeat(self._for_each(self._rebuild), settings.resync_seconds),
        )
        async with asyncio.TaskGroup() as tasks:
            for loop in loops:
                tasks.create_task(loop)

    async def _repeat(self, work: Callable[[], Awaitable[None]], seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            if self._lease.held:
                await _safely(work(), "healing")

    def _for_each(self, work: Callable[[Member], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        async def for_each() -> None:
            for member in list(self._members.values()):
                await _safely(work(member), member.group.name)

        return for_each

    async def _retry_due(self) -> None:
        groups = [name for name, member in self._members.items() if not member.handling.is_braked]
        for letter in await self._letters.due(groups):
            await _safely(self._retry(letter), letter["group"])

    async def _retry(self, letter: Document) -> None:
        member = self._members.get(letter["group"])
        if member is None:
            return
        try:
            envelope = reread(letter)
            if envelope is not None:
                await member.handling.once([envelope])
        except Exception as error:
            if is_passing(error):
                await self._letters.put_off(letter)
                raise
            await self._letters.failed_again(letter, error)
        else:
            await self._letters.taken_in(letter)

    async def _ask_and_tell(self, member: Member) -> None:
        if not member.handling.is_braked:
            await self._asking.ask(member.group)
        view = member.group.view
        if view is None or view.settle is None or not self._is_read(member):
            return
        after, slots = "", self._views.slots(view, member.group.generation)
        while keys := await slots.flagged("untold", IN_CHUNK, after):
            await _safely(self._views.settle(view, keys, REBUILT), member.group.name)
            after = keys[-1]

    async def _audit(self, member: Member) -> None:
        if self._is_read(member):
            await self._auditor.audit(member.group)

    async def _rebuild(self, member: Member) -> None:
        if member.group.view is not None and not self._is_read(member):
            await self._rebuilder.conduct(member.group, member.group.view)

    def _is_read(self, member: Member) -> bool:
        view = member.group.view
        return view is None or member.group.generation == self._views.generations.of(view.name).generation


async def _safely(work: Awaitable[object], name: str) -> None:
    """Whatever fails, the others are looked after."""
    try:
        await work
    except Exception as error:  # noqa: BLE001 - see above; what is away comes back, what is wrong is said
        _log.warning("healing waits", group=name, error=repr(error)[:300])
