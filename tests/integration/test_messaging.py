"""The log, the relay, Kafka and a view together, on real servers."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

import pytest
from aiokafka import AIOKafkaProducer
from pydantic import BaseModel

from shared.clock import utc_now
from shared.events.accounts import AccountRegistered
from shared.events.authors import AuthorIdentified
from shared.events.base import AccountId, AuthorId
from shared.messaging.consumer import DEAD_LETTERS, Consumers
from shared.messaging.envelope import Envelope, to_headers
from shared.messaging.eventlog import EVENTS, Append, EventLog
from shared.messaging.folding import Moment, Projection
from shared.messaging.relay import Relay
from shared.messaging.views import Views
from shared.mongo import Mongo, Session
from shared.settings import ServiceSettings
from tests.waiting import until

UNFIT = "unfit"


class Names(BaseModel):
    """Every name that an author has had, and how many of them were told on."""

    names: tuple[str, ...] = ()
    told: int = 0


def apply(view: Names | None, envelope: Envelope) -> Names | None:
    event = envelope.event
    if not isinstance(event, AuthorIdentified):
        return view
    if event.name == UNFIT:
        raise ZeroDivisionError("no view can take this in")
    view = view or Names()
    return view.model_copy(update={"names": (*view.names, event.name)})


def settle(view: Names, _: Moment) -> tuple[Names, Sequence[AccountRegistered]]:
    news = [AccountRegistered(account_id=AccountId(name)) for name in view.names[view.told :]]
    return view.model_copy(update={"told": len(view.names)}), news


PLAIN = Projection("plain.v1", ("authors.v1",), Names, apply)
TELLING = Projection("telling.v1", ("authors.v1",), Names, apply, settle)


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
    async def running(self) -> AsyncIterator[None]:
        consumers = Consumers(self.settings, self.mongo, self.views)
        consumers.project(PLAIN)
        consumers.project(TELLING)
        tasks = [asyncio.create_task(consumers.run()), asyncio.create_task(Relay(self.settings, self.mongo).run())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def service(topics: ServiceSettings, mongo: Mongo) -> Service:
    made = Service(topics, mongo)
    await made.log.prepare()
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
    assert (letter["key"], letter["topic"]) == (b"a", service.settings.topic_prefix + "authors.v1")
    assert "in apply" in letter["stack"]
