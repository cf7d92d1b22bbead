"""The dead letters of all services, as one list."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

from bzpeer.running import Answers, Running, names_of
from shared.errors import Conflict, NotFound, Unavailable
from shared.http import ServiceClient

Letter = dict[str, Any]
T = TypeVar("T")

PAGE = 1000
AT_ONCE = 8
SHORTEST = 8
"""Characters of an id that are shown at least."""


class Owned(NamedTuple):
    """A letter and the service in whose database it lies."""

    service: str
    letter: Letter

    @property
    def id(self) -> str:
        """The letter's id."""
        return str(self.letter["id"])


@dataclass(frozen=True)
class Outcome:
    """What became of letters that were tried again; `failed` and `waiting` hold them as they are now."""

    taken_in: Sequence[Owned]
    failed: Sequence[Owned]
    waiting: Sequence[Owned]


class Letters:
    """An operator's calls about dead letters."""

    def __init__(self, running: Running) -> None:
        self._running = running

    async def all_of(self, group: str | None = None, state: str | None = None) -> Answers[list[Letter]]:
        """The letters of each service that answers. `group`: any name of it; all generations of a view count as one."""
        return await self._running.ask(partial(_of_group, group=group, state=state))

    async def find(self, words: Iterable[str]) -> list[Owned]:
        """The letters with these ids, or with ids that begin so. Raises NotFound, or Conflict when several begin so."""
        found, short = list[Owned](), list[str]()
        for word in words:
            exact = (await self._running.ask(partial(_one_or_none, letter_id=word))).found
            owned = [Owned(service, letter) for service, letter in exact.items() if letter]
            found += owned
            short += [] if owned else [word]
        return [*found, *await self._by_prefix(short)] if short else found

    async def _by_prefix(self, words: Sequence[str]) -> list[Owned]:
        answers = await self.all_of()
        every = merged(answers)
        found = []
        for word in words:
            fitting = [one for one in every if one.id.startswith(word)]
            if not fitting:
                away = f" in the services that answer; {', '.join(answers.silent)} do not" if answers.silent else ""
                raise NotFound(f"There is no dead letter {word}{away}. `bzpeer dlq list` lists them.")
            if len(fitting) > 1:
                raise Conflict(f"{len(fitting)} dead letters begin with {word}: {fitting[0].id}, {fitting[1].id} …")
            found += fitting
        return found

    async def retry(self, letters: Sequence[Owned]) -> list[Owned]:
        """Have them handled again at once. Answers those that were still there, as they are now."""
        return await self._post(letters, "retry")

    async def discard(self, letters: Sequence[Owned]) -> list[Owned]:
        """Go on without them for good. Answers those that were still there."""
        return await self._post(letters, "discard")

    async def outcome(self, asked: Sequence[Owned], seconds: float, pause: float = 0.2) -> Outcome:
        """Wait until each was taken in or has failed again, but not longer than `seconds` without news of any."""
        waiting, taken_in, failed = list(asked), list[Owned](), list[Owned]()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while waiting and loop.time() < deadline:
            await asyncio.sleep(pause)
            now = await _some_at_once(waiting, self._now)
            pairs = [(old, Owned(old.service, letter)) for old, letter in zip(waiting, now, strict=True) if letter]
            taken_in += [old for old, letter in zip(waiting, now, strict=True) if not letter]
            failed += [new for old, new in pairs if _was_tried(old.letter, new.letter)]
            still = [old for old, new in pairs if not _was_tried(old.letter, new.letter)]
            deadline = loop.time() + seconds if len(still) < len(waiting) else deadline
            waiting, pause = still, min(pause * 1.5, 2.0)
        return Outcome(taken_in, failed, waiting)

    async def full(self, owned: Owned) -> Letter:
        """The letter with its body, headers and stack."""
        letter: Letter = await self._running.service(owned.service).get_json(_path(owned.id))
        return letter

    async def _now(self, owned: Owned) -> Letter | None:
        try:
            return await _one_or_none(self._running.service(owned.service), owned.id)
        except Unavailable:
            return owned.letter

    async def _post(self, letters: Sequence[Owned], what: str) -> list[Owned]:
        async def post(owned: Owned) -> Owned | None:
            service = self._running.service(owned.service)
            try:
                return Owned(owned.service, await service.send("POST", f"{_path(owned.id)}/{what}"))
            except NotFound:
                return None

        return [one for one in await _some_at_once(letters, post) if one]


def merged(answers: Answers[list[Letter]]) -> list[Owned]:
    """The letters of all services, oldest first."""
    every = [Owned(service, letter) for service, letters in answers.found.items() for letter in letters]
    return sorted(every, key=lambda one: (str(one.letter["first_at"]), one.id))


def shortened(ids: Iterable[str]) -> dict[str, str]:
    """For each id its shortest beginning that no other one has."""
    ordered = ["", *sorted(set(ids)), ""]
    shared = [_common(one, other) for one, other in pairwise(ordered)]
    return {
        each: each[: max(SHORTEST, before + 1, after + 1)]
        for each, before, after in zip(ordered[1:-1], shared[:-1], shared[1:], strict=True)
    }


def _common(one: str, other: str) -> int:
    return next(
        (at for at, pair in enumerate(zip(one, other, strict=False)) if len(set(pair)) > 1), min(len(one), len(other))
    )


def _path(letter_id: str) -> str:
    return f"/dead-letters/{quote(letter_id, safe='')}"


def _was_tried(before: Letter, now: Letter) -> bool:
    return any(before[name] != now[name] for name in ("attempts", "last_at"))


async def _one_or_none(service: ServiceClient, letter_id: str) -> Letter | None:
    try:
        letter: Letter = await service.get_json(_path(letter_id))
    except NotFound:
        return None
    return letter


async def _of_group(service: ServiceClient, group: str | None, state: str | None) -> list[Letter]:
    return [each for each in await _pages(service, state) if group is None or group in names_of(each["group"])]


async def _pages(service: ServiceClient, state: str | None) -> list[Letter]:
    found: list[Letter] = []
    cursor: str | None = None
    while True:
        params = {"state": state, "limit": PAGE, "cursor": cursor}
        page = await service.get_json("/dead-letters", params=params)
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


async def _some_at_once(letters: Sequence[Owned], ask: Callable[[Owned], Awaitable[T]]) -> list[T]:
    room = asyncio.Semaphore(AT_ONCE)

    async def one(owned: Owned) -> T:
        async with room:
            return await ask(owned)

    return await asyncio.gather(*(one(owned) for owned in letters))
