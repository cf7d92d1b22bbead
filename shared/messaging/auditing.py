"""Audits: what a group has seen, compared with what the owners have published, so that no lost event stays unnoticed.

A later event of the same aggregate betrays a missing one; for the last event of an aggregate there is only this.
"""

import asyncio
from contextlib import AbstractAsyncContextManager, AsyncExitStack

import structlog

from shared.events.decoding import todays_topic
from shared.messaging.eventlog import Heads
from shared.messaging.groups import Group
from shared.messaging.letters import Letters
from shared.messaging.owners import Owners
from shared.messaging.progress import Offsets, offsets_of
from shared.mongo import Mongo
from shared.settings import ServiceSettings
from shared.telemetry import AUDITED

AUDITS = "audits"
PAGE = 1000
_READ_SECONDS = 20.0
_log = structlog.get_logger()


class Auditor:
    """Audits groups, each from where its last audit ended."""

    def __init__(self, settings: ServiceSettings, mongo: Mongo, letters: Letters, owners: Owners) -> None:
        self._settings, self._letters, self._owners = settings, letters, owners
        self._audits = mongo.collection(AUDITS)

    async def audit(self, group: Group) -> int:
        """Compare what was published since the last audit, once the group has read that far; how many are behind.

        Those are noted as stale, and from then on asked for. -1: the group has not read that far.
        """
        behind = 0
        async with AsyncExitStack() as stack:
            kafka: Offsets | None = None
            for topic in dict.fromkeys(todays_topic(topic) for topic in group.topics):
                more = True
                while more:
                    heads = await self._owners.heads(topic, await self._place(group, topic), PAGE)
                    if heads.last is None:
                        break
                    if kafka is None:
                        kafka = await stack.enter_async_context(self._kafka())
                    if not await self._has_read(kafka, group):
                        return -1
                    behind += await self._compare(group, topic, heads)
                    await self._go_on(group, topic, heads.last)
                    more = heads.more  # what comes meanwhile is for the next audit, or this one would never end
        await self._letters.forget_seen(group.name, group.guard)
        return behind

    async def _compare(self, group: Group, topic: str, heads: Heads) -> int:
        seen = await group.guard.seen(topic, heads.sequences)
        behind = {subject: last for subject, last in heads.sequences.items() if seen.get(subject, 0) < last}
        AUDITED.labels(group.name).inc(len(heads.sequences))
        if behind:
            _log.warning("events never came", group=group.name, topic=topic, aggregates=len(behind))
            await group.guard.hear(topic, behind)
        return len(behind)

    def _kafka(self) -> AbstractAsyncContextManager[Offsets]:
        return offsets_of(self._settings.kafka_bootstrap_servers, self._settings.topic_prefix)

    async def _has_read(self, kafka: Offsets, group: Group) -> bool:
        """Whether the group reads, soon, all that Kafka has now."""
        try:
            async with asyncio.timeout(_READ_SECONDS):
                await kafka.until_read(group.name, group.topics, await kafka.ends(group.topics))
        except TimeoutError:
            return False
        return True

    async def forget(self, group: str) -> None:
        """Forget how far a group was compared that there is no more."""
        await self._audits.delete_many({"_id": {"$gt": f"{group}/", "$lt": f"{group}0"}})

    async def _place(self, group: Group, topic: str) -> str:
        document = await self._audits.find_one({"_id": f"{group.name}/{topic}"})
        return document["after"] if document else ""

    async def _go_on(self, group: Group, topic: str, after: str) -> None:
        await self._audits.replace_one({"_id": f"{group.name}/{topic}"}, {"after": after}, upsert=True)
