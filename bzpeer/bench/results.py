"""What a bench finds: pairs of runs, and the ratios within the pairs. It is also the form of `--json`."""

from collections.abc import Callable
from datetime import datetime
from statistics import median
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, computed_field

Side = Literal["raw", "ours"]


class Frozen(BaseModel):
    """A value that never changes."""

    model_config = ConfigDict(frozen=True)


class Spread(NamedTuple):
    """The middle of several figures, and between which they lie."""

    median: float
    low: float
    high: float


def spread(figures: list[float]) -> Spread:
    """Median, least and greatest. At least one figure is needed."""
    return Spread(median(figures), min(figures), max(figures))


class Run(Frozen):
    """One run. `cpu` counts the seconds of both user and system, of this process and of each server's."""

    seconds: float
    cpu: float
    servers: dict[str, float]
    rss: int
    """Bytes that this process holds at the end; both sides run in it."""


class Pair(Frozen):
    """Both sides, one directly after the other, so that what else the machine does hits both alike."""

    first: Side
    raw: Run
    ours: Run

    @property
    def ratio(self) -> float:
        """Our rate as a share of the raw one: over the same work, the inverse of the times."""
        return self.raw.seconds / self.ours.seconds


class Comparison(Frozen):
    """All pairs of one case. `labels` say which case it is; `count` is the work of one run, in `unit`s."""

    bench: str
    labels: dict[str, str]
    unit: str
    count: int
    goal: float
    pairs: tuple[Pair, ...]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def ratio(self) -> Spread:
        """Ours to raw, taken pair by pair."""
        return spread([pair.ratio for pair in self.pairs])

    @computed_field  # type: ignore[prop-decorator]
    @property
    def raw_rate(self) -> Spread:
        """Units a second of the raw side."""
        return self._rates(lambda pair: pair.raw)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def our_rate(self) -> Spread:
        """Units a second of ours."""
        return self._rates(lambda pair: pair.ours)

    @property
    def reached(self) -> bool:
        """Whether the middle ratio is the goal or more."""
        return self.ratio.median >= self.goal

    def cpu_each(self, side: Side, server: str | None = None) -> float:
        """Microseconds of processor time for one unit: of this process, or of a server's."""
        runs = [pair.raw if side == "raw" else pair.ours for pair in self.pairs]
        spent = median(run.cpu if server is None else run.servers.get(server, 0.0) for run in runs)
        return spent / self.count * 1e6

    def _rates(self, side: Callable[[Pair], Run]) -> Spread:
        return spread([self.count / side(pair).seconds for pair in self.pairs])


class Machine(Frozen):
    """Where it was measured. `load` is the one-minute average before the first run and after the last."""

    system: str
    processor: str
    cores: int
    memory: int
    versions: dict[str, str]
    load: tuple[float, float]


class Report(Frozen):
    """One call of a bench."""

    bench: str
    at: datetime
    machine: Machine
    options: dict[str, object]
    comparisons: tuple[Comparison, ...]
