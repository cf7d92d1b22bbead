"""Runs a case: raw and ours in turn, on one stack, each pair in the other order than the one before."""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import psutil

from bzpeer.bench.results import Comparison, Pair, Run, Side

LONGEST_RUN = 900.0
"""Seconds after which a run counts as stuck."""


class Meter:
    """Measures from `begin`, called when the first work is at hand, to `end`, called when all is safe."""

    def __init__(self, servers: Mapping[str, int]) -> None:
        self._own = psutil.Process()
        self._servers = {name: psutil.Process(pid) for name, pid in servers.items()}
        self._begun: tuple[float, float, dict[str, float]] | None = None
        self._run: Run | None = None

    def begin(self) -> None:
        """Start, if not started."""
        if self._begun is None:
            self._begun = (time.perf_counter(), time.process_time(), self._spent())

    def end(self) -> None:
        """Stop."""
        if self._begun is None:
            raise RuntimeError("a run ended that never began")
        now, cpu, spent = time.perf_counter(), time.process_time(), self._spent()
        at, cpu_before, before = self._begun
        servers = {name: spent[name] - before[name] for name in spent}
        self._run = Run(seconds=now - at, cpu=cpu - cpu_before, servers=servers, rss=self._own.memory_info().rss)

    @property
    def run(self) -> Run:
        """What was measured."""
        if self._run is None:
            raise RuntimeError("a run was not measured to its end")
        return self._run

    def _spent(self) -> dict[str, float]:
        return {name: sum(_family_times(process)) for name, process in self._servers.items()}


def _family_times(process: psutil.Process) -> list[float]:
    times = []
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            spent = each.cpu_times()
            times.append(spent.user + spent.system)
    return times


@dataclass(frozen=True)
class Case:
    """One row of a bench: the same `count` units of work done by both sides. `reset` comes before every run."""

    bench: str
    labels: dict[str, str]
    unit: str
    count: int
    goal: float
    reset: Callable[[], Awaitable[None]]
    raw: Callable[[Meter], Awaitable[None]]
    ours: Callable[[Meter], Awaitable[None]]


def order(number: int) -> tuple[Side, Side]:
    """Who begins the pair: raw, ours, raw … so that neither always has the warmer machine."""
    return ("raw", "ours") if number % 2 == 0 else ("ours", "raw")


async def contest(case: Case, rounds: int, servers: Mapping[str, int], note: Callable[[str], None]) -> Comparison:
    """Run `rounds` pairs after one that is thrown away."""
    pairs = []
    for number in range(rounds + 1):
        pair = await _pair(case, order(number), servers)
        pairs.append(pair)
        what = f"pair {number}/{rounds}" if number else "warm-up"
        note(
            f"{what}: raw {case.count / pair.raw.seconds:,.0f} ours {case.count / pair.ours.seconds:,.0f} {case.unit}/s"
        )
    return Comparison(
        bench=case.bench, labels=case.labels, unit=case.unit, count=case.count, goal=case.goal, pairs=tuple(pairs[1:])
    )


async def _pair(case: Case, sides: tuple[Side, Side], servers: Mapping[str, int]) -> Pair:
    runs = {side: await _run(case, side, servers) for side in sides}
    return Pair(first=sides[0], raw=runs["raw"], ours=runs["ours"])


async def _run(case: Case, side: Side, servers: Mapping[str, int]) -> Run:
    """One run. What the bench itself holds in memory is hidden from the garbage collector meanwhile: walking it would
    punish the side that makes more objects, for objects that a real process does not have."""
    await case.reset()
    meter = Meter(servers)
    gc.collect()
    gc.freeze()
    try:
        async with asyncio.timeout(LONGEST_RUN):
            await (case.raw if side == "raw" else case.ours)(meter)
    finally:
        gc.unfreeze()
    return meter.run
