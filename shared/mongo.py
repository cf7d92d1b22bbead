"""The one seam to MongoDB. Motor is imported here alone (docs/adr/0002)."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import Any, TypeVar

from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
)
from pymongo import IndexModel
from pymongo.errors import BulkWriteError, DuplicateKeyError, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared.errors import WriteConflict

Document = dict[str, Any]
Session = AsyncIOMotorClientSession
Collection = AsyncIOMotorCollection[Document]
Database = AsyncIOMotorDatabase[Document]
T = TypeVar("T")

IN_CHUNK = 100
"""Ids asked for in one `$in`: a bigger list is quadratic on one of the servers (docs/adr/0003)."""
PATIENCE_SECONDS = 20.0
"""How long a transaction that loses races is tried again."""
LONGEST_PAUSE = 0.5
COMMIT_ATTEMPTS = 3


class Mongo:
    """A service's database, and transactions on it that are repeated when another writer was first."""

    def __init__(self, uri: str, database: str) -> None:
        self._client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
            uri, tz_aware=True, w="majority", serverSelectionTimeoutMS=5000, appname=database
        )
        self.database: Database = self._client[database]

    def collection(self, name: str) -> Collection:
        """The collection of that name in the service's database."""
        return self.database[name]

    async def ping(self) -> None:
        """Return when the server answers; raise the driver's error when it does not."""
        await self.database.command("ping")

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    async def transaction(self, work: Callable[[Session], Coroutine[Any, Any, T]]) -> T:
        """Run `work` in a transaction committed by a majority, again from the start when it lost a race.

        `work` may run several times, so it does nothing but read and write with the session it is given.
        """
        gives_up_at = time.monotonic() + PATIENCE_SECONDS
        for attempt in count():
            try:
                async with await self._client.start_session() as session:
                    return await _run(session, work)
            except (WriteConflict, PyMongoError) as error:
                if time.monotonic() > gives_up_at or not lost_race(error):
                    raise
            await asyncio.sleep(random.uniform(0, min(LONGEST_PAUSE, 0.002 * 2**attempt)))  # noqa: S311 - only spreads
        raise AssertionError("unreachable")


async def _run(session: Session, work: Callable[[Session], Coroutine[Any, Any, T]]) -> T:
    session.start_transaction(read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority"))
    try:
        result = await work(session)
    except BaseException:
        with suppress(PyMongoError):
            await session.abort_transaction()
        raise
    await _commit(session)
    return result


async def _commit(session: Session) -> None:
    """Commit; asked again when the answer got lost, which commits no second time."""
    for _ in range(COMMIT_ATTEMPTS):
        try:
            await session.commit_transaction()
        except PyMongoError as error:
            if not error.has_error_label("UnknownTransactionCommitResult"):
                raise
            unknown = error
        else:
            return
    raise unknown


def lost_race(error: Exception) -> bool:
    """Whether the error says that another writer was first, so that the same work can succeed when repeated."""
    if isinstance(error, PyMongoError) and error.has_error_label("TransientTransactionError"):
        return True
    if isinstance(error, BulkWriteError):
        return all(item.get("code") in {11000, 112} for item in error.details.get("writeErrors", [])) and not (
            error.details.get("writeConcernErrors")
        )
    return isinstance(error, (DuplicateKeyError, WriteConflict))


async def find_by_ids(
    collection: Collection,
    ids: Iterable[str],
    *,
    field: str = "_id",
    only: Sequence[str] | None = None,
    session: Session | None = None,
) -> list[Document]:
    """The documents whose `field` is one of `ids`, in no particular order, or `only` some fields of them."""
    wanted = list(dict.fromkeys(ids))
    shown = dict.fromkeys(only, 1) if only is not None else None
    found: list[Document] = []
    for chunk in chunks(wanted, IN_CHUNK):
        found += await collection.find({field: {"$in": list(chunk)}}, shown, session=session).to_list(None)
    return found


async def aggregate(collection: Collection, pipeline: Sequence[Document]) -> list[Document]:
    """What the pipeline answers."""
    return await collection.aggregate(list(pipeline)).to_list(None)


def chunks(items: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    """The items in runs of `size`, the last one shorter."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


async def create_indexes(collection: Collection, indexes: Sequence[IndexModel]) -> None:
    """Create the indexes that are missing; does nothing for those that stand."""
    if indexes:
        await collection.create_indexes(list(indexes))


@asynccontextmanager
async def watching(collection: Collection, pipeline: list[Document]) -> AsyncIterator[Any]:
    """A change stream on the collection, closed at the end."""
    async with collection.watch(pipeline, max_await_time_ms=5000) as stream:
        yield stream
