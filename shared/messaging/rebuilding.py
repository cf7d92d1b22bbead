"""Rebuilding a view from its topics beside the one that is read, comparing both, and swapping them in one step."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from shared.clock import Clock
from shared.messaging.auditing import Auditor
from shared.messaging.folding import Projection
from shared.messaging.generations import Building, Difference, Pointer, Rebuilt, versioned
from shared.messaging.groups import Group
from shared.messaging.letters import Letters
from shared.messaging.progress import offsets_of
from shared.messaging.views import Views
from shared.mongo import IN_CHUNK, Collection, Document, chunks, find_by_ids
from shared.settings import ServiceSettings

_EXAMPLES = 10
_LOOKS = 40
"""How often two documents are looked at that are not at the same event: while events keep coming they seldom are."""
_LOOK_SECONDS = 0.05
_MOVING = 10_000
"""Documents that can wait for another look."""
_KAFKA_SECONDS = 20.0
_log = structlog.get_logger()


@dataclass
class _Comparison:
    """What was found so far. `moving`: documents that were not at the same event in both generations."""

    equal: int = 0
    differing: int = 0
    missing: int = 0
    extra: int = 0
    examples: list[Difference] = field(default_factory=list)
    moving: list[str] = field(default_factory=list)

    def note(self, kind: str, id_: str, what: str) -> None:
        setattr(self, kind, getattr(self, kind) + 1)
        if len(self.examples) < _EXAMPLES:
            self.examples.append(Difference(id=id_, what=what))

    def wait_for(self, id_: str) -> None:
        """Look at a document again later, unless too many wait already."""
        if len(self.moving) < _MOVING:
            self.moving.append(id_)
        else:
            self.note("differing", id_, "not at the same event in both")


class Rebuilder:
    """Conducts the rebuilds of a service's views; the folding itself is done by every member of the new group."""

    def __init__(
        self, settings: ServiceSettings, views: Views, letters: Letters, auditor: Auditor, clock: Clock
    ) -> None:
        self._settings, self._views, self._letters = settings, views, letters
        self._auditor, self._clock = auditor, clock
        self._begun: set[str] = set()

    async def conduct(self, group: Group, view: Projection[Any]) -> None:
        """Finish a rebuild whose group has taken in everything; otherwise only note how far it is."""
        generations = self._views.generations
        await generations.refresh()
        pointer = generations.of(view.name)
        if pointer.building is None or pointer.building.generation != group.generation:
            return
        if group.name not in self._begun:
            self._begun.add(group.name)
            await self._drop_older(view, pointer)
        if not await self._has_folded(group, view) or await self._auditor.audit(group):
            return
        if await self._is_held_up(group, versioned(view.name, pointer.generation)):
            await generations.advance(view.name, group.generation, state="held up")
            return
        await generations.advance(view.name, group.generation, state="comparing")
        result = await self._compare(view, pointer.building)
        await generations.finish(view.name, result)
        _log.info("a view was rebuilt", view=view.name, **result.model_dump(exclude={"examples"}))
        await self._forget(versioned(view.name, pointer.generation if result.swapped else group.generation))

    async def _has_folded(self, group: Group, view: Projection[Any]) -> bool:
        async with (
            asyncio.timeout(_KAFKA_SECONDS),
            offsets_of(self._settings.kafka_bootstrap_servers, self._settings.topic_prefix) as offsets,
        ):
            read, of = await offsets.progress(group.name, group.topics)
        await self._views.generations.advance(view.name, group.generation, read=read, of=of)
        return of - read <= self._settings.consumer_batch

    async def _is_held_up(self, group: Group, old: str) -> bool:
        """Whether the new generation misses events that the old one has: what fails in both holds nothing up."""
        new_letters, old_letters = await self._letters.events_of(group.name), await self._letters.events_of(old)
        if new_letters - old_letters:
            return True
        after, failing = "", {subject for _, subject, _ in new_letters}
        while keys := await group.guard.flagged("stale", IN_CHUNK, after):
            if set(keys) - failing:
                return True
            after = keys[-1]
        return False

    async def _drop_older(self, view: Projection[Any], pointer: Pointer) -> None:
        """Remove what earlier rebuilds left; the generation before this one stays until the next rebuild."""
        for number in range(1, pointer.highest):
            if number != pointer.generation:
                await self._views.drop(view, number)
                await self._forget(versioned(view.name, number))

    async def _forget(self, group: str) -> None:
        await self._letters.forget_group(group)
        await self._auditor.forget(group)

    async def _compare(self, view: Projection[Any], building: Building) -> Rebuilt:
        old = self._views.collection(view)
        new = self._views.slots(view, building.generation).collection
        found = _Comparison()
        async for ids in _pages(old):
            await _compare_these(view, old, new, ids, found)
        async for ids in _pages(new):
            known = {each["_id"] for each in await find_by_ids(old, ids, only=("_id",))}
            await _compare_these(view, old, new, [id_ for id_ in ids if id_ not in known], found)
        for _ in range(_LOOKS):
            moving, found.moving = found.moving, []
            for ids in chunks(moving, IN_CHUNK):
                await _compare_these(view, old, new, ids, found)
            if not found.moving:
                break
            await asyncio.sleep(_LOOK_SECONDS)
        for ids in chunks(found.moving, IN_CHUNK):
            await _note_moving(old, new, ids, found)
        return Rebuilt(
            generation=building.generation,
            finished_at=self._clock(),
            swapped=building.swap,
            documents=await new.count_documents({}),
            equal=found.equal,
            differing=found.differing,
            missing=found.missing,
            extra=found.extra,
            examples=tuple(found.examples),
        )


async def _compare_these(
    view: Projection[Any], old: Collection, new: Collection, ids: Sequence[str], found: _Comparison
) -> None:
    before = {each["_id"]: each for each in await find_by_ids(old, ids)}
    after = {each["_id"]: each for each in await find_by_ids(new, ids)}
    for id_ in ids:
        _compare_one(view, id_, before.get(id_), after.get(id_), found)


async def _note_moving(old: Collection, new: Collection, ids: Sequence[str], found: _Comparison) -> None:
    """Say what is still not at the same event in both."""
    before = {each["_id"] for each in await find_by_ids(old, ids, only=("_id",))}
    after = {each["_id"] for each in await find_by_ids(new, ids, only=("_id",))}
    for id_ in ids:
        if id_ in before and id_ in after:
            found.note("differing", id_, "never at the same event in both")
        elif id_ in before:
            found.note("missing", id_, "only in the old view")
        elif id_ in after:
            found.note("extra", id_, "only in the new view")


def _compare_one(
    view: Projection[Any], id_: str, old: Document | None, new: Document | None, found: _Comparison
) -> None:
    if old is None and new is None:
        return
    if old is None or new is None or _is_apart(old, new):
        found.wait_for(id_)
    elif changed := list(_changed_fields(view, old["data"], new["data"])):
        found.note("differing", id_, ", ".join(changed))
    else:
        found.equal += 1


def _is_apart(old: Document, new: Document) -> bool:
    """Whether they are not at the same event of some topic that both read."""
    before, after = dict(old["seen"]), dict(new["seen"])
    return any(before[topic] != after[topic] for topic in before.keys() & after.keys())


def _changed_fields(view: Projection[Any], old: Document | None, new: Document | None) -> Iterable[str]:
    if old is None or new is None:
        return ["all of it"] if old is not new else []
    before, after = without(old, view.timed), without(new, view.timed)
    return [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]


def without(data: Document, paths: Iterable[str]) -> Document:
    """The data without the fields at these paths (`settled.at`)."""
    kept = dict(data)
    for path in paths:
        name, _, rest = path.partition(".")
        inner = kept.get(name)
        if not rest:
            kept.pop(name, None)
        elif isinstance(inner, dict):
            kept[name] = without(inner, [rest])
    return kept


async def _pages(collection: Collection) -> Any:
    after = ""
    while True:
        found = await collection.find({"_id": {"$gt": after}}, {"_id": 1}).sort("_id", 1).limit(IN_CHUNK).to_list(None)
        if not found:
            return
        yield [document["_id"] for document in found]
        after = found[-1]["_id"]
