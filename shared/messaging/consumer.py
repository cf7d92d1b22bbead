"""Consumers: the groups of one process. FastStream reads (docs/adr/0004), pointers say which views' generations."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker
from pymongo.errors import PyMongoError

from shared.clock import Clock, utc_now
from shared.errors import Conflict
from shared.messaging.envelope import Envelope
from shared.messaging.folding import Projection, V
from shared.messaging.groups import Group, Member, reaction_group, view_group
from shared.messaging.handling import Handling
from shared.messaging.healing import Healer
from shared.messaging.inbox import Handler
from shared.messaging.letters import Letters
from shared.messaging.owners import Owners, owners_over_http
from shared.messaging.subscription import Subscription
from shared.messaging.views import Views
from shared.mongo import Document, Mongo
from shared.settings import ServiceSettings
from shared.telemetry import LAG, forget_group

_log = structlog.get_logger()


class Consumers:
    """The consumer groups of one process. Offsets are committed only after a batch's handler has returned."""

    def __init__(
        self,
        settings: ServiceSettings,
        mongo: Mongo | None,
        views: Views | None,
        clock: Clock = utc_now,
        owners: Owners | None = None,
    ) -> None:
        self._clock, self._owners = clock, owners
        self._settings, self._mongo, self._views = settings, mongo, views
        self.letters = Letters(mongo, settings.retry_seconds, clock) if mongo is not None else None
        self._projections: list[Projection[Any]] = []
        self._reactions: list[Group] = []
        self._broadcasts: list[tuple[str, Sequence[str], Handler]] = []
        self.members: dict[str, Member] = {}
        self._listening: list[Subscription] = []
        self._wanted = self._started = False
        self.broker = KafkaBroker(
            settings.kafka_bootstrap_servers,
            acks="all",
            enable_idempotence=True,
            allow_auto_create_topics=False,
            graceful_timeout=settings.shutdown_seconds / 2,
            apply_types=False,
            logger=None,
        )

    @property
    def started(self) -> bool:
        """Whether what should run does: true as well in a process that was not asked to consume."""
        return self._started or not self._wanted

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """The topics of each group that this service has now, whichever process runs it."""
        return {group.name: group.topics for group in self._groups()}

    @property
    def broadcasts(self) -> dict[str, tuple[str, ...]]:
        """The topics of what every process hears for itself, by name."""
        return {name: tuple(topics) for name, topics, _ in self._broadcasts}

    def project(self, projection: Projection[V]) -> None:
        """Keep a view in step with its topics."""
        if self._views is None:
            raise ValueError("a service without a database keeps no views")
        self._projections.append(projection)

    def react(self, group: str, topics: Sequence[str], handler: Handler) -> None:
        """Give `handler` the topics' events in order per aggregate, each at least once and hardly ever twice."""
        if self._mongo is None:
            raise ValueError("a service without a database has no inbox")
        self._reactions.append(reaction_group(self._mongo, group, topics, handler))

    def broadcast(self, name: str, topics: Sequence[str], handler: Handler) -> None:
        """Give `handler` every event from now on, in every process that asks: for what lives only in memory."""
        self._broadcasts.append((name, topics, handler))

    async def prepare(self) -> None:
        """Create the indexes of the groups' inboxes and letters. The views' are created by whoever reads them too."""
        if self.letters is not None:
            await self.letters.prepare()
        for group in self._reactions:
            await group.guard.prepare()

    async def run(self) -> None:
        """Join the groups, waiting for Kafka as long as it takes, and consume until cancelled."""
        self._wanted = True
        healer = asyncio.create_task(self._heal(), name="healing")
        try:
            await self._patiently_start()
            while True:
                await asyncio.sleep(self._settings.pointer_seconds)
                await self._patiently_follow()
                if healer.done() and self._mongo is not None:
                    healer.result()
        finally:
            healer.cancel()
            await asyncio.gather(healer, return_exceptions=True)
            await asyncio.gather(*(one.stop() for one in self._subscriptions()), return_exceptions=True)
            await self.broker.stop()
            self._started = False

    async def discard(self, letter: Document) -> None:
        """Give up an event that could not be taken in: its group goes on with what follows it.

        An unreadable record is only forgotten, for nobody knows whether it is what it says: if events are missing for
        it, their owner is asked for them. Raises Conflict while an event before it is missing.
        """
        groups = {group.name: group for group in self._groups(building=True)}
        group, letters = groups.get(letter["group"]), self.letters
        if letters is None:
            return
        if group is not None and not letter.get("unreadable"):
            subject, sequence = letter["subject"], letter["sequence"]
            if not await group.guard.skip(subject, letter["topic"], sequence):
                raise Conflict(f"An event of {subject} before {sequence} is not taken in yet; see to that one first.")
        await letters.forget(letter)

    async def stuck(self) -> list[str]:
        """Names of the groups that come no further."""
        return [one.group for one in self._subscriptions() if await one.is_stuck(self._settings.stuck_seconds)]

    async def observe_lag(self) -> None:
        """Set the lag metric to what it is now."""
        LAG.clear()
        for subscription in self._subscriptions():
            for (topic, partition), behind in (await subscription.lag()).items():
                LAG.labels(subscription.group, topic, partition).set(behind)

    async def _heal(self) -> None:
        if self._mongo is None or self._views is None or self.letters is None:
            return
        async with owners_over_http(self._settings) as over_http:
            owners = self._owners or over_http
            await Healer(
                self._settings, self._mongo, self._views, self.letters, self.members, owners, self._clock
            ).run()

    def _subscriptions(self) -> list[Subscription]:
        return [*self._listening, *(one.subscription for one in self.members.values())]

    async def _patiently_start(self) -> None:
        pause = 0.2
        while not self._started:
            try:
                await self.broker.start()
                await self._follow()
                await self._listen()
                self._started = True
            except Exception as error:  # noqa: BLE001 - whatever it is, the broker is not there yet
                _log.warning("consumers wait for Kafka", error=str(error), seconds=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)

    async def _patiently_follow(self) -> None:
        try:
            await self._follow()
        except (KafkaError, PyMongoError, OSError) as error:
            _log.warning("a group waits for a server", error=str(error)[:200])

    async def _follow(self) -> None:
        """Join the groups of the generations that are read or built now, and leave those that are not."""
        if self._views is not None:
            with suppress(PyMongoError):
                await self._views.generations.refresh()
        wanted = {group.name: group for group in self._groups(building=True)}
        for name in [name for name in self.members if name not in wanted]:
            await self._leave(self.members.pop(name))
        for name, group in wanted.items():
            if name not in self.members:
                await self._join(group)

    async def _leave(self, member: Member) -> None:
        await member.subscription.stop()
        forget_group(member.group.name)
        view, number = member.group.view, member.group.generation
        if view is not None and self._views is not None and number > self._views.generations.of(view.name).generation:
            await self._views.drop(view, number)  # its rebuild was cancelled

    async def _join(self, group: Group) -> None:
        if group.view is not None and self._views is not None:
            await self._views.prepare(group.view, group.generation)
        handling = Handling(group.name, group.take, self.letters, self._settings)
        subscription = Subscription(
            self.broker, self._settings, group.name, group.topics, handling.handle, self.letters, shared=True
        )
        await _start(subscription)
        self.members[group.name] = Member(group, handling, subscription)

    async def _listen(self) -> None:
        for name, topics, handler in self._broadcasts[len(self._listening) :]:
            handling = Handling(name, partial(_told, handler), None, self._settings)
            subscription = Subscription(self.broker, self._settings, name, topics, handling.handle, None, shared=False)
            await _start(subscription)
            self._listening.append(subscription)

    def _groups(self, *, building: bool = False) -> list[Group]:
        groups = list(self._reactions)
        views = self._views
        if views is None:
            return groups
        for projection in self._projections:
            pointer = views.generations.of(projection.name)
            numbers = [pointer.generation]
            if building and pointer.building is not None:
                numbers.append(pointer.building.generation)
            groups += [view_group(views, projection, number) for number in numbers]
        return groups


async def _start(subscription: Subscription) -> None:
    try:
        await subscription.start()
    except BaseException:
        await asyncio.gather(subscription.stop(), return_exceptions=True)
        raise


async def _told(handler: Handler, envelopes: Sequence[Envelope]) -> int:
    await handler(envelopes)
    return len(envelopes)
