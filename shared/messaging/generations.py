"""Generations of a view: the one that is read, and the one that a rebuild makes beside it.

A document per view in the collection `views` points to the generation that is read; the swap is one update of it.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict
from pymongo import ReturnDocument
from pymongo.errors import PyMongoError

from shared.errors import Conflict, NotFound
from shared.mongo import Collection, Mongo

VIEWS = "views"
Stage = Literal["folding", "held up", "comparing"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Difference(_Frozen):
    """A document that is not the same in both generations."""

    id: str
    what: str


class Building(_Frozen):
    """A rebuild under way: `read` of `of` messages are folded. `swap`: whether the new generation is to be read.

    It is held up while it misses what the old generation has, as when its `apply` fails where the old one did not.
    """

    generation: int
    started_at: datetime
    swap: bool = True
    state: Stage = "folding"
    read: int = 0
    of: int = 0


class Rebuilt(_Frozen):
    """What a rebuild found: documents that are equal in both generations, differ, or stand in one of them alone."""

    generation: int
    finished_at: datetime
    swapped: bool
    documents: int
    equal: int
    differing: int
    missing: int
    extra: int
    examples: tuple[Difference, ...] = ()


class Pointer(_Frozen):
    """Which generation of a view is read, and what rebuilds do and did."""

    name: str
    generation: int = 1
    highest: int = 1
    building: Building | None = None
    last: Rebuilt | None = None


def versioned(name: str, generation: int) -> str:
    """The name of a generation's collection and consumer group: the first one has the view's own."""
    return name if generation == 1 else f"{name}~{generation}"


class Generations:
    """The pointers of one service's views, as they stood when last looked at."""

    def __init__(self, mongo: Mongo) -> None:
        self._pointers: dict[str, Pointer] = {}
        self._views: Collection = mongo.collection(VIEWS)

    def of(self, name: str) -> Pointer:
        """The pointer of a view; of the first generation until one is found."""
        return self._pointers.get(name) or Pointer(name=name)

    @property
    def known(self) -> Mapping[str, Pointer]:
        """The pointer of every view that there is."""
        return self._pointers

    async def register(self, name: str) -> None:
        """Point to the first generation unless the view has a pointer."""
        first = Pointer(name=name).model_dump(exclude={"name"})
        await self._views.update_one({"_id": name}, {"$setOnInsert": first}, upsert=True)

    async def refresh(self) -> None:
        """Look at the pointers."""
        found = await self._views.find({}).to_list(None)
        self._pointers = {document["_id"]: _pointer(document) for document in found}

    async def follow(self, seconds: float) -> None:
        """Look at the pointers again and again, until cancelled."""
        while True:
            await asyncio.sleep(seconds)
            with suppress(PyMongoError):
                await self.refresh()

    async def start(self, name: str, at: datetime, *, swap: bool) -> Pointer:
        """Begin a rebuild. Raises NotFound for an unknown view, Conflict when one is under way."""
        pointer = await self._current(name)
        number = pointer.highest + 1
        building = Building(generation=number, started_at=at, swap=swap)
        return await self._update(
            {"_id": name, "building": None, "highest": pointer.highest},
            {"building": building.model_dump(), "highest": number},
            f"{name} is being rebuilt already; wait for it or cancel it.",
        )

    async def cancel(self, name: str) -> Pointer:
        """End a rebuild without a swap; does nothing when there is none."""
        await self._current(name)
        return await self._update({"_id": name}, {"building": None}, "")

    async def advance(self, name: str, generation: int, **progress: object) -> None:
        """Note how far the rebuild is; nothing happens when it is no longer under way."""
        change = {f"building.{field}": value for field, value in progress.items()}
        await self._views.update_one({"_id": name, "building.generation": generation}, {"$set": change})

    async def finish(self, name: str, result: Rebuilt) -> Pointer:
        """End a rebuild; when it is to be swapped, its generation is read from now on. Conflict if it was cancelled."""
        swap = {"generation": result.generation} if result.swapped else {}
        return await self._update(
            {"_id": name, "building.generation": result.generation},
            {"building": None, "last": result.model_dump(), **swap},
            f"The rebuild of {name} was cancelled.",
        )

    async def _current(self, name: str) -> Pointer:
        document = await self._views.find_one({"_id": name})
        if document is None:
            raise NotFound(f"There is no view {name} here.")
        return _pointer(document)

    async def _update(self, guard: dict[str, object], change: dict[str, object], refused: str) -> Pointer:
        after = ReturnDocument.AFTER
        document = await self._views.find_one_and_update(guard, {"$set": change}, return_document=after)
        if document is None:
            raise Conflict(refused)
        pointer = _pointer(document)
        self._pointers[pointer.name] = pointer
        return pointer


def _pointer(document: Mapping[str, object]) -> Pointer:
    return Pointer.model_validate({**document, "name": document["_id"]})
