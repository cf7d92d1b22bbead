"""The service's own log of events: written in the transaction that writes the state they tell of, and kept."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zlib import crc32

from pymongo import ASCENDING, IndexModel

from shared.clock import Clock, utc_now
from shared.errors import TooLarge
from shared.events.base import Event, unknown_event
from shared.events.decoding import decode_event, earlier_topics
from shared.events.topics import LARGEST_MESSAGE, TOPICS
from shared.ids import new_id, new_id_after
from shared.messaging.envelope import Envelope
from shared.mongo import Database, Document, Session, create_indexes
from shared.telemetry import current_trace

EVENTS = "events"
SHARDS = 16
"""What relays share out among them: every aggregate's events are in one shard."""
_LARGEST_EVENT = LARGEST_MESSAGE - 64 * 1024
"""Bytes; the rest is for headers."""
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


class Wanted(NamedTuple):
    """Events to be published again: those of a subject after one sequence and up to another. None stands for all."""

    topic: str | None = None
    subject: str | None = None
    after: int = 0
    upto: int | None = None


class Heads(NamedTuple):
    """How far aggregates' events go, the id of the last event looked at (None: there is none), and if more follow."""

    sequences: dict[str, int]
    last: str | None
    more: bool


class EventLog:
    """Appends events. The unique index on subject and sequence lets one of two racing writers win."""

    def __init__(self, database: Database, source: str, clock: Clock = utc_now) -> None:
        self._events = database[EVENTS]
        self._source = source
        self._clock = clock
        self._newest = ""

    async def prepare(self) -> None:
        """Create the indexes, and go on after the newest event even if the clock was set back since."""
        await create_indexes(self._events, INDEXES)
        newest = await self._events.find({}, {"_id": 1}).sort("_id", -1).limit(1).to_list(None)
        self._newest = max([self._newest, *(document["_id"] for document in newest)])

    async def append(self, session: Session, appends: Iterable[Append]) -> list[Envelope]:
        """Write the events, unpublished. A race lost raises, and `Mongo.transaction` repeats the work.

        Raises TooLarge for an event that no topic would take.
        """
        here, now = current_trace(), self._clock()
        envelopes = [
            Envelope(self._next_id(), self._source, one.subject, one.after + place, now, event, **_trace(one, here))
            for one in appends
            for place, event in enumerate(one.events, start=1)
        ]
        if envelopes:
            await self._events.insert_many([_unpublished(envelope) for envelope in envelopes], session=session)
        return envelopes

    async def publish_again(self, wanted: Iterable[Wanted]) -> int:
        """Have the relay publish these events once more; says how many. Readers ignore what they have."""
        found = 0
        for one in wanted:
            for query in _queries(one):
                done = await self._events.update_many(query, {"$set": {"unpublished": True}})
                found += done.matched_count
        return found

    async def heads(self, topic: str, after: str, margin: timedelta, limit: int) -> Heads:
        """How far the aggregates go whose events come after one event, in the log's order, `limit` events at a time.

        Stops before the first event that is not published or younger than `margin`: readers may not have it yet.
        """
        wanted = {"topic": 1, "subject": 1, "sequence": 1, "time": 1, "unpublished": 1}
        found = await self._events.find({"_id": {"$gt": after}}, wanted).sort("_id", 1).limit(limit).to_list(None)
        now, last = self._clock(), None
        sequences: dict[str, int] = {}
        for document in found:
            if document.get("unpublished") or abs(now - _time(document)) < margin:
                break
            last = document["_id"]
            if document["topic"] in _forms(topic):
                sequences[document["subject"]] = max(document["sequence"], sequences.get(document["subject"], 0))
        return Heads(sequences, last, more=last is not None and last == found[-1]["_id"] and len(found) == limit)

    async def last_of(self, topic: str, subjects: Sequence[str]) -> dict[str, Envelope]:
        """The last event of each of these aggregates that has any."""
        found: dict[str, Envelope] = {}
        for subject in subjects:
            for form in _forms(topic):
                query = {"topic": form, "subject": subject}
                last = await self._events.find(query).sort("sequence", -1).limit(1).to_list(None)
                if last and (subject not in found or last[0]["sequence"] > found[subject].sequence):
                    found[subject] = from_document(last[0])
        return found

    def _next_id(self) -> str:
        id_ = new_id()
        self._newest = id_ if id_ > self._newest else new_id_after(self._newest)
        return self._newest


def to_document(envelope: Envelope) -> Document:
    """The event as it stands in the log. Raises TooLarge when no topic would take it."""
    data = envelope.event.model_dump_json()
    if len(data) > _LARGEST_EVENT // 4 and len(data.encode()) > _LARGEST_EVENT:
        raise TooLarge(f"{type(envelope.event).__name__} of {envelope.subject} is larger than {_LARGEST_EVENT} bytes.")
    return {
        "_id": envelope.id,
        "topic": envelope.topic,
        "subject": envelope.subject,
        "sequence": envelope.sequence,
        "type": type(envelope.event).__name__,
        "source": envelope.source,
        "time": envelope.time,
        "data": data,
        "traceparent": envelope.traceparent,
        "tracestate": envelope.tracestate,
    }


def from_document(document: Document) -> Envelope:
    """The event as it was written; one of a type that this release does not know says nothing."""
    topic = document["topic"]
    event = decode_event(topic, document["type"], document["data"]) or unknown_event(topic)
    return Envelope(
        id=document["_id"],
        source=document["source"],
        subject=document["subject"],
        sequence=document["sequence"],
        time=_time(document),
        event=event,
        traceparent=document.get("traceparent"),
        tracestate=document.get("tracestate"),
    )


def _trace(append: Append, here: Mapping[str, str]) -> Mapping[str, str]:
    return {"traceparent": append.traceparent} if append.traceparent else here


def shard_of(subject: str) -> int:
    """The shard of an aggregate."""
    return crc32(subject.encode()) % SHARDS


def _unpublished(envelope: Envelope) -> Document:
    return {**to_document(envelope), "shard": shard_of(envelope.subject), "unpublished": True}


def _forms(topic: str) -> list[str]:
    """The topic, and those whose events are read as its own."""
    return [topic, *earlier_topics(topic)]


def _queries(wanted: Wanted) -> list[Document]:
    """One for each topic: with several in one query, a server may look at the whole log."""
    if wanted.topic is None and wanted.subject is None:
        return [{}]
    upto = {"$lte": wanted.upto} if wanted.upto is not None else {}
    sequence = {"sequence": {"$gt": wanted.after, **upto}} if wanted.after or upto else {}
    subject = {"subject": wanted.subject} if wanted.subject is not None else {}
    topics = _forms(wanted.topic) if wanted.topic is not None else [spec.name for spec in TOPICS]
    return [{"topic": topic, **subject, **sequence} for topic in topics]


def _time(document: Document) -> datetime:
    time: datetime = document["time"]
    return time.astimezone(UTC)
