"""The log, the relay, Kafka and a view together, on real servers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from functools import partial

import pytest
from aiokafka import AIOKafkaProducer
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import BaseModel

from shared import telemetry
from shared.clock import utc_now
from shared.events.accounts import AccountRegistered
from shared.events.authors import AuthorIdentified
from shared.events.base import AccountId, AuthorId
from shared.messaging.consumer import Consumers
from shared.messaging.envelope import Envelope, to_headers
from shared.messaging.eventlog import EVENTS, Append, EventLog, Heads, Wanted
from shared.messaging.folding import Moment, Projection
from shared.messaging.letters import DEAD_LETTERS
from shared.messaging.relay import Relay
from shared.messaging.views import Views
from shared.mongo import Mongo, Session
from shared.settings import ServiceSettings
from tests.waiting import until

UNFIT = "unfit"
BROKEN = [True]
"""Empty when the release is mended."""


class Names(BaseModel):
    """Every name that an author has had, and how many of them were told on."""

    names: tuple[str, ...] = ()
    told: int = 0


def apply(view: Names | None, envelope: Envelope) -> Names | None:
    event = envelope.event
    if not isinstance(event, AuthorIdentified):
        return view
    if event.name == UNFIT and BROKEN:
        raise ZeroDivisionError("no view can take this in")
    view = view or Names()
    return view.model_copy(update={"names": (*view.names, event.name)})


def settle(view: Names, _: Moment) -> tuple[Names, Sequence[AccountRegistered]]:
    news = [AccountRegistered(account_id=AccountId(name)) for name in view.names[view.told :]]
    return view.model_copy(update={"told": len(view.names)}), news


def resume(view: Names, last: Envelope | None) -> Names:
    return view.model_copy(update={"told": last.sequence if last else 0})


@contextmanager
def mended() -> Iterator[Callable[[], None]]:
    """A release that can be mended while it runs."""
    try:
        yield BROKEN.clear
    finally:
        BROKEN[:] = [True]


PLAIN = Projection("plain.v1", ("authors.v1",), Names, apply)
TELLING = Projection("telling.v1", ("authors.v1",), Names, apply, settle, resume, tells=AccountRegistered.topic)


class OwnLog:
    """A log that is asked directly."""

    def __init__(self, log: EventLog) -> None:
        self.log = log

    async def publish_again(self, topic: str, wanted: Sequence[Wanted]) -> None:
        assert {one.topic for one in wanted} == {topic}
        await self.log.publish_again(wanted)

    async def heads(self, topic: str, after: str, limit: int) -> Heads:
        return await self.log.heads(topic, after, timedelta(), limit)


class Service:
    """The least service there can be: a log, a relay, and two views of its own events."""

    def __init__(self, settings: ServiceSettings, mongo: Mongo) -> None:
        self.settings, self.mongo = settings, mongo
        self.log = EventLog(mongo.database, "/test")
        self.views = Views(mongo, self.log)

    async def say(self, subject: str, after: int, *names: str) -> None:
        events = [AuthorIdentified(author_id=AuthorId(subject), slug=subject, name=name) for name in names]

        async def work(session: Session) -> None:
            await self.log.append(session, [Append("authors.v1", subject, after, events)])

        await self.mongo.transaction(work)

    async def names(self, projection: Projection[Names], subject: str) -> tuple[str, ...]:
        found = await self.views.get(projection, subject)
        return found.value.names if found else ()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Consumers]:
        consumers = Consumers(self.settings, self.mongo, self.views, owners=OwnLog(self.log))
        await consumers.prepare()
        consumers.project(PLAIN)
        consumers.project(TELLING)
        tasks = [asyncio.create_task(consumers.run()), asyncio.create_task(Relay(self.settings, self.mongo).run())]
        try:
            yield consumers
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def service(topics: ServiceSettings, mongo: Mongo) -> Service:
    made = Service(topics, mongo)
    await made.log.prepare()
    for projection in (PLAIN, TELLING):
        await made.views.prepare(projection)
    return made


async def test_what_is_said_reaches_every_view_in_order(service: Service) -> None:
    async with service.running():
        await service.say("a", 0, "one", "two")
        await service.say("b", 0, "other")
        await service.say("a", 2, "three")
        for projection in (PLAIN, TELLING):
            await until(partial(service.names, projection, "a"), equals=("one", "two", "three"))
            await until(partial(service.names, projection, "b"), equals=("other",))
        unpublished = service.mongo.collection(EVENTS).count_documents
        await until(lambda: unpublished({"unpublished": True}), equals=0)


async def test_what_was_said_while_nothing_ran_is_published_afterwards(service: Service) -> None:
    await service.say("a", 0, "early")
    async with service.running():
        await until(lambda: service.names(PLAIN, "a"), equals=("early",))


async def test_a_view_that_settles_says_each_thing_once_though_the_relay_sends_twice(service: Service) -> None:
    async with service.running():
        await service.say("a", 0, "one", "two")
        await until(lambda: service.names(TELLING, "a"), equals=("one", "two"))
    events = service.mongo.collection(EVENTS)
    await events.update_many({}, {"$set": {"unpublished": True}})
    async with service.running():
        await service.say("a", 2, "three")
        await until(lambda: service.names(TELLING, "a"), equals=("one", "two", "three"))
        await until(lambda: service.names(PLAIN, "a"), equals=("one", "two", "three"))
    told = await events.find({"type": "AccountRegistered"}).sort("sequence", 1).to_list(None)
    assert [one["sequence"] for one in told] == [1, 2, 3]


async def test_of_two_writers_of_one_aggregate_the_second_continues_after_the_first(service: Service) -> None:
    async def take_a_turn(name: str) -> None:
        async def work(session: Session) -> None:
            events = service.mongo.collection(EVENTS)
            after = await events.count_documents({"subject": "a"}, session=session)
            event = AuthorIdentified(author_id=AuthorId("a"), slug="a", name=name)
            await service.log.append(session, [Append("authors.v1", "a", after, [event])])

        await service.mongo.transaction(work)

    await asyncio.gather(*(take_a_turn(f"n{n}") for n in range(8)))
    found = await service.mongo.collection(EVENTS).find({}).to_list(None)
    assert sorted(one["sequence"] for one in found) == list(range(1, 9))


def spoiled(**headers: bytes | None) -> tuple[bytes, list[tuple[str, bytes | None]]]:
    """An event whose record has these headers instead of the right ones."""
    event = AuthorIdentified(author_id=AuthorId("b"), slug="b", name="spoiled")
    right = dict(to_headers(Envelope("e", "/test", "b", 1, utc_now(), event)))
    return event.model_dump_json().encode(), list({**right, **headers}.items())


SPOILED = {
    "no header at all": (b"{}", []),
    "no JSON": (b"{nonsense", spoiled()[1]),
    "tombstone": (None, spoiled()[1]),
    "header without a value": spoiled(ce_sequence=None),
    "header that is no text": spoiled(ce_type=b"\xff"),
    "time that no clock shows": spoiled(ce_time=b"0001-01-01T00:00:00+23:59"),
    "sequence before the first": spoiled(ce_sequence=b"0"),
    "sequence beyond all": spoiled(ce_sequence=b"9" * 50),
}


async def test_messages_that_cannot_be_read_are_kept_and_stop_and_lose_nothing(service: Service) -> None:
    topic = service.settings.topic_prefix + "authors.v1"
    async with AIOKafkaProducer(bootstrap_servers=service.settings.kafka_bootstrap_servers) as producer:
        for value, headers in SPOILED.values():
            await producer.send_and_wait(topic, value, key=b"a", headers=headers)
    await service.say("a", 0, "one")
    async with service.running():
        for projection in (PLAIN, TELLING):
            await until(partial(service.names, projection, "a"), equals=("one",))
        letters = service.mongo.collection(DEAD_LETTERS)
        await until(lambda: letters.count_documents({"key": b"a"}), equals=2 * len(SPOILED))


async def test_a_header_that_is_not_ours_is_left_alone_whatever_it_holds(service: Service) -> None:
    topic = service.settings.topic_prefix + "authors.v1"
    foreign: dict[str, bytes | None] = {"traced-by": b"\xff", "empty": None, "reply_to": b"nowhere"}
    value, headers = spoiled(**foreign)
    async with AIOKafkaProducer(bootstrap_servers=service.settings.kafka_bootstrap_servers) as producer:
        await producer.send_and_wait(topic, value, key=b"b", headers=headers)
    async with service.running():
        for projection in (PLAIN, TELLING):
            await until(partial(service.names, projection, "b"), equals=("spoiled",))
        assert await service.mongo.collection(DEAD_LETTERS).count_documents({}) == 0


async def test_an_event_that_a_view_cannot_take_in_stops_its_own_author_alone(service: Service) -> None:
    await service.say("a", 0, "one", UNFIT, "three")
    await service.say("b", 0, "other")
    async with service.running():
        letters = service.mongo.collection(DEAD_LETTERS)
        await until(lambda: letters.count_documents({"error": {"$regex": "no view can take"}}), equals=2)
        for projection in (PLAIN, TELLING):
            await until(partial(service.names, projection, "b"), equals=("other",))
            await until(partial(service.names, projection, "a"), equals=("one",))
    letter = await letters.find_one({"group": PLAIN.name})
    assert letter is not None
    assert (letter["key"], letter["topic"], letter["sequence"]) == (b"a", "authors.v1", 2)
    assert "in apply" in letter["stack"]


async def test_an_event_that_fails_is_tried_again_and_then_all_that_waited_for_it_follows(service: Service) -> None:
    service.settings.retry_seconds = (0.1,) * 300
    service.settings.resync_seconds = 0.1
    with mended() as mend:
        await service.say("a", 0, "one", UNFIT, "three")
        async with service.running():
            letters = service.mongo.collection(DEAD_LETTERS)
            await until(lambda: letters.count_documents({"attempts": {"$gte": 3}}), equals=2)
            mend()
            for projection in (PLAIN, TELLING):
                await until(partial(service.names, projection, "a"), equals=("one", UNFIT, "three"))
            await until(lambda: letters.count_documents({}), equals=0)


async def test_after_the_last_attempt_a_letter_waits_for_an_operator(service: Service) -> None:
    service.settings.retry_seconds = (0.1,)
    service.settings.resync_seconds = 0.1
    await service.say("a", 0, "one", UNFIT, "three")
    async with service.running() as consumers:
        assert consumers.letters is not None
        letters = consumers.letters.collection
        await until(lambda: letters.count_documents({"state": "dead", "attempts": 2}), equals=2)
        of_plain, of_telling = [await letters.find_one({"group": one.name}) for one in (PLAIN, TELLING)]
        assert of_plain is not None
        assert of_telling is not None
        await consumers.discard(of_plain)
        await until(lambda: service.names(PLAIN, "a"), equals=("one", "three"))
        with mended() as mend:
            mend()
            await consumers.letters.retry(of_telling["_id"])
            await until(lambda: service.names(TELLING, "a"), equals=("one", UNFIT, "three"))
        await until(lambda: letters.count_documents({}), equals=0)


async def test_when_everything_fails_the_group_stops_and_goes_on_with_a_mended_release(service: Service) -> None:
    service.settings.brake_failures, service.settings.brake_seconds = 5, 0.2
    subjects = [f"s{n}" for n in range(20)]
    for subject in subjects:
        await service.say(subject, 0, UNFIT)
    with mended() as mend:
        async with service.running() as consumers:
            await until(lambda: braked(consumers), equals={PLAIN.name, TELLING.name})
            letters = service.mongo.collection(DEAD_LETTERS)
            assert await letters.count_documents({}) < 2 * 5
            mend()
            for subject in subjects:
                await until(partial(service.names, PLAIN, subject), equals=(UNFIT,))
            await until(lambda: braked(consumers), equals=set[str]())


async def braked(consumers: Consumers) -> set[str]:
    return {name for name, member in consumers.members.items() if member.handling.is_braked}


async def test_events_that_the_broker_lost_are_sent_again_the_last_one_too(service: Service) -> None:
    service.settings.resync_seconds = service.settings.audit_seconds = 0.2
    await service.say("a", 0, "one", "two", "three")
    await service.say("b", 0, "only")
    events = service.mongo.collection(EVENTS)
    lost = {"$or": [{"subject": "a", "sequence": 2}, {"subject": "b"}]}
    await events.update_many(lost, {"$unset": {"unpublished": ""}})
    async with service.running():
        for projection in (PLAIN, TELLING):
            await until(partial(service.names, projection, "a"), equals=("one", "two", "three"))
            await until(partial(service.names, projection, "b"), equals=("only",))
        stale = service.views.collection(PLAIN)
        await until(lambda: stale.count_documents({"stale": True}), equals=0)


async def test_a_view_is_rebuilt_while_events_keep_coming_and_tells_nothing_twice(service: Service) -> None:
    service.settings.resync_seconds = service.settings.pointer_seconds = 0.2
    for n in range(40):
        await service.say(f"s{n}", 0, f"first {n}", "second")
    async with service.running():
        await until(lambda: service.names(TELLING, "s39"), equals=("first 39", "second"))
        await service.views.generations.start(TELLING.name, utc_now(), swap=True)
        for n in range(40):
            await service.say(f"s{n}", 2, "third")
        generations = service.views.generations

        async def generation() -> int:
            await generations.refresh()
            return generations.of(TELLING.name).generation

        await until(generation, equals=2)
        result = generations.of(TELLING.name).last
        assert result is not None
        assert (result.equal, result.differing, result.missing, result.extra) == (40, 0, 0, 0), result.examples
        await service.say("s0", 3, "fourth")
        await until(lambda: service.names(TELLING, "s0"), equals=("first 0", "second", "third", "fourth"))
        untold = service.views.collection(TELLING)
        await until(lambda: untold.count_documents({"untold": True}), equals=0)
    told = await service.mongo.collection(EVENTS).find({"type": "AccountRegistered"}).to_list(None)
    assert len(told) == 40 * 3 + 1


async def test_one_trace_runs_through_the_relay_every_attempt_and_what_is_told(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.settings.retry_seconds = (0.1, 0.1, 60)
    service.settings.resync_seconds = 0.1
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(telemetry, "_tracer", provider.get_tracer("test"))
    monkeypatch.setattr(telemetry, "_exported", {"memory"})
    traces = {name: f"{n:032x}" for n, name in enumerate(("other", "good", "bad"), start=1)}
    for name, text in (("other", "x"), ("good", "y"), ("bad", UNFIT)):
        event = AuthorIdentified(author_id=AuthorId(name), slug=name, name=text)
        append = Append("authors.v1", name, 0, [event], f"00-{traces[name]}-{1:016x}-01")

        async def work(session: Session, append: Append = append) -> None:
            await service.log.append(session, [append])

        await service.mongo.transaction(work)
    async with service.running():
        letters = service.mongo.collection(DEAD_LETTERS)
        await until(lambda: letters.count_documents({"attempts": {"$gte": 2}}), equals=2)
        await until(lambda: service.names(TELLING, "good"), equals=("y",))
    spans = [(span.name, f"{span.context.trace_id:032x}") for span in exporter.get_finished_spans() if span.context]
    for trace in traces.values():
        assert {PLAIN.name, TELLING.name} <= {name for name, of in spans if of == trace}
    assert spans.count((PLAIN.name, traces["bad"])) >= 3
    told = await service.mongo.collection(EVENTS).find_one({"type": "AccountRegistered", "subject": "good"})
    assert told is not None
    assert told["traceparent"].split("-")[1] == traces["good"]
    assert "relay" in {name for name, _ in spans}
