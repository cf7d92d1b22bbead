"""The service's own log of events: written in the transaction that writes the state they tell of."""

from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import NamedTuple

from pymongo import ASCENDING, IndexModel

from shared.clock import Clock, utc_now
from shared.events.base import Event
from shared.events.registry import EVENT_TYPES
from shared.ids import new_id
from shared.messaging.envelope import Envelope
from shared.mongo import Database, Document, Session, create_indexes
from shared.telemetry import current_traceparent

EVENTS = "events"
INDEXES = [
    IndexModel([("topic", ASCENDING), ("subject", ASCENDING), ("sequence", ASCENDING)], unique=True),
    IndexModel([("unpublished", ASCENDING), ("_id", ASCENDING)], partialFilterExpression={"unpublished": True}),
]


class Append(NamedTuple):
    """Events of one aggregate whose last event so far has the sequence `after` (0: none)."""

    topic: str
    subject: str
    after: int
    events: Sequence[Event]
    traceparent: str | None = None
    """The trace to go on with; by default the current one."""


class EventLog:
    """Appends events. The unique index on subject and sequence lets one of two racing writers win."""

    def __init__(self, database: Database, source: str, clock: Clock = utc_now) -> None:
        self._events = database[EVENTS]
        self._source = source
        self._clock = clock

    async def prepare(self) -> None:
        """Create the indexes."""
        await create_indexes(self._events, INDEXES)

    async def append(self, session: Session, appends: Iterable[Append]) -> list[Envelope]:
        """Write the events, unpublished. A race lost raises, and `Mongo.transaction` repeats the work."""
        here = current_traceparent()
        now = self._clock()
        envelopes = [
            Envelope(new_id(), self._source, item.subject, item.after + place, now, event, item.traceparent or here)
            for item in appends
            for place, event in enumerate(item.events, start=1)
        ]
        if envelopes:
            await self._events.insert_many([to_document(envelope) for envelope in envelopes], session=session)
        return envelopes


def to_document(envelope: Envelope) -> Document:
    """The event as it stands in the log."""
    return {
        "_id": envelope.id,
        "topic": envelope.topic,
        "subject": envelope.subject,
        "sequence": envelope.sequence,
        "type": type(envelope.event).__name__,
        "source": envelope.source,
        "time": envelope.time,
        "data": envelope.event.model_dump_json(),
        "traceparent": envelope.traceparent,
        "unpublished": True,
    }


def from_document(document: Document) -> Envelope:
    """The event as it was written."""
    return Envelope(
        id=document["_id"],
        source=document["source"],
        subject=document["subject"],
        sequence=document["sequence"],
        time=document["time"].astimezone(UTC),
        event=EVENT_TYPES[document["type"]].model_validate_json(document["data"]),
        traceparent=document.get("traceparent"),
    )
