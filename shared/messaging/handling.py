"""What a group does with a batch: take it in, wait while something is away, keep aside what fails, or brake."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import httpx2
import stamina
import structlog
from aiokafka.errors import KafkaError
from pymongo.errors import DocumentTooLarge, PyMongoError

from shared.clock import utc_now
from shared.errors import Problem, WriteConflict
from shared.messaging.envelope import Envelope
from shared.messaging.letters import Letters, Received
from shared.settings import ServiceSettings
from shared.telemetry import BRAKED, FRESHNESS, HANDLED, HANDLING, consuming

_PATIENCE_SECONDS = 120.0
_PASSING = (PyMongoError, KafkaError, OSError, httpx2.HTTPError, Problem, WriteConflict)
_log = structlog.get_logger()

Take = Callable[[Sequence[Envelope]], Awaitable[int]]


class BrakedError(Exception):
    """Everything fails: the batch is not committed, and comes again."""


def is_passing(error: Exception) -> bool:
    """Whether a failure says nothing about the events: the same batch can succeed later."""
    return isinstance(error, _PASSING) and not isinstance(error, DocumentTooLarge)


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
        try:
            if await self.patiently([one.envelope for one in batch]):
                self._note(0)
        except Exception as error:
            if is_passing(error):
                raise
            await self._one_by_one(batch)
        HANDLING.labels(self._group).observe(time.perf_counter() - started)
        HANDLED.labels(self._group).inc(len(batch))
        now, freshness = utc_now(), FRESHNESS.labels(self._group)
        for one in batch:
            freshness.observe(max(0.0, (now - one.envelope.time).total_seconds()))

    async def patiently(self, envelopes: Sequence[Envelope]) -> int:
        """Take events in, repeated with growing pauses while something is away."""
        async for attempt in stamina.retry_context(
            on=is_passing, attempts=None, timeout=_PATIENCE_SECONDS, wait_initial=0.1, wait_max=5.0
        ):
            with attempt, consuming(self._group, (one.trace for one in envelopes)):
                return await self._take(envelopes)
        raise AssertionError("unreachable")

    async def _one_by_one(self, batch: Sequence[Received]) -> None:
        """Take each event in by itself and keep aside what fails: what follows it in its aggregate then waits."""
        applied, failures = 0, list[tuple[Received, Exception]]()
        for one in batch:
            try:
                applied += await self.patiently([one.envelope])
            except Exception as error:
                if is_passing(error):
                    raise
                failures.append((one, error))
        self._note(0 if applied else self._failed + len({one.envelope.subject for one, _ in failures}))
        if self.is_braked:
            _log.error("everything fails: the group waits for a mended release", group=self._group, failed=self._failed)
            await asyncio.sleep(self._pause)
            raise BrakedError(self._group)
        for one, failure in failures:
            await self._keep(one, failure)

    async def _keep(self, received: Received, error: Exception) -> None:
        envelope = received.envelope
        place = f"{envelope.topic}/{envelope.subject}/{envelope.sequence}"
        _log.error("an event fails and is kept aside", group=self._group, place=place, error=str(error))
        if self._letters is not None:
            await self._letters.keep_failed(self._group, received, error)

    def _note(self, failed: int) -> None:
        self._failed = failed
        BRAKED.labels(self._group).set(self.is_braked)
