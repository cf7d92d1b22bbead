"""Slots in MongoDB: loaded together, written together, each only if nobody else wrote it since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Generic, NamedTuple

from pymongo import ASCENDING, IndexModel, ReplaceOne
from pymongo.errors import BulkWriteError

from shared.errors import WriteConflict
from shared.events.decoding import todays_topic
from shared.events.upcasters import UPCASTERS
from shared.ids import new_id
from shared.messaging.eventlog import from_document, to_document
from shared.messaging.folding import Slot, V, hear
from shared.mongo import Collection, Document, Session, create_indexes, find_by_ids, lost_race

FLAGS = ("stale", "untold")
"""`stale`: events are missing. `untold`: what the document led to may not have been told of."""


class Change(NamedTuple, Generic[V]):
    """A slot as it was loaded, and as it should be."""

    before: Slot[V]
    after: Slot[V]


class Slots(Generic[V]):
    """The slots of one collection: `{_id, rev, by, seen, heard, aside, stale, untold, as_of, emitted, data}`."""

    def __init__(self, collection: Collection, model: type[V] | None) -> None:
        self.collection = collection
        self._model = model

    async def prepare(self, fields: Iterable[str] = ()) -> None:
        """Create the indexes: those of the flags, and one for each of the data's `fields`."""
        by_field = [IndexModel([(f"data.{one}", ASCENDING)]) for one in fields]
        await create_indexes(self.collection, [*map(_flag_index, FLAGS), *by_field])

    async def load(self, keys: Iterable[str]) -> dict[str, Slot[V]]:
        """The slot of each key, an empty one where there is none."""
        wanted = list(dict.fromkeys(keys))
        slots = {document["_id"]: self.read(document) for document in await find_by_ids(self.collection, wanted)}
        return {key: slots.get(key) or Slot(key) for key in wanted}

    async def write(self, changes: Sequence[Change[V]]) -> set[str]:
        """Write what nobody else has written since; the keys of the others."""
        if not changes:
            return set()
        token = new_id()
        try:
            written = await self.collection.bulk_write(_operations(changes, token), ordered=False)
        except BulkWriteError as error:
            if not lost_race(error):
                raise
        else:
            if written.matched_count + len(written.upserted_ids or {}) == len(changes):
                return set()
        keys = [change.after.key for change in changes]
        ours = await self._field(keys, "by")
        return {key for key in keys if ours.get(key) != token}

    async def write_all(self, changes: Sequence[Change[V]], session: Session) -> None:
        """Write all of them. Raises WriteConflict, which undoes the transaction, when one was written since."""
        if changes:
            written = await self.collection.bulk_write(_operations(changes, new_id()), ordered=False, session=session)
            if written.matched_count + len(written.upserted_ids or {}) != len(changes):
                raise WriteConflict(self.collection.name)

    async def revisions(self, keys: Iterable[str]) -> dict[str, int]:
        """The revision of each slot that there is."""
        return await self._field(keys, "rev")

    async def flagged(self, flag: str, most: int, after: str = "") -> list[str]:
        """Keys of slots with this flag, from after a key on."""
        query = {flag: True, "_id": {"$gt": after}}
        found = await self.collection.find(query, {"_id": 1}).sort("_id", 1).limit(most).to_list(None)
        return [document["_id"] for document in found]

    async def hear(self, topic: str, sequences: Mapping[str, int]) -> None:
        """Note in these slots that there are events up to these sequences."""
        keys = set(sequences)
        while keys:
            slots = await self.load(keys)
            changes = [Change(slots[key], hear(slots[key], topic, sequences[key])) for key in keys]
            keys = await self.write([change for change in changes if change.after != change.before])

    async def skip(self, key: str, topic: str, sequence: int) -> bool:
        """Go on without an event. False when the slot waits for one before it: what comes after is sent again then."""
        while True:
            slot = (await self.load([key]))[key]
            if (seen := slot.seen.get(topic, 0)) >= sequence - 1:
                aside = tuple(one for one in slot.aside if one.topic != topic)
                heard = {of: last for of, last in slot.heard.items() if of != topic or last > sequence}
                after = replace(slot, seen={**slot.seen, topic: sequence}, aside=aside, heard=heard)
                if seen >= sequence or not await self.write([Change(slot, after)]):
                    return True
            else:
                return False

    async def seen(self, topic: str, keys: Iterable[str]) -> dict[str, int]:
        """The last sequence of the topic that each slot has applied, where there is a slot."""
        return {key: _by_topic(pairs).get(topic, 0) for key, pairs in (await self._field(keys, "seen")).items()}

    def read(self, document: Document) -> Slot[V]:
        """A slot from its document."""
        data = document.get("data")
        return Slot(
            key=document["_id"],
            revision=document["rev"],
            seen=_by_topic(document["seen"]),
            heard=_by_topic(document["heard"]),
            aside=tuple(from_document(each) for each in document["aside"]),
            as_of=document["as_of"],
            value=self._model.model_validate(data) if data is not None and self._model is not None else None,
            emitted=document["emitted"],
        )

    async def _field(self, keys: Iterable[str], field: str) -> dict[str, Any]:
        found = await find_by_ids(self.collection, keys, only=(field,))
        return {document["_id"]: document.get(field) for document in found}


def _flag_index(flag: str) -> IndexModel:
    return IndexModel([(flag, ASCENDING), ("_id", ASCENDING)], partialFilterExpression={flag: True})


def _by_topic(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Sequences by topic, as topics are called today: a new version of a topic counts on."""
    if not UPCASTERS:
        return dict(pairs)
    found: dict[str, int] = {}
    for topic, sequence in pairs:
        today = todays_topic(topic)
        found[today] = max(sequence, found.get(today, 0))
    return found


def _operations(changes: Iterable[Change[V]], token: str) -> list[ReplaceOne[Document]]:
    return [
        ReplaceOne(
            {"_id": before.key, "rev": before.revision},
            _document(after, before.revision + 1, token),
            upsert=before.revision == 0,
        )
        for before, after in changes
    ]


def _document(slot: Slot[V], revision: int, token: str) -> Document:
    flags = {name: True for name, is_set in (("stale", slot.is_stale), ("untold", slot.emitted is None)) if is_set}
    return {
        "_id": slot.key,
        "rev": revision,
        "by": token,
        "seen": [[topic, sequence] for topic, sequence in sorted(slot.seen.items())],
        "heard": [[topic, sequence] for topic, sequence in sorted(slot.heard.items())],
        "aside": [to_document(envelope) for envelope in slot.aside],
        **flags,
        "as_of": slot.as_of,
        "emitted": slot.emitted,
        "data": slot.value.model_dump(mode="json") if slot.value is not None else None,
    }
