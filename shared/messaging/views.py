"""Views in MongoDB: load what a batch touches in one query, fold, write once with revision guards."""

import asyncio
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Generic, NamedTuple

from shared.clock import Clock, utc_now
from shared.errors import WriteConflict
from shared.messaging.envelope import Envelope
from shared.messaging.eventlog import Append, EventLog
from shared.messaging.folding import Moment, Projection, Slot, V, fold
from shared.messaging.generations import Generations, versioned
from shared.messaging.inbox import ATTEMPTS, Inbox
from shared.messaging.slots import Change, Slots
from shared.mongo import IN_CHUNK, Collection, Document, Mongo, Session, chunks, find_by_ids
from shared.telemetry import CONFLICTS, span

_LONGEST_PAUSE = 0.2


@dataclass(frozen=True, slots=True)
class Viewed(Generic[V]):
    """A document of a view, and the time of the last event in it."""

    value: V
    as_of: datetime


class _Outcome(NamedTuple, Generic[V]):
    """What a document becomes, and what is told of it."""

    change: Change[V]
    applied: int
    append: Append | None


class Views:
    """The views of one service."""

    def __init__(self, mongo: Mongo, log: EventLog, clock: Clock = utc_now) -> None:
        self._mongo = mongo
        self._log = log
        self._clock = clock
        self.generations = Generations(mongo)

    def collection(self, projection: Projection[V]) -> Collection:
        """Where the view is read. Ask each time: a rebuild puts another collection in its place."""
        return self._mongo.collection(versioned(projection.name, self.generations.of(projection.name).generation))

    def slots(self, projection: Projection[V], generation: int) -> Slots[V]:
        """The documents of one generation of the view."""
        return Slots(self._mongo.collection(versioned(projection.name, generation)), projection.model)

    def guard(self, projection: Projection[V], generation: int) -> Slots[V]:
        """The slots that notice what is missing: the view's own, or those of the inbox beside it."""
        return self.slots(projection, generation) if projection.key is None else self._inbox(projection, generation)

    async def prepare(self, projection: Projection[V], generation: int | None = None) -> None:
        """Create the indexes of a generation, by default of the one that is read."""
        if generation is None:
            await self.generations.register(projection.name)
            await self.generations.refresh()
            generation = self.generations.of(projection.name).generation
        await self.slots(projection, generation).prepare(projection.indexes)
        if projection.key is not None:
            await self._inbox(projection, generation).prepare()

    async def get(self, projection: Projection[V], key: str) -> Viewed[V] | None:
        """The document, or None if no event made one or the last one emptied it."""
        document = await self.collection(projection).find_one({"_id": key})
        return _viewed(projection, document) if document else None

    async def get_many(self, projection: Projection[V], keys: Iterable[str]) -> dict[str, Viewed[V]]:
        """The documents there are, by key."""
        documents = await find_by_ids(self.collection(projection), keys)
        found = {document["_id"]: _viewed(projection, document) for document in documents}
        return {key: viewed for key, viewed in found.items() if viewed is not None}

    async def fold(
        self,
        projection: Projection[V],
        envelopes: Sequence[Envelope],
        *,
        generation: int | None = None,
    ) -> int:
        """Take the events in, and say how many were applied. Again, in other batches or twice, it changes nothing.

        A generation that is not read yet tells nobody of anything.
        """
        current = self.generations.of(projection.name).generation
        number = current if generation is None else generation
        if projection.key is None:
            return await self._fold(projection, number, _by_key(projection, envelopes), live=number == current)

        async def take(ready: Sequence[Envelope]) -> None:
            await self._fold(projection, number, _by_key(projection, ready), live=number == current)

        return await Inbox(self._mongo, self._inbox_name(projection, number)).take(envelopes, take)

    async def fold_now(self, projection: Projection[V], envelopes: Sequence[Envelope]) -> None:
        """Write what these events say into a view with a key of its own, before its group comes to them.

        For those who have to see it there at once. The group finds it done. A generation that is built has it too.
        """
        pointer = self.generations.of(projection.name)
        for number in {pointer.generation, *([pointer.building.generation] if pointer.building else [])}:
            await self._fold(projection, number, _by_key(projection, envelopes), live=True)

    async def drop(self, projection: Projection[V], generation: int) -> None:
        """Remove a generation that is neither read nor built."""
        await self._mongo.database.drop_collection(versioned(projection.name, generation))
        await self._mongo.database.drop_collection(self._inbox_name(projection, generation))

    async def settle(self, projection: Projection[V], keys: Sequence[str], cause: str) -> None:
        """Settle documents again though no event came, because time alone changes them."""
        number = self.generations.of(projection.name).generation
        await self._tell(projection, self.slots(projection, number), {key: [] for key in keys}, cause)

    async def _fold(
        self, projection: Projection[V], generation: int, groups: Mapping[str, list[Envelope]], *, live: bool
    ) -> int:
        """Fold the documents in parts, one beside the other: while one is written, the next is folded."""
        slots = self.slots(projection, generation)
        tells = projection.settle is not None and live
        parts = [{key: groups[key] for key in keys} for keys in chunks(list(groups), IN_CHUNK)]
        done = await asyncio.gather(
            *(
                self._tell(projection, slots, part, None) if tells else self._write(projection, slots, part)
                for part in parts
            ),
            return_exceptions=True,
        )
        for outcome in done:
            if isinstance(outcome, BaseException):
                raise outcome
        return sum(outcome for outcome in done if isinstance(outcome, int))

    async def _write(self, projection: Projection[V], slots: Slots[V], groups: Mapping[str, list[Envelope]]) -> int:
        """Fold and write, again for what another wrote meanwhile. Nobody is told of anything."""
        taken, mark = 0, _untold if projection.settle is not None else _as_it_is
        for attempt in range(ATTEMPTS):
            loaded = await slots.load(groups)
            outcomes = [self._outcome(projection, loaded[key], group, None) for key, group in groups.items()]
            lost = await slots.write([mark(one.change) for one in outcomes if one])
            taken += sum(one.applied for one in outcomes if one and one.change.after.key not in lost)
            if not lost:
                return taken
            CONFLICTS.labels(projection.name).inc(len(lost))
            groups = {key: groups[key] for key in lost}
            await asyncio.sleep(random.uniform(0, min(_LONGEST_PAUSE, 0.002 * 2**attempt)))  # noqa: S311 - only spreads
        raise WriteConflict(projection.name)

    async def _tell(
        self, projection: Projection[V], slots: Slots[V], groups: Mapping[str, list[Envelope]], cause: str | None
    ) -> int:
        """Fold, settle, and write documents and events in one transaction, again for what another wrote meanwhile."""
        loaded: dict[str, Slot[V]] = {}
        outcomes: dict[str, _Outcome[V] | None] = {}

        async def work(session: Session) -> int:
            if outcomes:
                changed = await self._changed(slots, outcomes)
                CONFLICTS.labels(projection.name).inc(len(changed))
            else:
                changed = set(groups)
            loaded.update(await self._loaded(projection, slots, changed, told=not outcomes))
            for key in changed:
                outcomes[key] = self._outcome(projection, loaded[key], groups[key], cause)
            found = [one for one in outcomes.values() if one]
            await slots.write_all([one.change for one in found], session)
            await self._log.append(session, [one.append for one in found if one.append])
            return sum(one.applied for one in found)

        return await self._mongo.transaction(work)

    async def _changed(self, slots: Slots[V], outcomes: Mapping[str, _Outcome[V] | None]) -> set[str]:
        """What was written by others since it was loaded; or if nothing was, all that wanted to tell something."""
        found = {key: one.change.before.revision for key, one in outcomes.items() if one}
        now = await slots.revisions(found)
        changed = {key for key, revision in found.items() if now.get(key, 0) != revision}
        return changed or {key for key, one in outcomes.items() if one and one.append}

    async def _loaded(
        self, projection: Projection[V], slots: Slots[V], keys: Iterable[str], *, told: bool
    ) -> dict[str, Slot[V]]:
        """The slots, those that do not know what was told of them (or all, unless `told`) after a look at the log."""
        loaded = await slots.load(keys)
        unsure = [key for key, slot in loaded.items() if slot.emitted is None or not told]
        if unsure and projection.tells is not None:
            last = await self._log.last_of(projection.tells, unsure)
            loaded |= {key: _resumed(projection, loaded[key], last.get(key)) for key in unsure}
        return loaded

    def _outcome(
        self, projection: Projection[V], slot: Slot[V], envelopes: Sequence[Envelope], cause: str | None
    ) -> _Outcome[V] | None:
        """None when nothing changes."""
        folded = fold(projection, slot, envelopes)
        if not folded.applied and cause is None:
            return _Outcome(Change(slot, folded.slot), 0, None) if folded.slot != slot else None
        if slot.revision == 0 and not folded.applied:
            return None
        last = folded.applied[-1] if folded.applied else None
        after, append = self._settled(projection, folded.slot, last, cause or "")
        return _Outcome(Change(slot, after), len(folded.applied), append)

    def _settled(
        self, projection: Projection[V], slot: Slot[V], last: Envelope | None, cause: str
    ) -> tuple[Slot[V], Append | None]:
        if projection.settle is None or slot.value is None:
            return slot, None
        value, events = projection.settle(slot.value, Moment(self._clock(), last.id if last else cause))
        told = slot.emitted or 0
        after = replace(slot, value=value, emitted=told + len(events))
        if not events:
            return after, None
        with span(f"settle {projection.name}", parent=last.traceparent if last else None) as traceparent:
            return after, Append(events[0].topic, slot.key, told, events, traceparent)

    def _inbox(self, projection: Projection[V], generation: int) -> Slots[V]:
        return Slots(self._mongo.collection(self._inbox_name(projection, generation)), None)

    def _inbox_name(self, projection: Projection[V], generation: int) -> str:
        return versioned(projection.name, generation) + ".inbox"


def _by_key(projection: Projection[V], envelopes: Iterable[Envelope]) -> dict[str, list[Envelope]]:
    groups: dict[str, list[Envelope]] = {}
    for envelope in envelopes:
        key = projection.key(envelope) if projection.key else envelope.subject
        groups.setdefault(key, []).append(envelope)
    return groups


def _as_it_is(change: Change[V]) -> Change[V]:
    return change


def _untold(change: Change[V]) -> Change[V]:
    return Change(change.before, replace(change.after, emitted=None))


def _resumed(projection: Projection[V], slot: Slot[V], last: Envelope | None) -> Slot[V]:
    emitted = last.sequence if last else 0
    if slot.value is None or projection.resume is None:
        return replace(slot, emitted=emitted)
    return replace(slot, value=projection.resume(slot.value, last), emitted=emitted)


def _viewed(projection: Projection[V], document: Document) -> Viewed[V] | None:
    if document["data"] is None:
        return None
    as_of = document["as_of"] or datetime.now(UTC)
    value = projection.model.model_validate(document["data"])
    return Viewed(value, as_of)
