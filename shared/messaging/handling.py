"""What a group does with a batch: take it in, wait while something is away, keep aside what fails, or brake."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence

import httpx2
import stamina
import structlog
from aiokafka.errors import KafkaError
from pymongo.errors import BulkWriteError, OperationFailure, PyMongoError

from shared.clock import utc_now
from shared.errors import Problem, TooMany, Unavailable, WriteConflict
from shared.messaging.envelope import Envelope
from shared.messaging.letters import Letters, Received
from shared.settings import ServiceSettings
from shared.telemetry import BRAKED, FRESHNESS, HANDLED, HANDLING, consuming

_PATIENCE_SECONDS = 120.0
_PASSING = (PyMongoError, KafkaError, OSError, httpx2.HTTPError, WriteConflict)
_OF_THE_EVENT = {2, 9, 14, 52, 121, 10334, 11000, 17280}
"""MongoDB's codes for what no repetition lets it write: values, types, names, sizes, duplicates."""
_log = structlog.get_logger()

Take = Callable[[Sequence[Envelope]], Awaitable[int]]


class BrakedError(Exception):
    """Everything fails: the batch is not committed, and comes again."""


def is_passing(error: Exception) -> bool:
    """Whether a failure says nothing about the events: the same batch can succeed later."""
    if isinstance(error, Problem):
        return isinstance(error, (Unavailable, TooMany))
    if isinstance(error, BulkWriteError):
        return not any(item.get("code") in _OF_THE_EVENT for item in error.details.get("writeErrors", []))
    if isinstance(error, OperationFailure):
        return error.code not in _OF_THE_EVENT
    return isinstance(error, _PASSING)


class Handling:
    """The handler of one group. Offsets are committed when it returns, and only then."""

    def __init__(self, group: str, take: Take, letters: Letters | None, settings: ServiceSettings) -> None:
        self._group, self._take, self._letters = group, take, letters
        self._most, self._pause = settings.brake_failures, settings.brake_seconds
        self._failed = 0
        """Aggregates that failed since one succeeded."""

    @property
    def is_braked(self) -> bool:
        """Whether so many failed one after another that none is given up on any more."""
        return self._failed >= self._most

    async def handle(self, batch: Sequence[Received]) -> None:
        """Take the batch in. Raises when it has to come again: something is away, or everything fails."""
        started = time.perf_counter()
        gives_up_at = time.monotonic() + _PATIENCE_SECONDS
        try:
            if await self._patiently([one.envelope for one in batch], gives_up_at):
                self._note(0)
        except Exception as error:
            if is_passing(error):
                raise
            await self._one_by_one(batch, gives_up_at)
        HANDLING.labels(self._group).observe(time.perf_counter() - started)
        HANDLED.labels(self._group).inc(len(batch))
        now, freshness = utc_now(), FRESHNESS.labels(self._group)
        for one in batch:
            freshness.observe(max(0.0, (now - one.envelope.time).total_seconds()))

    async def once(self, envelopes: Sequence[Envelope]) -> int:
        """Take events in, in their traces; how many were applied."""
        with consuming(self._group, (one.trace for one in envelopes)):
            return await self._take(envelopes)

    async def _patiently(self, envelopes: Sequence[Envelope], gives_up_at: float) -> int:
        """Take events in, repeated with growing pauses while something is away."""
        left = max(0.0, gives_up_at - time.monotonic())
        async for attempt in stamina.retry_context(
            on=is_passing, attempts=None, timeout=left, wait_initial=0.1, wait_max=5.0
        ):
            with attempt:
                return await self.once(envelopes)
        raise AssertionError("unreachable")

    async def _one_by_one(self, batch: Sequence[Received], gives_up_at: float) -> None:
        """Take each event in by itself and keep aside what fails: what follows it in its aggregate then waits."""
        applied, failures = 0, list[tuple[Received, Exception]]()
        for one in batch:
            try:
                applied += await self._patiently([one.envelope], gives_up_at)
            except Exception as error:
                if is_passing(error):
                    raise
                failures.append((one, error))
        self._note(0 if applied else self._failed + len(await self._unknown(one.envelope for one, _ in failures)))
        if self.is_braked:
            _log.error("everything fails: the group waits for a mended release", group=self._group, failed=self._failed)
            await asyncio.sleep(self._pause)
            raise BrakedError(self._group)
        for one, failure in failures:
            await self._keep(one, failure)

    async def _unknown(self, failed: Iterable[Envelope]) -> set[str]:
        """The aggregates of these events that have no letter yet: a batch that comes again counts once."""
        events = {(one.topic, one.subject, one.sequence) for one in failed}
        if self._letters is None:
            return {subject for _, subject, _ in events}
        known = await self._letters.about(self._group, {subject for _, subject, _ in events})
        return {subject for _, subject, _ in events - {(one.topic, one.subject, one.sequence) for one in known}}

    async def _keep(self, received: Received, error: Exception) -> None:
        envelope = received.envelope
        place = f"{envelope.topic}/{envelope.subject}/{envelope.sequence}"
        _log.error("an event fails and is kept aside", group=self._group, place=place, error=str(error))
        if self._letters is not None:
            await self._letters.keep_failed(self._group, received, error)

    def _note(self, failed: int) -> None:
        self._failed = failed
        BRAKED.labels(self._group).set(self.is_braked)
