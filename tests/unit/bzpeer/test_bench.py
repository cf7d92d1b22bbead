"""What `bzpeer bench` computes, whatever is measured."""

import io
import json
from datetime import UTC, datetime

import pytest
from rich.console import Console

from bzpeer.bench.contest import Case, Meter, contest, order
from bzpeer.bench.machine import machine
from bzpeer.bench.results import Comparison, Pair, Report, Run, spread
from bzpeer.bench.showing import bars, show


def arbitrary_run(seconds: float, cpu: float = 0.1) -> Run:
    return Run(seconds=seconds, cpu=cpu, servers={"mongodb": 2 * cpu}, rss=1)


def arbitrary_comparison(*seconds: tuple[float, float], size: str = "0") -> Comparison:
    """Pairs of the seconds of raw and of ours, for 1,000 events."""
    pairs = tuple(Pair(first="raw", raw=arbitrary_run(raw), ours=arbitrary_run(ours, 0.3)) for raw, ours in seconds)
    labels = {"server": "secantusd-rs", "view": "graph.works.v1", "in view": size}
    return Comparison(bench="projection", labels=labels, unit="events", count=1000, goal=0.8, pairs=pairs)


def test_the_ratio_is_taken_within_each_pair_so_that_a_slow_minute_changes_nothing() -> None:
    slow_at_the_end = arbitrary_comparison((1.0, 2.0), (1.0, 2.0), (10.0, 20.0))
    assert slow_at_the_end.ratio == spread([0.5])
    assert slow_at_the_end.our_rate == (500.0, 50.0, 500.0)
    assert slow_at_the_end.raw_rate == (1000.0, 100.0, 1000.0)


def test_the_middle_ratio_decides_whether_the_goal_is_reached() -> None:
    assert arbitrary_comparison((1.0, 1.25), (1.0, 1.0), (1.0, 9.0)).reached
    assert not arbitrary_comparison((1.0, 1.26), (1.0, 9.0), (1.0, 1.0)).reached


def test_processor_time_is_told_for_one_unit() -> None:
    comparison = arbitrary_comparison((1.0, 2.0), (1.0, 2.0))
    assert comparison.cpu_each("raw") == pytest.approx(100)
    assert comparison.cpu_each("ours") == pytest.approx(300)
    assert comparison.cpu_each("ours", "mongodb") == pytest.approx(600)
    assert comparison.cpu_each("ours", "kafka") == 0


def test_neither_side_always_begins() -> None:
    assert [order(number)[0] for number in range(4)] == ["raw", "ours", "raw", "ours"]


async def test_both_sides_run_in_turn_from_the_same_start_and_the_first_pair_is_thrown_away() -> None:
    done: list[str] = []

    async def note(what: str, meter: Meter | None = None) -> None:
        done.append(what)
        if meter:
            meter.begin()
            meter.end()

    case = Case(
        bench="any",
        labels={"size": "1"},
        unit="events",
        count=1,
        goal=1,
        reset=lambda: note("reset"),
        raw=lambda meter: note("raw", meter),
        ours=lambda meter: note("ours", meter),
    )
    comparison = await contest(case, 2, {}, lambda _: None)
    assert done[::2] == ["reset"] * 6
    assert done[1::2] == ["raw", "ours", "ours", "raw", "raw", "ours"]
    assert [pair.first for pair in comparison.pairs] == ["ours", "raw"]


def test_a_run_that_does_not_end_counts_for_nothing() -> None:
    with pytest.raises(RuntimeError):
        Meter({}).end()
    with pytest.raises(RuntimeError):
        _ = Meter({}).run


def test_bars_are_as_long_as_the_rates_and_growth_is_read_downwards() -> None:
    lines = [
        line.plain for line in bars([arbitrary_comparison((1.0, 2.0)), arbitrary_comparison((2.0, 4.0), size="10")])
    ]
    assert [line.count("█") for line in lines] == [40, 20, 20, 10]
    assert [line.split()[0] for line in lines[::2]] == ["0", "10"]
    assert lines[1].endswith("500  0.50")


def test_a_report_names_the_ratio_and_the_machine_for_people_and_for_scripts() -> None:
    report = Report(
        bench="projection",
        at=datetime(2026, 5, 1, tzinfo=UTC),
        machine=machine(0.5),
        options={"rounds": 1},
        comparisons=(arbitrary_comparison((1.0, 2.0)),),
    )
    console = Console(width=80, record=True, file=io.StringIO())
    show(console, report)
    shown = console.export_text()
    for expected in ("projection: secantusd-rs, graph.works.v1", "0.50", "100 → 300", "load 0.5", "aiokafka"):
        assert expected in shown
    [told] = json.loads(report.model_dump_json())["comparisons"]
    assert told["ratio"] == [0.5, 0.5, 0.5]
    assert Report.model_validate_json(report.model_dump_json()).comparisons[0].ratio == report.comparisons[0].ratio
