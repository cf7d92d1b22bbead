"""Whose turn it is to ask a live source: one request at a time and a pause after it, over all replicas."""

from datetime import timedelta

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from shared.clock import Clock
from shared.mongo import Mongo

HOLD = timedelta(seconds=90)
"""A process that died while asking keeps the others waiting for no longer than this."""


class Turns:
    """The collection `source_turns`: one document for each source, changed atomically."""

    def __init__(self, mongo: Mongo, clock: Clock) -> None:
        self._turns = mongo.collection("source_turns")
        self._clock = clock

    async def take(self, source: str, token: str) -> float:
        """Take the turn: 0.0 when it is ours until given back, else the seconds after which to ask again."""
        await self._ensure(source)
        now = self._clock()
        taken = await self._turns.find_one_and_update(
            {"_id": source, "free_at": {"$lte": now}},
            {"$set": {"free_at": now + HOLD, "holder": token}},
            return_document=ReturnDocument.AFTER,
        )
        if taken is not None:
            return 0.0
        turn = await self._turns.find_one({"_id": source})
        wait = (turn["free_at"] - now).total_seconds() if turn else 0.0
        return min(max(wait, 0.05), 1.0) if turn and turn["holder"] else max(wait, 0.05)

    async def give_back(self, source: str, token: str, *, pause: float) -> None:
        """The answer is here; the next request may go out after the pause, in seconds."""
        free_at = self._clock() + timedelta(seconds=pause)
        await self._turns.update_one({"_id": source, "holder": token}, {"$set": {"free_at": free_at, "holder": None}})

    async def _ensure(self, source: str) -> None:
        if await self._turns.find_one({"_id": source}) is None:
            try:
                await self._turns.insert_one({"_id": source, "free_at": self._clock(), "holder": None})
            except DuplicateKeyError:
                return
