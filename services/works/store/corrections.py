"""What people decided about author records and works: kept for ever, so that each decision can be seen and undone."""

from datetime import datetime
from typing import Literal

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.works.domain.record import Frozen
from shared.mongo import Document, Mongo, Session, create_indexes

Kind = Literal["merge", "split", "rename", "apart", "merge_works", "part_works"]


class Correction(Frozen):
    """One decision. `subject` is the record or work that it is about, `other` the one it was merged into, split off, or
    told apart from. `works` are the works whose signatures it moved; `name_before` is that of a rename; `records` are
    the source records that were parted from a work."""

    id: str
    kind: Kind
    subject: str
    other: str | None = None
    works: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    name: str | None = None
    name_before: str | None = None
    by: str
    at: datetime
    undone_at: datetime | None = None


class Corrections:
    """The collection `corrections`."""

    def __init__(self, mongo: Mongo) -> None:
        self._corrections = mongo.collection("corrections")

    async def prepare(self) -> None:
        """Create the indexes."""
        names = ("subject", "other")
        await create_indexes(
            self._corrections, [IndexModel([(name, ASCENDING), ("_id", DESCENDING)]) for name in names]
        )

    async def add(self, correction: Correction, session: Session) -> None:
        """Keep it, in the transaction that does what it says."""
        await self._corrections.insert_one(
            {"_id": correction.id, **correction.model_dump(exclude={"id"})}, session=session
        )

    async def get(self, correction_id: str, session: Session | None = None) -> Correction | None:
        """The correction of that id."""
        document = await self._corrections.find_one({"_id": correction_id}, session=session)
        return _correction(document) if document else None

    async def about(self, subject: str, limit: int) -> list[Correction]:
        """Those that concern this record or work, the newest first."""
        either: Document = {"$or": [{"subject": subject}, {"other": subject}]}
        found = self._corrections.find(either).sort("_id", DESCENDING).limit(limit)
        return [_correction(document) for document in await found.to_list(None)]

    async def mark_undone(self, correction_id: str, at: datetime, session: Session) -> None:
        """It no longer holds."""
        await self._corrections.update_one({"_id": correction_id}, {"$set": {"undone_at": at}}, session=session)


def _correction(document: Document) -> Correction:
    return Correction.model_validate({**document, "id": document["_id"]})
