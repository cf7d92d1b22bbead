"""The cases of `bzpeer bench projection` on one stack: one for each view and size."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bzpeer.bench.contest import Case
from bzpeer.bench.projection import ours, raw
from bzpeer.bench.projection.documents import Models, fill, make_models, remove
from bzpeer.bench.projection.kafka import Topics
from bzpeer.bench.projection.streams import Stream, stream
from bzpeer.bench.projection.workloads import WORKLOADS, Workload
from shared.messaging.eventlog import EventLog
from shared.messaging.views import Views
from shared.mongo import Collection, Mongo
from shared.settings import ServiceSettings

NAME = "projection"
GOAL = 0.8


@dataclass(frozen=True)
class Plan:
    """`in_view`: how many events the view holds beforehand, a case for each. `events`: those of one run."""

    views: Sequence[str]
    in_view: Sequence[int]
    events: int


async def cases(
    plan: Plan, settings: ServiceSettings, server: str, note: Callable[[str], None]
) -> AsyncGenerator[Case, None]:
    """Each case, ready to run. The view grows from one to the next."""
    for workload in WORKLOADS:
        if workload.name in plan.views:
            async with prepared(workload, settings) as bench:
                for in_view in sorted(plan.in_view):
                    note(f"{server}, {workload.name}: filling the view with {in_view:,} events")
                    await bench.grow(in_view)
                    made = stream(workload, bench.models, plan.events, in_view)
                    async with bench.on_kafka(made, f"bench.{workload.name}.{in_view}.") as topics:
                        yield bench.case(made, topics, server, in_view)


class ProjectionBench:
    """One view on one stack."""

    def __init__(self, workload: Workload, settings: ServiceSettings, mongo: Mongo) -> None:
        self.models = Models(())
        self._workload = workload
        self._projection = workload.projection
        self._settings = settings
        self._mongo = mongo
        self._views = Views(mongo, EventLog(mongo.database, "/bzpeer/bench"))
        self._filled = 0

    @property
    def collection(self) -> Collection:
        """Where the view is."""
        return self._views.collection(self._projection)

    async def prepare(self) -> None:
        """Create the view's indexes, and the documents to copy."""
        await self._views.prepare(self._projection)
        self.models = await make_models(self._workload, self._views)

    async def grow(self, in_view: int) -> None:
        """Fill the view up to so many events."""
        documents = in_view // self._workload.per_document
        await fill(self.collection, self.models, range(self._filled, documents), self._workload.per_document)
        self._filled = max(self._filled, documents)

    @asynccontextmanager
    async def on_kafka(self, made: Stream, prefix: str) -> AsyncIterator[Topics]:
        """Within this, the events are on Kafka; afterwards the view holds what it held before."""
        topics = Topics(self._settings.kafka_bootstrap_servers, prefix, self._projection.topics)
        await topics.start(made.envelopes)
        try:
            yield topics
            await self._put_back(made)
        finally:
            await topics.close()

    def case(self, made: Stream, topics: Topics, server: str, in_view: int) -> Case:
        """The view as it is now, as a case."""
        settings = self._settings.model_copy(update={"topic_prefix": topics.prefix})
        count = len(made.envelopes)

        async def reset() -> None:
            await self._put_back(made)
            for group in (raw.GROUP, self._projection.name):
                await topics.rewind(group)

        return Case(
            bench=NAME,
            labels={"server": server, "view": self._projection.name, "in view": f"{in_view:,}"},
            unit="events",
            count=count,
            goal=GOAL,
            reset=reset,
            raw=lambda meter: raw.run(made, topics, self.collection, settings, meter),
            ours=lambda meter: ours.run(self._projection, count, topics, self._mongo, self._views, settings, meter),
        )

    async def _put_back(self, made: Stream) -> None:
        await remove(self.collection, list(made.after))
        if made.before:
            await self.collection.insert_many(made.before, ordered=False)


@asynccontextmanager
async def prepared(workload: Workload, settings: ServiceSettings) -> AsyncIterator[ProjectionBench]:
    """The bench of a view, ready, in a database of its own that is dropped at the end."""
    mongo = Mongo(settings.mongodb_uri, f"{settings.database_prefix}bench_{workload.name}")
    try:
        bench = ProjectionBench(workload, settings, mongo)
        await bench.prepare()
        yield bench
        await mongo.database.client.drop_database(mongo.database.name)
    finally:
        mongo.close()
