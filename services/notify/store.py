"""Every MongoDB query of the notify service, its indexes beside them."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel
from pymongo import ASCENDING, DESCENDING, IndexModel, ReplaceOne, UpdateOne

from services.notify.domain import Followed, News
from services.notify.views.followers import FOLLOWERS
from shared.events.base import AccountId
from shared.events.notifications import FollowsAuthor, NotificationCreated, NotifiedWork
from shared.messaging.views import Views
from shared.mongo import IN_CHUNK, Collection, Document, Mongo, Session, chunks, create_indexes, find_by_ids

State = Literal["unseen", "seen", "read"]
NEWS_KEPT = timedelta(days=31)
PAGE = 500


class Notification(BaseModel):
    """One notification as its account sees it. `number` counts the account's notifications 1, 2, 3 …"""

    id: str
    number: int
    kind: str
    work: NotifiedWork
    reason: FollowsAuthor
    created_at: datetime
    state: State


class NotifyStore:
    """Inboxes, recent news, and the followers that the view knows."""

    def __init__(self, mongo: Mongo, views: Views) -> None:
        self._notifications = mongo.collection("notifications")
        self._inboxes = mongo.collection("inboxes")
        self._news = mongo.collection("news")
        self._views = views

    async def prepare(self) -> None:
        """Create the indexes."""
        by_account = [("account_id", ASCENDING), ("number", DESCENDING)]
        await create_indexes(
            self._notifications, [IndexModel(by_account, unique=True), *_indexes("account_id", "state")]
        )
        expiry = IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0)
        await create_indexes(self._news, [IndexModel([("author_id", ASCENDING)]), expiry])

    async def remember_news(self, news: Iterable[News]) -> None:
        """Keep what is new for a month. The first credit of a work decides when it was news."""
        operations = [UpdateOne({"_id": one.id}, {"$setOnInsert": _news_document(one)}, upsert=True) for one in news]
        if operations:
            await self._news.bulk_write(operations, ordered=False)

    async def news_as_remembered(self, ids: Iterable[str]) -> list[News]:
        """The news of these ids, each as its first credit told it."""
        return [News.model_validate(document["data"]) for document in await find_by_ids(self._news, ids)]

    async def news_of(self, author_ids: Iterable[str]) -> list[News]:
        """What is new of these authors."""
        found = await find_by_ids(self._news, author_ids, field="author_id")
        return [News.model_validate(document["data"]) for document in found]

    async def followers_of(self, author_ids: Sequence[str]) -> AsyncIterator[list[Followed]]:
        """Those who follow any of these authors now, in pages, so that a hundred thousand of them fit."""
        for chunk in chunks(author_ids, IN_CHUNK):
            cursor = self._views.collection(FOLLOWERS).find(
                {"data.followee_id": {"$in": list(chunk)}, "data.active": True}, {"data": 1}
            )
            page: list[Followed] = []
            async for document in cursor:
                page.append(Followed.model_validate(document["data"]))
                if len(page) == PAGE:
                    yield page
                    page = []
            if page:
                yield page

    async def told(self, ids: Iterable[str], session: Session | None = None) -> set[str]:
        """Which of these notifications there are."""
        return {document["_id"] for document in await find_by_ids(self._notifications, ids, session=session)}

    async def numbers(self, account_ids: Iterable[str], session: Session) -> dict[str, int]:
        """The number of each account's newest notification; nothing for an account without one."""
        found = await find_by_ids(self._inboxes, account_ids, session=session)
        return {document["_id"]: document["number"] for document in found}

    async def add(self, session: Session, numbered: Sequence[tuple[int, NotificationCreated]]) -> None:
        """Put notifications into their inboxes. A race lost over a number or a notification raises."""
        await self._notifications.insert_many([_document(number, event) for number, event in numbered], session=session)
        inboxes = [
            ReplaceOne({"_id": event.account_id}, {"_id": event.account_id, "number": number}, upsert=True)
            for number, event in numbered
        ]
        await self._inboxes.bulk_write(inboxes, ordered=False, session=session)

    async def newest(self, account_id: AccountId, below: int | None, limit: int) -> list[Notification]:
        """The account's notifications, newest first, from below a number."""
        query: Document = {"account_id": account_id, **({"number": {"$lt": below}} if below is not None else {})}
        return await _listed(self._notifications, query, DESCENDING, limit)

    async def later_than(self, account_id: AccountId, number: int, limit: int) -> list[Notification]:
        """The account's notifications after a number, oldest first."""
        return await _listed(
            self._notifications, {"account_id": account_id, "number": {"$gt": number}}, ASCENDING, limit
        )

    async def number_of(self, account_id: AccountId, id_: str) -> int | None:
        """The number of one of the account's notifications."""
        document = await self._notifications.find_one({"_id": id_, "account_id": account_id})
        return document["number"] if document else None

    async def unseen(self, account_id: AccountId) -> int:
        """How many the account has not looked at."""
        return await self._notifications.count_documents({"account_id": account_id, "state": "unseen"})

    async def mark(self, account_id: AccountId, ids: Sequence[str] | None, state: State) -> None:
        """Mark these, or all of the account's for None. What was read does not become merely seen."""
        before = ["unseen"] if state == "seen" else ["unseen", "seen"]
        query: Document = {"account_id": account_id, "state": {"$in": before}}
        for chunk in [None] if ids is None else chunks(ids, IN_CHUNK):
            chosen = query if chunk is None else {**query, "_id": {"$in": list(chunk)}}
            await self._notifications.update_many(chosen, {"$set": {"state": state}})

    async def counts(self) -> dict[str, int]:
        """How much there is."""
        return {
            "notifications": await self._notifications.count_documents({}),
            "followers": await self._views.collection(FOLLOWERS).count_documents({"data.active": True}),
            "news": await self._news.count_documents({}),
        }


def _indexes(*fields: str) -> list[IndexModel]:
    return [IndexModel([(name, ASCENDING) for name in fields])]


def _news_document(news: News) -> Document:
    return {
        "author_id": news.author.author_id,
        "expires_at": news.credited_at + NEWS_KEPT,
        "data": news.model_dump(mode="json"),
    }


def _document(number: int, event: NotificationCreated) -> Document:
    return {
        "_id": event.notification_id,
        "account_id": event.account_id,
        "number": number,
        "kind": event.kind,
        "work": event.work.model_dump(mode="json"),
        "reason": event.reason.model_dump(mode="json"),
        "created_at": event.created_at,
        "state": "unseen",
    }


async def _listed(collection: Collection, query: Document, order: int, limit: int) -> list[Notification]:
    found = await collection.find(query).sort("number", order).limit(limit).to_list(None)
    return [Notification.model_validate({**document, "id": document["_id"]}) for document in found]
