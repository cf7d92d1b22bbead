"""Dead letters: what a consumer group could not take in, kept with all that is needed to try again (docs/adr/0009)."""

import traceback
from collections.abc import Iterable, Sequence
from datetime import timedelta
from hashlib import blake2b
from typing import Any, Literal, NamedTuple

from pymongo import ASCENDING, IndexModel, ReturnDocument

from shared.clock import Clock
from shared.messaging.envelope import Envelope, from_record
from shared.messaging.slots import Slots
from shared.mongo import IN_CHUNK, Collection, Document, Mongo, create_indexes
from shared.telemetry import DEAD, RETRIES

DEAD_LETTERS = "dead_letters"
INDEXES = [
    IndexModel([("state", ASCENDING), ("due_at", ASCENDING)]),
    IndexModel([("group", ASCENDING), ("subject", ASCENDING)]),
]
_LONGEST_NUMBER = 19
"""Digits that a database keeps."""
State = Literal["waiting", "dead"]


class Received(NamedTuple):
    """An event and Kafka's record of it."""

    record: Any
    envelope: Envelope


class About(NamedTuple):
    """The event in a letter: where it stands, as far as is known, and whether it is the record that is unfit."""

    topic: str
    subject: str
    sequence: int | None
    is_unreadable: bool


class Letters:
    """The letters of one service's groups.

    A letter is `waiting` for its next attempt, or `dead`: nothing but an operator's word moves it then.
    """

    def __init__(self, mongo: Mongo, pauses: Sequence[float], clock: Clock) -> None:
        self.collection: Collection = mongo.collection(DEAD_LETTERS)
        self._pauses = pauses
        self._clock = clock

    async def prepare(self) -> None:
        """Create the indexes."""
        await create_indexes(self.collection, INDEXES)

    async def keep_unreadable(self, group: str, topic: str, record: Any, error: Exception) -> None:
        """Keep a record that no repetition makes readable."""
        subject, sequence = _named(record)
        place = f"{record.partition}/{record.offset}"
        if sequence is not None:  # the owner may send it again and again: the same record is the same letter
            place = f"{subject}/{sequence}/{_digest(repr((record.value, record.headers)))}"
        letter = self._letter(group, topic, record, error) | {"subject": subject, "sequence": sequence}
        await self._add(f"{group}/{topic}/{place}", {**letter, "unreadable": True, "state": "dead", "due_at": None})
        DEAD.labels(group).inc()

    async def keep_failed(self, group: str, received: Received, error: Exception) -> None:
        """Keep an event whose handling failed, for its next attempt; the same event sent again is the same letter."""
        record, envelope = received
        place = f"{group}/{envelope.topic}/{envelope.subject}/{envelope.sequence}"
        letter = self._letter(group, envelope.topic, record, error)
        named = {"subject": envelope.subject, "sequence": envelope.sequence}
        await self._add(place, {**letter, **named, **self._next(group, attempts=1)})

    async def due(self, groups: Iterable[str], most: int = 100) -> list[Document]:
        """Letters whose next attempt is due, the longest due first."""
        query = {"state": "waiting", "group": {"$in": list(groups)}, "due_at": {"$lte": self._clock()}}
        return await self.collection.find(query).sort("due_at", 1).limit(most).to_list(None)

    async def failed_again(self, letter: Document, error: Exception) -> None:
        """Note an attempt that failed too; after the last one the letter is dead."""
        RETRIES.labels(letter["group"]).inc()
        attempts = letter["attempts"] + 1
        change = {**_described(error), **self._next(letter["group"], attempts), "last_at": self._clock()}
        await self.collection.update_one({"_id": letter["_id"]}, {"$set": change})

    async def put_off(self, letter: Document) -> None:
        """Something is away that has nothing to do with the event: the attempt does not count."""
        due_at = self._clock() + timedelta(seconds=self._pauses[0] if self._pauses else 1)
        await self.collection.update_one({"_id": letter["_id"]}, {"$set": {"due_at": due_at}})

    async def taken_in(self, letter: Document) -> None:
        """Forget a letter that an attempt has taken in."""
        RETRIES.labels(letter["group"]).inc()
        await self.forget(letter)

    async def about(self, group: str, subjects: Iterable[str]) -> list[About]:
        """What the group's letters about these aggregates hold."""
        query = {"group": group, "subject": {"$in": list(subjects)}}
        wanted = {"topic": 1, "subject": 1, "sequence": 1, "unreadable": 1}
        found = await self.collection.find(query, wanted).to_list(None)
        return [About(one["topic"], one["subject"], one["sequence"], bool(one.get("unreadable"))) for one in found]

    async def forget_seen(self, group: str, guard: Slots[Any]) -> None:
        """Forget dead letters whose event was taken in after all, sent again by its owner."""
        after = ""
        while letters := await self.page(group, "dead", after, IN_CHUNK):
            after = letters[-1]["_id"]
            for letter in letters:
                seen = await guard.seen(letter["topic"], [letter["subject"] or ""])
                if letter["sequence"] is not None and seen.get(letter["subject"], 0) >= letter["sequence"]:
                    await self.forget(letter)

    async def forget(self, letter: Document) -> None:
        """Remove a letter."""
        await self.collection.delete_one({"_id": letter["_id"]})

    async def forget_group(self, group: str) -> None:
        """Forget the letters of a group that there is no more."""
        await self.collection.delete_many({"group": group})

    async def events_of(self, group: str) -> set[tuple[str, str, int | None]]:
        """Topic, subject and sequence of every event that the group could read and not take in."""
        found = self.collection.find({"group": group, "unreadable": {"$ne": True}}, {"value": 0, "stack": 0})
        return {(one["topic"], one["subject"], one["sequence"]) for one in await found.to_list(None)}

    async def get(self, id_: str) -> Document | None:
        """A letter."""
        return await self.collection.find_one({"_id": id_})

    async def page(self, group: str | None, state: State | None, after: str | None, most: int) -> list[Document]:
        """Letters by id, from after one on."""
        named = {"group": group, "state": state, "_id": {"$gt": after} if after is not None else None}
        query = {name: value for name, value in named.items() if value is not None}
        return await self.collection.find(query).sort("_id", 1).limit(most).to_list(None)

    async def retry(self, id_: str) -> Document | None:
        """Make a letter due now, with all its attempts before it again; None if there is no such letter."""
        change = {"state": "waiting", "attempts": 0, "due_at": self._clock()}
        return await self.collection.find_one_and_update(
            {"_id": id_}, {"$set": change}, return_document=ReturnDocument.AFTER
        )

    def _next(self, group: str, attempts: int) -> dict[str, object]:
        if attempts > len(self._pauses):
            DEAD.labels(group).inc()
            return {"attempts": attempts, "state": "dead", "due_at": None}
        due_at = self._clock() + timedelta(seconds=self._pauses[attempts - 1])
        return {"attempts": attempts, "state": "waiting", "due_at": due_at}

    def _letter(self, group: str, topic: str, record: Any, error: Exception) -> dict[str, object]:
        now = self._clock()
        return {
            "group": group,
            "topic": topic,
            "partition": record.partition,
            "offset": record.offset,
            "key": record.key,
            "value": record.value,
            "headers": [[name, raw] for name, raw in record.headers],
            **_described(error),
            "attempts": 1,
            "first_at": now,
            "last_at": now,
        }

    async def _add(self, place: str, letter: dict[str, object]) -> None:
        """Unless it is there: a batch that is delivered again has no more attempts than before."""
        await self.collection.update_one({"_id": _digest(place)}, {"$setOnInsert": letter}, upsert=True)


def _digest(text: str) -> str:
    return blake2b(text.encode(errors="replace"), digest_size=12).hexdigest()


def _named(record: Any) -> tuple[str | None, int | None]:
    """The subject and sequence that an unreadable record states, as far as it does."""
    headers = dict(record.headers)
    subject, sequence = headers.get("ce_subject"), headers.get("ce_sequence") or b""
    if subject and sequence.isdigit() and len(sequence) < _LONGEST_NUMBER:
        return subject.decode(errors="replace"), int(sequence)
    return (record.key.decode(errors="replace") if record.key else None), None


def reread(letter: Document) -> Envelope | None:
    """The event of a letter, by what this release knows. Raises Poison when it is still unreadable."""
    return from_record(letter["value"], [(name, raw) for name, raw in letter["headers"]])


def _described(error: Exception) -> dict[str, object]:
    stack = "".join(traceback.format_exception(error))
    return {"error": f"{type(error).__name__}: {error}", "stack": stack}
