"""Rebuilding a view from its topics beside the one that is read, comparing both, and swapping them in one step."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from shared.clock import Clock
from shared.messaging.auditing import Auditor
from shared.messaging.folding import Projection
from shared.messaging.generations import Building, Difference, Rebuilt, versioned
from shared.messaging.groups import Group
from shared.messaging.letters import Letters
from shared.messaging.progress import offsets_of
from shared.messaging.views import Views
from shared.mongo import IN_CHUNK, Collection, Document, Mongo, find_by_ids
from shared.settings import ServiceSettings

_EXAMPLES = 10
_LOOKS = 40
"""How often two documents are looked at that are not at the same event: while events keep coming they seldom are."""
_LOOK_SECONDS = 0.05
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


class Rebuilder:
    """Conducts the rebuilds of a service's views; the folding itself is done by every member of the new group."""

    def __init__(
        self,
        settings: ServiceSettings,
        mongo: Mongo,
        views: Views,
        letters: Letters,
        auditor: Auditor,
        clock: Clock,
    ) -> None:
        self._settings, self._mongo, self._views = settings, mongo, views
        self._letters, self._auditor, self._clock = letters, auditor, clock

    async def conduct(self, group: Group, view: Projection[Any]) -> None:
        """Finish a rebuild whose group has read everything; otherwise only note how far it is."""
        generations = self._views.generations
        await generations.refresh()
        building = generations.of(view.name).building
        if building is None or building.generation != group.generation:
            return
        await self._drop_older(view, building)
        if not await self._has_folded(group, view) or await self._auditor.audit(group):
            return
        stale = await group.guard.flagged("stale", IN_CHUNK)
        if set(stale) - {letter.subject for letter in await self._letters.about(group.name, stale)}:
            return
        await generations.advance(view.name, group.generation, state="comparing")
        before = generations.of(view.name).generation
        result = await self._compare(view, building)
        pointer = await generations.finish(view.name, result)
        _log.info("a view was rebuilt", view=view.name, **result.model_dump(exclude={"examples"}))
        if pointer.generation != building.generation:
            await self._drop(view, building.generation)
        else:
            await self._letters.forget_group(versioned(view.name, before))

    async def _has_folded(self, group: Group, view: Projection[Any]) -> bool:
        prefix = self._settings.topic_prefix
        async with (
            asyncio.timeout(_KAFKA_SECONDS),
            offsets_of(self._settings.kafka_bootstrap_servers, prefix) as offsets,
        ):
            read, of = await offsets.progress(group.name, group.topics)
        await self._views.generations.advance(view.name, group.generation, read=read, of=of)
        return of - read <= self._settings.consumer_batch

    async def _drop_older(self, view: Projection[Any], building: Building) -> None:
        """Remove what earlier rebuilds left; the generation before this one stays until the next rebuild."""
        current = self._views.generations.of(view.name).generation
        for number in range(1, building.generation):
            if number != current:
                await self._drop(view, number)

    async def _drop(self, view: Projection[Any], number: int) -> None:
        await self._letters.forget_group(versioned(view.name, number))
        for name in (versioned(view.name, number), versioned(view.name, number) + ".inbox"):
            await self._mongo.database.drop_collection(name)

    async def _compare(self, view: Projection[Any], building: Building) -> Rebuilt:
        old = self._views.collection(view)
        new = self._mongo.collection(versioned(view.name, building.generation))
        found = _Comparison()
        async for ids in _pages(old):
            await self._compare_these(view, old, new, ids, found)
        async for ids in _pages(new):
            known = {each["_id"] for each in await find_by_ids(old, ids, only=("_id",))}
            await self._compare_these(view, old, new, [id_ for id_ in ids if id_ not in known], found)
        for _ in range(_LOOKS):
            moving, found.moving = found.moving, []
            if moving:
                await asyncio.sleep(_LOOK_SECONDS)
                await self._compare_these(view, old, new, moving, found)
        await self._note_moving(old, new, found)
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

    async def _note_moving(self, old: Collection, new: Collection, found: _Comparison) -> None:
        """Say what is still not at the same event in both."""
        before = {each["_id"] for each in await find_by_ids(old, found.moving, only=("_id",))}
        after = {each["_id"] for each in await find_by_ids(new, found.moving, only=("_id",))}
        for id_ in found.moving:
            if id_ in before and id_ in after:
                found.note("differing", id_, "never at the same event in both")
            elif id_ in before:
                found.note("missing", id_, "only in the old view")
            elif id_ in after:
                found.note("extra", id_, "only in the new view")

    async def _compare_these(
        self, view: Projection[Any], old: Collection, new: Collection, ids: Sequence[str], found: _Comparison
    ) -> None:
        before = {each["_id"]: each for each in await find_by_ids(old, ids)}
        after = {each["_id"]: each for each in await find_by_ids(new, ids)}
        for id_ in ids:
            _compare_one(view, id_, before.get(id_), after.get(id_), found)


def _compare_one(
    view: Projection[Any], id_: str, old: Document | None, new: Document | None, found: _Comparison
) -> None:
    if old is None and new is None:
        return
    if old is None or new is None or old["seen"] != new["seen"]:
        found.moving.append(id_)
    elif changed := list(_changed_fields(view, old["data"], new["data"])):
        found.note("differing", id_, ", ".join(changed))
    else:
        found.equal += 1


def _changed_fields(
    view: Projection[Any], old: Mapping[str, object] | None, new: Mapping[str, object] | None
) -> Iterable[str]:
    if old is None or new is None:
        return ["all of it"] if old is not new else []
    names = sorted({*old, *new} - set(view.timed))
    return [name for name in names if old.get(name) != new.get(name)]


async def _pages(collection: Collection) -> Any:
    after = ""
    while True:
        found = await collection.find({"_id": {"$gt": after}}, {"_id": 1}).sort("_id", 1).limit(IN_CHUNK).to_list(None)
        if not found:
            return
        yield [document["_id"] for document in found]
        after = found[-1]["_id"]
