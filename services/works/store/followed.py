"""Whom somebody follows, as far as that says whose works to look for; and when each harvest was last submitted."""

from collections.abc import AsyncIterator
from datetime import date

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from shared.events.base import AuthorId
from shared.mongo import Mongo, create_indexes, find_by_ids

_CHUNK = 100


class Followed:
    """The collections `followed` and `harvests`."""

    def __init__(self, mongo: Mongo) -> None:
        self._followed = mongo.collection("followed")
        self._authors = mongo.collection("authors")
        self._harvests = mongo.collection("harvests")

    async def prepare(self) -> None:
        """Create the indexes."""
        await create_indexes(self._followed, [IndexModel([("followers", ASCENDING)])])

    async def note(self, author_id: AuthorId, followers: int, sequence: int) -> None:
        """How many follow the author as of that event; an older event than the one known changes nothing."""
        newer = {"_id": author_id, "sequence": {"$lt": sequence}}
        try:
            await self._followed.update_one(
                newer, {"$set": {"followers": followers, "sequence": sequence}}, upsert=True
            )
        except DuplicateKeyError:
            return

    async def orcids(self) -> AsyncIterator[str]:
        """The ORCID iDs of those who are followed, where the record names exactly one."""
        chunk: list[str] = []
        async for document in self._followed.find({"followers": {"$gt": 0}}, {"_id": 1}).sort("_id", ASCENDING):
            chunk.append(document["_id"])
            if len(chunk) == _CHUNK:
                for orcid in await self._orcids_of(chunk):
                    yield orcid
                chunk = []
        for orcid in await self._orcids_of(chunk):
            yield orcid

    async def _orcids_of(self, authors: list[str]) -> list[str]:
        found = await find_by_ids(self._authors, authors, only=("evidence.orcids",))
        return [orcids[0] for each in found if len(orcids := each["evidence"]["orcids"]) == 1]

    async def last_harvest(self, name: str) -> date | None:
        """The day of the last harvest of that name."""
        document = await self._harvests.find_one({"_id": name})
        return date.fromisoformat(document["day"]) if document else None

    async def note_harvest(self, name: str, day: date) -> None:
        """It was submitted on that day."""
        await self._harvests.update_one({"_id": name}, {"$set": {"day": day.isoformat()}}, upsert=True)
