"""Followers hear of a new work once each, whatever comes twice and in whatever order."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta

import httpx2
import pytest
from fastapi import FastAPI

from services.notify.api import notify_router
from services.notify.store import NotifyStore
from services.notify.usecases import Notify
from services.notify.views.followers import FOLLOWERS
from shared.auth import Principal, internal_token
from shared.events.authors import AuthorCredited
from shared.events.base import AccountId, AuthorId, Event, SignatureId, WorkId
from shared.events.follows import FollowCreated, FollowRemoved
from shared.http import add_problem_handlers
from shared.messaging.envelope import Envelope
from shared.messaging.eventlog import EVENTS, EventLog
from shared.messaging.views import Views
from shared.mongo import Mongo

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEY = "k" * 32


class Inbox:
    """The service on a fresh database, fed by hand."""

    def __init__(self, mongo: Mongo) -> None:
        log = EventLog(mongo.database, "/test")
        self.mongo = mongo
        self.views = Views(mongo, log)
        self.store = NotifyStore(mongo, self.views)
        self.notify = Notify(mongo, log, self.views, self.store, lambda: START + timedelta(hours=1))
        self.log = log

    async def take_follows(self, envelopes: Sequence[Envelope]) -> None:
        await self.notify.tell_new_followers(envelopes)

    async def titles(self, account: str) -> list[str]:
        return [one.work.title for one in await self.store.newest(AccountId(account), None, 100)]

    async def announced(self) -> list[tuple[str, int]]:
        found = await self.mongo.collection(EVENTS).find({}).to_list(None)
        return sorted((one["subject"], one["sequence"]) for one in found)


@pytest.fixture
async def inbox(mongo: Mongo) -> Inbox:
    made = Inbox(mongo)
    await made.log.prepare()
    await made.views.prepare(FOLLOWERS)
    await made.store.prepare()
    return made


def envelope(event: Event, sequence: int, after: timedelta = timedelta()) -> Envelope:
    id_ = f"{event.topic}-{event.subject}-{sequence}"
    return Envelope(id_, "/test", event.subject, sequence, START + after, event)


def follow(account: str, author: str = "ada", sequence: int = 1, after: timedelta = timedelta()) -> Envelope:
    event = FollowCreated(followee_id=author, account_id=AccountId(account), followers=sequence)
    return envelope(event, sequence, after)


def unfollow(account: str, sequence: int, author: str = "ada") -> Envelope:
    return envelope(FollowRemoved(followee_id=author, account_id=AccountId(account), followers=0), sequence)


def credit(work: str, author: str = "ada", *, sequence: int = 1, is_new: bool = True, status: str = "current",
           after: timedelta = timedelta(minutes=5)) -> Envelope:  # fmt: skip
    event = AuthorCredited(
        author_id=AuthorId(author), author_name=author.title(), slug=author, work_id=WorkId(work),
        signature_id=SignatureId(f"{work}-{author}"), position=1, byline_size=2, kind="preprint", source="arXiv",
        source_class="moderated", year=2026, published_on=date(2026, 11, 24), is_new=is_new, title=f"On {work}",
        topics=(), coauthors=(), version_group=work, kappa=0.9,
    ).model_copy(update={"status": status})  # fmt: skip
    return envelope(event, sequence, after)


async def test_a_follower_is_told_of_a_new_work(inbox: Inbox) -> None:
    await inbox.take_follows([follow("reader")])
    await inbox.notify.tell_followers([credit("w1")])
    assert await inbox.titles("reader") == ["On w1"]
    assert await inbox.announced() == [("reader", 1)]


async def test_backfill_and_withdrawn_works_are_no_news(inbox: Inbox) -> None:
    await inbox.take_follows([follow("reader")])
    await inbox.notify.tell_followers([credit("w1", is_new=False), credit("w2", sequence=2, status="withdrawn")])
    assert await inbox.titles("reader") == []


async def test_what_comes_twice_is_told_once(inbox: Inbox) -> None:
    for _ in range(2):
        await inbox.take_follows([follow("reader")])
        await inbox.notify.tell_followers([credit("w1"), credit("w1")])
    assert await inbox.announced() == [("reader", 1)]


async def test_two_followed_authors_of_one_work_are_one_notification(inbox: Inbox) -> None:
    await inbox.take_follows([follow("reader"), follow("reader", "bo")])
    await inbox.notify.tell_followers([credit("w1"), credit("w1", "bo")])
    assert await inbox.titles("reader") == ["On w1"]


async def test_a_follow_seen_after_the_credit_it_should_have_heard_of_catches_up(inbox: Inbox) -> None:
    await inbox.notify.tell_followers([credit("w1")])
    await inbox.take_follows([follow("reader")])
    assert await inbox.titles("reader") == ["On w1"]


async def test_who_followed_later_is_not_told(inbox: Inbox) -> None:
    late = timedelta(minutes=10)
    await inbox.take_follows([follow("before", sequence=1), follow("after", sequence=2, after=late)])
    await inbox.notify.tell_followers([credit("w1")])
    await inbox.take_follows([follow("after", sequence=2, after=late)])
    assert await inbox.titles("before") == ["On w1"]
    assert await inbox.titles("after") == []


async def test_a_later_credit_of_the_same_work_is_no_news_to_newer_followers(inbox: Inbox) -> None:
    await inbox.notify.tell_followers([credit("w1")])
    await inbox.take_follows([follow("reader", after=timedelta(minutes=10))])
    await inbox.notify.tell_followers([credit("w1", sequence=2, after=timedelta(minutes=20))])
    assert await inbox.titles("reader") == []


async def test_who_left_is_not_told(inbox: Inbox) -> None:
    await inbox.take_follows([follow("reader"), unfollow("reader", 2)])
    await inbox.notify.tell_followers([credit("w1")])
    assert await inbox.titles("reader") == []


async def test_many_followers_and_many_works_are_told_each_once_and_numbered(inbox: Inbox) -> None:
    readers = [f"reader{n:03}" for n in range(230)]
    await inbox.take_follows([follow(reader, sequence=n) for n, reader in enumerate(readers, start=1)])
    await inbox.notify.tell_followers([credit(f"w{n}", sequence=n) for n in range(1, 4)])
    assert await inbox.announced() == sorted((reader, n) for reader in readers for n in (1, 2, 3))


@pytest.fixture
async def client(inbox: Inbox) -> AsyncIterator[httpx2.AsyncClient]:
    app = FastAPI()
    app.state.internal_key = KEY
    add_problem_handlers(app)
    app.include_router(notify_router(inbox.store))
    await inbox.take_follows([follow("reader")])
    await inbox.notify.tell_followers([credit(f"w{n}", sequence=n) for n in range(1, 6)])
    token = internal_token(KEY, Principal(caller="gateway", account_id="reader"))
    transport = httpx2.ASGITransport(app=app)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://notify", headers=headers) as made:
        yield made


async def test_the_inbox_pages_from_the_newest(client: httpx2.AsyncClient) -> None:
    first = (await client.get("/notifications", params={"limit": 3})).json()
    rest = (await client.get("/notifications", params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert [len(first["items"]), len(rest["items"]), rest["next_cursor"], rest["unseen"]] == [3, 2, None, 5]
    ids = [one["id"] for one in [*first["items"], *rest["items"]]]
    assert len(set(ids)) == 5

    missed = (await client.get("/notifications", params={"after": ids[3]})).json()["items"]
    assert [one["id"] for one in missed] == [ids[2], ids[1], ids[0]]


async def test_what_was_read_stays_read(client: httpx2.AsyncClient) -> None:
    newest = (await client.get("/notifications", params={"limit": 1})).json()["items"][0]["id"]
    await client.post("/notifications/read", json={"ids": [newest, "somebody:else"]})
    await client.post("/notifications/read", json={"all": True, "state": "seen"})
    page = (await client.get("/notifications")).json()
    assert page["unseen"] == 0
    assert [one["state"] for one in page["items"]] == ["read", "seen", "seen", "seen", "seen"]


@pytest.mark.parametrize(
    ("params", "status"),
    [({"cursor": "nonsense"}, 422), ({"after": "unknown"}, 404), ({"limit": "0"}, 422), ({"limit": "1000"}, 422)],
)
async def test_what_makes_no_sense_is_said(client: httpx2.AsyncClient, params: dict[str, str], status: int) -> None:
    answer = await client.get("/notifications", params=params)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_visitor_has_no_inbox(client: httpx2.AsyncClient) -> None:
    token = internal_token(KEY, Principal(caller="gateway"))
    answer = await client.get("/notifications", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


async def test_a_merge_tells_nobody_twice(inbox: Inbox) -> None:
    """Told through the record that is merged away; the other one is then credited, and its followers are joined."""
    await inbox.take_follows([follow("reader"), follow("both", sequence=2), follow("both", "bo")])
    await inbox.notify.tell_followers([credit("w1")])
    later = timedelta(minutes=20)
    moved = [unfollow("reader", 3), unfollow("both", 4), follow("reader", "bo", 2, after=later)]
    await inbox.take_follows(moved)
    await inbox.notify.tell_followers([credit("w1", "bo", is_new=False, after=timedelta(minutes=10))])
    await inbox.take_follows(moved)
    assert await inbox.announced() == [("both", 1), ("reader", 1)]


async def test_whose_follow_moved_hears_of_what_comes_next(inbox: Inbox) -> None:
    await inbox.take_follows([follow("reader"), unfollow("reader", 2), follow("reader", "bo")])
    await inbox.notify.tell_followers([credit("w1", sequence=1), credit("w2", "bo")])
    assert await inbox.titles("reader") == ["On w2"]


async def test_a_part_split_off_brings_no_old_works_as_news(inbox: Inbox) -> None:
    await inbox.take_follows([follow("reader"), follow("reader", "part")])
    await inbox.notify.tell_followers([credit("w1")])
    await inbox.notify.tell_followers([credit("w1", "part", is_new=False), credit("w1", sequence=2, is_new=False)])
    assert await inbox.announced() == [("reader", 1)]


async def test_a_work_retracted_later_is_told_of_no_second_time(inbox: Inbox) -> None:
    await inbox.take_follows([follow("reader")])
    await inbox.notify.tell_followers([credit("w1"), credit("w1", sequence=2, is_new=False, status="retracted")])
    assert await inbox.announced() == [("reader", 1)]
