"""A bench's results for people: a table, and bars to see growth by."""

from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bzpeer.bench.results import Comparison, Report, Side, Spread

WIDTH = 40
"""Characters of the longest bar."""
COLOURS: dict[Side, str] = {"raw": "bright_black", "ours": "cyan"}


def show(console: Console, report: Report) -> None:
    """Print the whole report: a table and a plot for each place that was measured, a row for each size."""
    for place, same_place in groupby(report.comparisons, key=_place):
        comparisons = list(same_place)
        console.print(table(place, comparisons))
        for line in bars(comparisons):
            console.print(line, soft_wrap=True)
        console.print()
    console.print(Text(_circumstances(report), style="dim"), soft_wrap=True)


def table(place: str, comparisons: Sequence[Comparison]) -> Table:
    """A row a case: rates, the ratio with its spread, and processor time for one unit, raw and ours."""
    first = comparisons[0]
    made = Table(title=f"{first.bench}: {place}", caption=f"{first.unit}; goal {first.goal:.2f}; CPU in µs each")
    for column in (_last(first)[0], "raw/s", "ours/s", "ratio", "low-high", "CPU", "MongoDB's"):
        made.add_column(column, justify="right", no_wrap=True)
    for one in comparisons:
        made.add_row(_last(one)[1], *_figures(one))
    return made


def _figures(one: Comparison) -> list[Text]:
    rates = [Text(f"{rate.median:,.0f}") for rate in (one.raw_rate, one.our_rate)]
    ratio = Text(f"{one.ratio.median:.2f}", style="bold green" if one.reached else "bold red")
    between = Text(f"{one.ratio.low:.2f}-{one.ratio.high:.2f}")
    costs = [
        Text(f"{one.cpu_each('raw', server):,.0f} → {one.cpu_each('ours', server):,.0f}")
        for server in (None, "mongodb")
    ]
    return [*rates, ratio, between, *costs]


def bars(comparisons: Sequence[Comparison]) -> list[Text]:
    """Two bars a case on one scale, raw above ours; the ratio stands behind ours."""
    most = max(rate.median for one in comparisons for rate in (one.raw_rate, one.our_rate))
    width = max(len(_last(one)[1]) for one in comparisons)
    lines = []
    for one in comparisons:
        lines.append(_bar(_last(one)[1].rjust(width), "raw", one.raw_rate, most))
        lines.append(_bar(" " * width, "ours", one.our_rate, most).append(f"  {one.ratio.median:.2f}"))
    return lines


def _bar(label: str, side: Side, rate: Spread, most: float) -> Text:
    line = Text(f"{label} {side:>4} ")
    line.append("█" * max(1, round(WIDTH * rate.median / most)), style=COLOURS[side])
    return line.append(f" {rate.median:,.0f}")


def _circumstances(report: Report) -> str:
    machine = report.machine
    versions = ", ".join(f"{name} {number}" for name, number in machine.versions.items())
    before, after = machine.load
    return (
        f"{report.at:%Y-%m-%d}, {machine.processor}, {machine.cores} cores, {machine.memory / 2**30:.0f} GB, "
        f"load {before} before and {after} after; {versions}"
    )


def _place(one: Comparison) -> str:
    return ", ".join(list(one.labels.values())[:-1])


def _last(one: Comparison) -> tuple[str, str]:
    return list(one.labels.items())[-1]
