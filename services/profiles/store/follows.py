"""Follows: one document per edge, one per followee with its count, one per account with its count."""

from pymongo import ASCENDING, IndexModel

from services.profiles.domain.follows import Followee
from services.profiles.store.collections import BY_ID
from shared.events.base import AccountId, AuthorId
from shared.mongo import Document, Mongo, Session, create_indexes


class FollowStore:
    """Queries on follows. Counts are kept in the transaction that writes the edge."""

    def __init__(self, mongo: Mongo) -> None:
        self._edges = mongo.collection("follows")
        self._followees = mongo.collection("followees")
        self._followers = mongo.collection("followers")
        self._moved = mongo.collection("moved_follows")

    async def prepare(self) -> None:
        """Create the indexes, and the collections: transactions that create one at the same time fail."""
        await create_indexes(self._edges, [IndexModel([(name, ASCENDING)]) for name in ("account_id", "followee_id")])
        await create_indexes(self._moved, [IndexModel([("from", ASCENDING), ("to", ASCENDING)])])
        for collection in (self._followees, self._followers):
            await create_indexes(collection, [BY_ID])

    async def followee(self, followee_id: AuthorId, session: Session | None = None) -> Followee:
        """The followee, as yet without followers if nobody ever followed it."""
        document = await self._followees.find_one({"_id": followee_id}, session=session)
        if document is None:
            return Followee(followee_id=followee_id)
        return Followee(followee_id=followee_id, sequence=document["sequence"], followers=document["followers"])

    async def is_following(self, followee_id: AuthorId, account_id: AccountId, session: Session | None = None) -> bool:
        """Whether the account follows the followee."""
        return await self._edges.find_one({"_id": _edge(followee_id, account_id)}, session=session) is not None

    async def follows_of(self, account_id: AccountId, session: Session) -> int:
        """How many the account follows."""
        document = await self._followers.find_one({"_id": account_id}, session=session)
        return int(document["follows"]) if document else 0

    async def save(self, session: Session, followee: Followee, account_id: AccountId, *, following: bool) -> None:
        """Write the edge and both counts as they are after the last decision."""
        edge: Document = {"_id": _edge(followee.followee_id, account_id)}
        if following:
            edge |= {"followee_id": followee.followee_id, "account_id": account_id}
            await self._edges.insert_one(edge, session=session)
        else:
            await self._edges.delete_one(edge, session=session)
        counts = {"sequence": followee.sequence, "followers": followee.followers}
        await self._followees.update_one({"_id": followee.followee_id}, {"$set": counts}, upsert=True, session=session)
        step = {"$inc": {"follows": 1 if following else -1}}
        await self._followers.update_one({"_id": account_id}, step, upsert=True, session=session)

    async def followers_of(self, followee_id: AuthorId, limit: int) -> list[AccountId]:
        """Some of those who follow it."""
        found = await self._edges.find({"followee_id": followee_id}, {"account_id": 1}).limit(limit).to_list(None)
        return [AccountId(document["account_id"]) for document in found]

    async def note_moved(self, session: Session, account_id: AccountId, source: AuthorId, target: AuthorId) -> None:
        """Remember that a merge moved the follow, so that it can come back."""
        moved = {"account_id": account_id, "from": source, "to": target}
        key = {"_id": f"{source}>{target}:{account_id}"}
        await self._moved.update_one(key, {"$set": moved}, upsert=True, session=session)

    async def moved(self, source: AuthorId, target: AuthorId, limit: int) -> list[AccountId]:
        """Some of those whose follow a merge moved."""
        found = await self._moved.find({"from": source, "to": target}).limit(limit).to_list(None)
        return [AccountId(document["account_id"]) for document in found]

    async def forget_moved(self, session: Session, account_id: AccountId, source: AuthorId, target: AuthorId) -> None:
        """The follow came back."""
        await self._moved.delete_one({"_id": f"{source}>{target}:{account_id}"}, session=session)

    async def count(self) -> int:
        """How many follows there are."""
        return await self._edges.count_documents({})


def _edge(followee_id: AuthorId, account_id: AccountId) -> str:
    return f"{followee_id}:{account_id}"
