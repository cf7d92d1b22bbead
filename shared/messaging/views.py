"""Views in MongoDB: load what a batch touches in one query, fold, write once with revision guards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic

from pymongo import ASCENDING, IndexModel, ReplaceOne
from pymongo.errors import BulkWriteError

from shared.clock import Clock, utc_now
from shared.errors import WriteConflict
from shared.messaging.envelope import Envelope
from shared.messaging.eventlog import Append, EventLog, from_document, to_document
from shared.messaging.folding import Moment, Projection, Slot, V, fold
from shared.mongo import Collection, Document, Mongo, Session, create_indexes, find_by_ids, lost_race
from shared.telemetry import CONFLICTS, HOLES, span

_ATTEMPTS = 30


@dataclass(frozen=True, slots=True)
class Viewed(Generic[V]):
    """A document of a view, and the time of the last event in it."""

    value: V
    as_of: datetime


class Views:
    """The views of one service."""

    def __init__(self, mongo: Mongo, log: EventLog, clock: Clock = utc_now) -> None:
        self._mongo = mongo
        self._log = log
        self._clock = clock

    def collection(self, projection: Projection[V]) -> Collection:
        """Where the view stands: `{_id, rev, seen, aside, as_of, emitted, data}`."""
        return self._mongo.collection(projection.name)

    async def prepare(self, projection: Projection[V]) -> None:
        """Create the view's indexes."""
        indexes = [IndexModel([(f"data.{name}", ASCENDING)]) for name in projection.indexes]
        await create_indexes(self.collection(projection), indexes)

    async def get(self, projection: Projection[V], key: str) -> Viewed[V] | None:
        """The document, or None if no event made one or the last one emptied it."""
        document = await self.collection(projection).find_one({"_id": key})
        return _viewed(projection, document) if document else None

    async def get_many(self, projection: Projection[V], keys: Iterable[str]) -> dict[str, Viewed[V]]:
        """The documents there are, by key."""
        documents = await find_by_ids(self.collection(projection), keys)
        found = {document["_id"]: _viewed(projection, document) for document in documents}
        return {key: viewed for key, viewed in found.items() if viewed is not None}

    async def fold(self, projection: Projection[V], envelopes: Sequence[Envelope]) -> None:
        """Take the events in. Doing it again, in any batches and with any duplicates, changes nothing."""
        key = projection.key or _subject
        groups: dict[str, list[Envelope]] = {}
        for envelope in envelopes:
            groups.setdefault(key(envelope), []).append(envelope)
        await self._fold(projection, groups)

    async def settle(self, projection: Projection[V], keys: Sequence[str], cause: str) -> None:
        """Settle documents again though no event came, because time alone changes them."""
        await self._in_transaction(projection, {key: [] for key in keys}, cause)

    async def _fold(self, projection: Projection[V], groups: dict[str, list[Envelope]]) -> None:
        if projection.settle is not None:
            await self._in_transaction(projection, groups, None)
            return
        for attempt in range(_ATTEMPTS):
            slots = await self._load(projection, groups, None)
            changed = [(slot, after) for slot, after, _ in self._folded(projection, slots, groups)]
            if await self._replace(projection, changed):
                return
            CONFLICTS.labels(projection.name).inc()
            if attempt == _ATTEMPTS - 1:
                raise WriteConflict(projection.name)

    async def _in_transaction(
        self, projection: Projection[V], groups: dict[str, list[Envelope]], cause: str | None
    ) -> None:
        async def work(session: Session) -> None:
            slots = await self._load(projection, groups, session)
            changed, appends = [], []
            for slot, folded, last in self._folded(projection, slots, groups, settle_all=cause is not None):
                after, append = self._settled(projection, folded, last, cause or "")
                changed.append((slot, after))
                appends += [append] if append.events else []
            operations = [_replacement(slot, after) for slot, after in changed]
            if operations:
                written = await self.collection(projection).bulk_write(operations, ordered=False, session=session)
                if written.matched_count + len(written.upserted_ids or {}) != len(operations):
                    raise WriteConflict(projection.name)
            await self._log.append(session, appends)

        await self._mongo.transaction(work)

    def _folded(
        self,
        projection: Projection[V],
        slots: dict[str, Slot[V]],
        groups: dict[str, list[Envelope]],
        *,
        settle_all: bool = False,
    ) -> Iterable[tuple[Slot[V], Slot[V], Envelope | None]]:
        for key, group in groups.items():
            slot = slots.get(key) or Slot(key)
            folded = fold(projection, slot, group)
            if folded.holes:
                HOLES.labels(projection.name).inc(folded.holes)
            if folded.last is not None or folded.slot.aside != slot.aside or settle_all:
                yield slot, folded.slot, folded.last

    def _settled(
        self, projection: Projection[V], slot: Slot[V], last: Envelope | None, cause: str
    ) -> tuple[Slot[V], Append]:
        topic = ""
        if projection.settle is None or slot.value is None or (last is None and not cause):
            return slot, Append(topic, slot.key, 0, ())
        value, events = projection.settle(slot.value, Moment(self._clock(), last.id if last else cause))
        after = _replace_slot(slot, value, slot.emitted + len(events))
        if not events:
            return after, Append(topic, slot.key, 0, ())
        with span(f"settle {projection.name}", parent=last.traceparent if last else None) as traceparent:
            return after, Append(events[0].topic, slot.key, slot.emitted, events, traceparent)

    async def _load(
        self, projection: Projection[V], keys: Iterable[str], session: Session | None
    ) -> dict[str, Slot[V]]:
        documents = await find_by_ids(self.collection(projection), keys, session=session)
        return {document["_id"]: _slot(projection, document) for document in documents}

    async def _replace(self, projection: Projection[V], changed: Sequence[tuple[Slot[V], Slot[V]]]) -> bool:
        if not changed:
            return True
        operations = [_replacement(slot, after) for slot, after in changed]
        try:
            written = await self.collection(projection).bulk_write(operations, ordered=False)
        except BulkWriteError as error:
            if lost_race(error):
                return False
            raise
        return written.matched_count + len(written.upserted_ids or {}) == len(operations)


def _subject(envelope: Envelope) -> str:
    return envelope.subject


def _replace_slot(slot: Slot[V], value: V, emitted: int) -> Slot[V]:
    return Slot(slot.key, slot.revision, slot.seen, slot.aside, slot.as_of, value, emitted)


def _replacement(slot: Slot[V], after: Slot[V]) -> ReplaceOne[Document]:
    guard = {"_id": slot.key, "rev": slot.revision}
    return ReplaceOne(guard, _document(after, slot.revision + 1), upsert=slot.revision == 0)


def _document(slot: Slot[V], revision: int) -> Document:
    return {
        "_id": slot.key,
        "rev": revision,
        "seen": [[topic, sequence] for topic, sequence in sorted(slot.seen.items())],
        "aside": [to_document(envelope) for envelope in slot.aside],
        "as_of": slot.as_of,
        "emitted": slot.emitted,
        "data": slot.value.model_dump(mode="json") if slot.value is not None else None,
    }


def _slot(projection: Projection[V], document: dict[str, Any]) -> Slot[V]:
    data = document["data"]
    return Slot(
        key=document["_id"],
        revision=document["rev"],
        seen=dict(document["seen"]),
        aside=tuple(from_document(one) for one in document["aside"]),
        as_of=document["as_of"],
        value=projection.model.model_validate(data) if data is not None else None,
        emitted=document["emitted"],
    )


def _viewed(projection: Projection[V], document: Document) -> Viewed[V] | None:
    if document["data"] is None:
        return None
    as_of = document["as_of"] or datetime.now(UTC)
    return Viewed(projection.model.model_validate(document["data"]), as_of)
