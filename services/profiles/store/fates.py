"""Fates: which records were merged away and into which, and which follows moved with them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pymongo import ASCENDING, IndexModel, UpdateOne

from shared.events.base import AccountId, AuthorId
from shared.mongo import Mongo, Session, create_indexes, find_by_ids


class Fate(NamedTuple):
    """Into which record one was merged, or None since it stands again; and the sequence of the event that says so."""

    into: AuthorId | None
    sequence: int


class MovedFollow(NamedTuple):
    """An account that followed a record when it was merged away, and the record that it follows instead."""

    account_id: AccountId
    to: AuthorId


class FateStore:
    """Queries on fates. Only records that were merged away once have one."""

    def __init__(self, mongo: Mongo) -> None:
        self._fates = mongo.collection("fates")
        self._moved = mongo.collection("moved_follows")

    async def prepare(self) -> None:
        """Create the indexes."""
        await create_indexes(self._fates, [IndexModel([("into", ASCENDING)])])
        by_account = IndexModel([("account_id", ASCENDING), ("to", ASCENDING)])
        await create_indexes(self._moved, [IndexModel([("from", ASCENDING)]), by_account])

    async def into(self, author_id: AuthorId) -> AuthorId | None:
        """The record that this one was merged into; None for one that stands."""
        document = await self._fates.find_one({"_id": author_id})
        return document["into"] if document else None

    async def merged_into(self, author_id: AuthorId) -> list[AuthorId]:
        """The records that were merged into this one."""
        return [AuthorId(document["_id"]) for document in await self._fates.find({"into": author_id}).to_list(None)]

    async def with_a_fate(self, author_ids: Iterable[AuthorId]) -> set[AuthorId]:
        """Those among these that were ever merged away."""
        return {AuthorId(document["_id"]) for document in await find_by_ids(self._fates, author_ids, only=("into",))}

    async def note(self, author_id: AuthorId, fate: Fate) -> None:
        """Remember the fate, unless a later one is known."""
        later = {"$lt": [{"$ifNull": ["$sequence", 0]}, fate.sequence]}
        into = {"$cond": [later, {"$literal": fate.into}, "$into"]}
        sequence = {"$max": ["$sequence", fate.sequence]}
        await self._fates.update_one({"_id": author_id}, [{"$set": {"into": into, "sequence": sequence}}], upsert=True)

    async def hold(self, session: Session, author_id: AuthorId, into: AuthorId | None) -> bool:
        """Whether this is the record's fate. It does not change before the transaction ends, or that begins again."""
        held = await self._fates.update_one({"_id": author_id, "into": into}, {"$inc": {"held": 1}}, session=session)
        return held.matched_count == 1

    async def note_moved(
        self, session: Session, source: AuthorId, target: AuthorId, account_ids: Sequence[AccountId]
    ) -> None:
        """Remember that these followed `source`. What `source` stood for among their follows, `target` stands for."""
        theirs = {"account_id": {"$in": list(account_ids)}, "to": source}
        await self._moved.delete_many({**theirs, "from": target}, session=session)
        await self._moved.update_many(theirs, {"$set": {"to": target}}, session=session)
        moved = [
            UpdateOne(
                {"_id": f"{source}:{account_id}"},
                {"$set": {"account_id": account_id, "from": source, "to": target}},
                upsert=True,
            )
            for account_id in account_ids
        ]
        await self._moved.bulk_write(moved, ordered=False, session=session)

    async def moved(self, source: AuthorId, limit: int, session: Session) -> list[MovedFollow]:
        """Some of those who followed the record when it was merged away."""
        found = await self._moved.find({"from": source}, session=session).limit(limit).to_list(None)
        return [MovedFollow(AccountId(document["account_id"]), AuthorId(document["to"])) for document in found]

    async def forget_moved(self, session: Session, source: AuthorId, account_ids: Iterable[AccountId]) -> None:
        """Their follows came back."""
        ids = [f"{source}:{account_id}" for account_id in account_ids]
        await self._moved.delete_many({"_id": {"$in": ids}}, session=session)

    async def forget_moved_to(self, session: Session, target: AuthorId, account_id: AccountId) -> None:
        """The account left the record that its moved follows had come to: they do not come back."""
        await self._moved.delete_many({"account_id": account_id, "to": target}, session=session)
