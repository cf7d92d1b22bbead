"""Views, leases and the log on each MongoDB server, without Kafka."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import REGISTRY
from pydantic import BaseModel

from shared.errors import TooLarge
from shared.events.authors import AuthorIdentified
from shared.events.base import AuthorId
from shared.ids import new_id
from shared.messaging.envelope import Envelope
from shared.messaging.eventlog import EVENTS, Append, EventLog, Wanted
from shared.messaging.folding import Projection, Slot
from shared.messaging.leases import Leases
from shared.messaging.slots import Slots
from shared.messaging.views import Views
from shared.mongo import Mongo, Session
from tests.waiting import until

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Names(BaseModel):
    """The names in the order in which they came."""

    names: tuple[str, ...] = ()


def apply(view: Names | None, envelope: Envelope) -> Names | None:
    event = envelope.event
    if not isinstance(event, AuthorIdentified):
        return view
    return Names(names=(*(view or Names()).names, event.name))


VIEW = Projection("test.names.v1", ("authors.v1",), Names, apply)


def named(subject: str, sequence: int) -> Envelope:
    event = AuthorIdentified(author_id=AuthorId(subject), slug=subject, name=f"n{sequence}")
    return Envelope(new_id(), "/test", subject, sequence, NOW, event)


def conflicts() -> float:
    return REGISTRY.get_sample_value("bzpeer_view_conflicts_total", {"view": VIEW.name}) or 0.0


async def views(mongo: Mongo) -> Views:
    """The views as one process has them."""
    made = Views(mongo, EventLog(mongo.database, "/test"))
    await made.prepare(VIEW)
    return made


async def names(view: Views, subject: str) -> tuple[str, ...]:
    found = await view.get(VIEW, subject)
    return found.value.names if found else ()


async def test_of_a_batch_only_what_another_wrote_meanwhile_is_folded_again(
    mongo: Mongo, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = await views(mongo), await views(mongo)
    subjects = [f"s{n}" for n in range(50)]
    await one.fold(VIEW, [named(subject, 1) for subject in subjects])
    load, loaded = Slots.load, list[int]()

    async def load_and_be_late(slots: Slots[Names], keys: Iterable[str]) -> dict[str, Slot[Names]]:
        found = await load(slots, keys)
        loaded.append(len(found))
        if len(loaded) == 1:
            await other.fold(VIEW, [named("s7", 2), named("s19", 2)])
        return found

    monkeypatch.setattr(Slots, "load", load_and_be_late)
    before = conflicts()
    assert await one.fold(VIEW, [named(subject, n) for n in (2, 3) for subject in subjects]) == 2 * 50 - 2
    assert (loaded, conflicts()) == ([50, 2, 2], before + 2)
    for subject in subjects:
        assert await names(one, subject) == ("n1", "n2", "n3")


async def test_two_processes_that_fold_the_same_events_at_once_apply_each_once(mongo: Mongo) -> None:
    processes = [await views(mongo) for _ in range(3)]
    events = [named(f"s{n % 5}", n // 5 + 1) for n in range(50)]
    await asyncio.gather(*(process.fold(VIEW, events[:end]) for process in processes for end in (20, 35, 50)))
    for n in range(5):
        assert await names(processes[0], f"s{n}") == tuple(f"n{k}" for k in range(1, 11))


def leases(mongo: Mongo, holder: str) -> Leases:
    return Leases(mongo, "test", [str(n) for n in range(8)], holder, seconds=0.5)


async def test_leases_are_shared_out_and_a_dead_holders_are_taken_over(mongo: Mongo) -> None:
    living, dying = leases(mongo, "living"), leases(mongo, "dying")
    tasks = [asyncio.create_task(one.run()) for one in (living, dying)]
    try:

        async def shares() -> list[int]:
            return sorted([len(living.held), len(dying.held)])

        await until(shares, equals=[4, 4])
        assert not living.held & dying.held
        dying._release = asyncio.Event().wait  # type: ignore[method-assign,assignment] # it ends without a word
        tasks[1].cancel()

        async def held() -> int:
            return len(living.held)

        await until(held, equals=8)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_leases_given_back_are_free_at_once(mongo: Mongo) -> None:
    first = leases(mongo, "first")
    await first.renew()
    assert len(first.held) == 8
    await first._release()
    second = leases(mongo, "second")
    await second.renew()
    assert len(second.held) == 8


async def log(mongo: Mongo) -> EventLog:
    made = EventLog(mongo.database, "/test", lambda: NOW)
    await made.prepare()
    return made


async def write(mongo: Mongo, events: EventLog, subject: str, after: int, *names: str) -> list[Envelope]:
    said = [AuthorIdentified(author_id=AuthorId(subject), slug=subject, name=name) for name in names]

    async def work(session: Session) -> list[Envelope]:
        return await events.append(session, [Append("authors.v1", subject, after, said)])

    return await mongo.transaction(work)


async def test_the_log_says_how_far_published_aggregates_go(mongo: Mongo) -> None:
    events = await log(mongo)
    await write(mongo, events, "a", 0, "one", "two")
    [last] = await write(mongo, events, "b", 0, "one")
    assert (await events.heads("authors.v1", "", timedelta(), 10)).last is None
    await mongo.collection(EVENTS).update_many({}, {"$unset": {"unpublished": ""}})
    heads = await events.heads("authors.v1", "", timedelta(), 10)
    assert (heads.sequences, heads.last) == ({"a": 2, "b": 1}, last.id)
    assert (await events.heads("authors.v1", last.id, timedelta(), 10)).last is None
    assert (await events.heads("works.v1", "", timedelta(), 10)).sequences == {}
    assert (await events.heads("authors.v1", "", timedelta(minutes=1), 10)).last is None


async def test_only_the_wanted_events_are_published_again(mongo: Mongo) -> None:
    events = await log(mongo)
    await write(mongo, events, "a", 0, "one", "two", "three")
    await write(mongo, events, "b", 0, "one")
    await mongo.collection(EVENTS).update_many({}, {"$unset": {"unpublished": ""}})
    assert await events.publish_again([Wanted("authors.v1", "a", after=1, upto=2)]) == 1
    again = await mongo.collection(EVENTS).find({"unpublished": True}).to_list(None)
    assert [(one["subject"], one["sequence"]) for one in again] == [("a", 2)]
    assert await events.publish_again([Wanted(subject="a")]) == 3
    assert await events.publish_again([Wanted()]) == 4


async def test_after_a_restart_with_a_clock_set_back_ids_still_grow(mongo: Mongo) -> None:
    events = await log(mongo)
    [ahead] = await write(mongo, events, "a", 0, "one")
    later = "f" + ahead.id[1:]
    await mongo.collection(EVENTS).insert_one({"_id": later, "topic": "x", "subject": "x", "sequence": 1})
    restarted = await log(mongo)
    written = await write(mongo, restarted, "a", 1, "two", "three")
    assert later < written[0].id < written[1].id


async def test_an_event_that_no_topic_takes_is_not_written(mongo: Mongo) -> None:
    events = await log(mongo)
    with pytest.raises(TooLarge):
        await write(mongo, events, "a", 0, "n" * 8 * 2**20)
    assert await mongo.collection(EVENTS).count_documents({}) == 0
