"""Every query of the trust service on its database."""

from datetime import datetime

from services.trust.domain.inputs import Frozen
from services.trust.views.record import Settled
from services.trust.views.settling import RECORDS
from shared.events.trust import TrustChanged, VerificationLevel
from shared.messaging.eventlog import EVENTS, from_document
from shared.messaging.views import Views
from shared.mongo import IN_CHUNK, Collection, Mongo, aggregate

LEDGER_SHOWN = 50


class Standing(Frozen):
    """A record's last assessment, and the time of the last event in it."""

    settled: Settled
    as_of: datetime


class LedgerEntry(Frozen):
    """One change of the assessment: when, by which event, to what, under which version of the model."""

    at: datetime
    cause: str
    score: int
    verification_level: VerificationLevel
    model: str


class Counts(Frozen):
    """What the view holds."""

    authors: int
    credits: int
    """Over all authors: a work counts once for each of its authors."""


class TrustStore:
    """Reads the view of records and the service's own log."""

    def __init__(self, mongo: Mongo, views: Views) -> None:
        self._views = views
        self._events = mongo.collection(EVENTS)

    @property
    def _records(self) -> Collection:
        return self._views.collection(RECORDS)

    async def standing(self, author_id: str) -> Standing | None:
        """The assessment alone: the works behind it, which may be thousands, stay in the database."""
        found = await self._records.find_one({"_id": author_id}, {"data.settled": 1, "as_of": 1})
        if found is None or not found.get("data") or not found["data"].get("settled"):
            return None
        return Standing(settled=Settled.model_validate(found["data"]["settled"]), as_of=found["as_of"])

    async def ledger(self, author_id: str, most: int = LEDGER_SHOWN) -> list[LedgerEntry]:
        """The record's changes, newest first. The log of TrustChanged events is the ledger."""
        query = {"topic": TrustChanged.topic, "subject": author_id}
        found = await self._events.find(query).sort("sequence", -1).limit(most).to_list(None)
        return [entry for document in found if (entry := _entry(document))]

    async def due(self, now: datetime, most: int = IN_CHUNK) -> list[str]:
        """Records that time alone may have changed, the longest due first."""
        query = {"data.due_at": {"$gt": 0, "$lte": int(now.timestamp())}}
        found = await self._records.find(query, {"_id": 1}).sort("data.due_at", 1).limit(most).to_list(None)
        return [document["_id"] for document in found]

    async def counts(self) -> Counts:
        """How many records and credits the view holds."""
        total = {"$group": {"_id": None, "authors": {"$sum": 1}, "credits": {"$sum": "$data.works"}}}
        for found in await aggregate(self._records, [{"$match": {"data": {"$ne": None}}}, total]):
            return Counts(authors=found["authors"], credits=found["credits"])
        return Counts(authors=0, credits=0)


def _entry(document: dict[str, object]) -> LedgerEntry | None:
    envelope = from_document(document)
    if not isinstance(envelope.event, TrustChanged):
        return None
    return LedgerEntry(at=envelope.time, **envelope.event.model_dump())
