"""A load: follows of made-up followees, written as their owner writes, in transactions through its log."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count

from pymongo.errors import PyMongoError

from shared.errors import WriteConflict
from shared.events.base import AccountId
from shared.events.follows import FollowCreated, FollowEvent, FollowRemoved
from shared.messaging.eventlog import EVENTS, Append, EventLog
from shared.mongo import Mongo, Session, aggregate

TOPIC = FollowEvent.topic
TRANSACTION = 100
"""Events in one transaction."""
HOT_SHARE = 0.05
"""Of the events are one followee's."""
_TURNS = 5
"""Every fifth event of a followee is a farewell."""


class Writer:
    """Writes events until told to stop, through whatever becomes of the database."""

    def __init__(self, mongo: Mongo, followees: int = 400) -> None:
        self._mongo = mongo
        self._log = EventLog(mongo.database, "/bzpeer/profiles")
        self.followees = [f"followee-{n:04}" for n in range(followees)]
        self._chosen = random.Random(followees)
        self._heads: dict[str, int] = {}
        self.acknowledged: set[str] = set()
        """Ids of the events whose commit the database has confirmed."""
        self.failures = 0
        """Transactions that the database did not confirm."""

    async def write(self, events: int, *, per_second: float = 0) -> None:
        """Write so many events, confirmed ones; `per_second` bounds the pace."""
        target = len(self.acknowledged) + events
        while (left := target - len(self.acknowledged)) > 0:
            size = min(TRANSACTION, left)
            pause = asyncio.create_task(asyncio.sleep(size / per_second if per_second else 0))
            await self._write_some(self._choose(size))
            await pause

    @asynccontextmanager
    async def writing(self, events: int, *, per_second: float) -> AsyncIterator[None]:
        """Write as long as the block lasts, and until there are so many events more at least."""
        block_lasts = True

        async def go_on() -> None:
            while block_lasts:
                await self.write(TRANSACTION, per_second=per_second)

        target = len(self.acknowledged) + events
        task = asyncio.create_task(go_on())
        try:
            yield
            block_lasts = False
            await task
            await self.write(max(0, target - len(self.acknowledged)), per_second=per_second)
        finally:
            task.cancel()

    async def write_of(self, subjects: Sequence[str]) -> None:
        """One more event of each of these."""
        await self._write_some(subjects)

    def _choose(self, number: int) -> list[str]:
        hot = self.followees[0]
        return [
            hot if self._chosen.random() < HOT_SHARE else self._chosen.choice(self.followees) for _ in range(number)
        ]

    async def _write_some(self, subjects: Sequence[str]) -> None:
        appends = self._next_of(subjects)

        async def work(session: Session) -> list[str]:
            return [one.id for one in await self._log.append(session, appends)]

        try:
            written = await self._mongo.transaction(work)
        except (PyMongoError, WriteConflict):
            self.failures += 1
            await self.look_again()
        else:
            self.acknowledged.update(written)
            self._heads |= {append.subject: append.after + len(append.events) for append in appends}

    def _next_of(self, subjects: Sequence[str]) -> list[Append]:
        wanted: dict[str, int] = defaultdict(int)
        for subject in subjects:
            wanted[subject] += 1
        return [
            Append(TOPIC, subject, after, [_event(subject, after + place) for place in range(1, number + 1)])
            for subject, number in wanted.items()
            for after in [self._heads.get(subject, 0)]
        ]

    async def look_again(self) -> None:
        """A transaction without an answer may stand or not: read how far each followee's events go."""
        last = {"$group": {"_id": "$subject", "last": {"$max": "$sequence"}}}
        for _ in count():
            try:
                found = await aggregate(self._mongo.collection(EVENTS), [{"$match": {"topic": TOPIC}}, last])
            except PyMongoError:
                await asyncio.sleep(0.2)
            else:
                self._heads = {document["_id"]: document["last"] for document in found}
                return


def _event(subject: str, sequence: int) -> FollowEvent:
    kind = FollowRemoved if sequence % _TURNS == 0 else FollowCreated
    return kind(followee_id=subject, account_id=AccountId(f"account-{sequence}"), followers=followers_after(sequence))


def followers_after(sequence: int) -> int:
    """How many follow after so many events of one followee."""
    return sequence - 2 * (sequence // _TURNS)
