"""Follows: one document per edge, one per followee with its count, one per account with its count."""

from collections import Counter
from collections.abc import Sequence

from pymongo import ASCENDING, IndexModel, UpdateOne

from services.profiles.domain.follows import Followee, FollowEvents
from services.profiles.store.collections import BY_ID
from shared.events.base import AccountId, AuthorId
from shared.events.follows import FollowCreated
from shared.mongo import Document, Mongo, Session, create_indexes, find_by_ids


class FollowStore:
    """Queries on follows. Counts are kept in the transaction that writes the edges."""

    def __init__(self, mongo: Mongo) -> None:
        self._edges = mongo.collection("follows")
        self._followees = mongo.collection("followees")
        self._followers = mongo.collection("followers")

    async def prepare(self) -> None:
        """Create the indexes, and the collections: transactions that create one at the same time fail."""
        await create_indexes(self._edges, [IndexModel([(name, ASCENDING)]) for name in ("account_id", "followee_id")])
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

    async def following(self, pairs: Sequence[tuple[AuthorId, AccountId]], session: Session) -> set[AccountId]:
        """The accounts among these pairs that follow the record beside them."""
        found = await find_by_ids(self._edges, [_edge(*pair) for pair in pairs], only=("account_id",), session=session)
        return {AccountId(document["account_id"]) for document in found}

    async def followers_of(self, followee_id: AuthorId, limit: int, session: Session) -> list[AccountId]:
        """Some of those who follow it."""
        found = self._edges.find({"followee_id": followee_id}, {"account_id": 1}, session=session).limit(limit)
        return [AccountId(document["account_id"]) for document in await found.to_list(None)]

    async def follows_of(self, account_id: AccountId, session: Session) -> int:
        """How many the account follows."""
        document = await self._followers.find_one({"_id": account_id}, session=session)
        return int(document["follows"]) if document else 0

    async def save(self, session: Session, followee: Followee, events: FollowEvents) -> None:
        """Write the edges as these events say, and the counts: the followee's as it is after them."""
        came = [event for event in events if isinstance(event, FollowCreated)]
        left = [event for event in events if not isinstance(event, FollowCreated)]
        if left:
            gone = [_edge(followee.followee_id, event.account_id) for event in left]
            await self._edges.delete_many({"_id": {"$in": gone}}, session=session)
        if came:
            await self._edges.insert_many(
                [_edge_document(followee.followee_id, event.account_id) for event in came], session=session
            )
        counts = {"sequence": followee.sequence, "followers": followee.followers}
        await self._followees.update_one({"_id": followee.followee_id}, {"$set": counts}, upsert=True, session=session)
        steps = Counter(event.account_id for event in came)
        steps.subtract(event.account_id for event in left)
        changed = [UpdateOne({"_id": one}, {"$inc": {"follows": by}}, upsert=True) for one, by in steps.items()]
        await self._followers.bulk_write(changed, session=session)

    async def count(self) -> int:
        """How many follows there are."""
        return await self._edges.count_documents({})


def _edge(followee_id: AuthorId, account_id: AccountId) -> str:
    return f"{followee_id}:{account_id}"


def _edge_document(followee_id: AuthorId, account_id: AccountId) -> Document:
    return {"_id": _edge(followee_id, account_id), "followee_id": followee_id, "account_id": account_id}
