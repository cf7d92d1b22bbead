"""More of the same: owners' logs get further events about what they tell of already, at a steady pace."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import cycle
from typing import NamedTuple

from shared.events.authors import AuthorCredited
from shared.events.base import AccountId, Event
from shared.events.follows import FollowCreated
from shared.events.works import WorkImported, WorkUpdated
from shared.messaging.eventlog import EVENTS, Append, EventLog
from shared.mongo import Mongo, Session

IN_TRANSACTION = 20


class _Aggregate(NamedTuple):
    topic: str
    subject: str


class Echo:
    """Writes as works and profiles write: credits and works again with another year, and new follows."""

    def __init__(self, works: Mongo, profiles: Mongo) -> None:
        self._mongos = {"authors.v1": works, "works.v1": works, "follows.v1": profiles}
        self._logs = {topic: EventLog(mongo.database, "/test") for topic, mongo in self._mongos.items()}
        self._heads: dict[_Aggregate, int] = {}
        self._known: dict[str, dict[str, str]] = {"authors.v1": {}, "works.v1": {}}
        self._random = random.Random(4)
        self.written = 0

    async def learn(self) -> None:
        """Read what there is."""
        for mongo in {id(one): one for one in self._mongos.values()}.values():
            fields = {"topic": 1, "subject": 1, "sequence": 1, "type": 1, "data": 1}
            for event in await mongo.collection(EVENTS).find({}, fields).to_list(None):
                aggregate = _Aggregate(event["topic"], event["subject"])
                self._heads[aggregate] = max(event["sequence"], self._heads.get(aggregate, 0))
                if event["type"] in {"AuthorCredited", "WorkImported"} and not json.loads(event["data"])["is_new"]:
                    self._known[event["topic"]][event["subject"]] = event["data"]

    @asynccontextmanager
    async def coming(self, per_second: int) -> AsyncIterator[None]:
        """So many events a second, as long as the block lasts."""
        task = asyncio.create_task(self._write_on(per_second))
        try:
            yield
            assert not task.done(), task.exception()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _write_on(self, per_second: int) -> None:
        for topic in cycle(["authors.v1", "works.v1", "authors.v1", "follows.v1"]):
            pause = asyncio.create_task(asyncio.sleep(IN_TRANSACTION / per_second))
            await self._write(topic)
            await pause

    async def _write(self, topic: str) -> None:
        places = self._known["authors.v1" if topic == "follows.v1" else topic]
        chosen = self._random.sample(sorted(places), IN_TRANSACTION)
        appends = [self._append(topic, subject, places[subject]) for subject in chosen]

        async def work(session: Session) -> None:
            await self._logs[topic].append(session, appends)

        await self._mongos[topic].transaction(work)
        self._heads |= {_Aggregate(topic, one.subject): one.after + 1 for one in appends}
        self.written += len(appends)

    def _append(self, topic: str, subject: str, data: str) -> Append:
        after = self._heads.get(_Aggregate(topic, subject), 0)
        return Append(topic, subject, after, [self._event(topic, subject, json.loads(data), after)])

    def _event(self, topic: str, subject: str, data: Mapping[str, object], after: int) -> Event:
        if topic == "follows.v1":
            reader = AccountId(f"reader-{self._random.randrange(10_000)}")
            return FollowCreated(followee_id=subject, account_id=reader, followers=after + 1)
        again = {**data, "year": 1990 + self._random.randrange(30)}
        if topic == "works.v1":
            return WorkUpdated.model_validate({**WorkImported.model_validate(data).model_dump(), "year": again["year"]})
        return AuthorCredited.model_validate(again)
