"""The command line of `bzpeer bench`."""

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr
from rich.console import Console

from bzpeer.bench.contest import Case, contest
from bzpeer.bench.identity.command import identity
from bzpeer.bench.machine import load, machine
from bzpeer.bench.projection import bench as projections
from bzpeer.bench.projection.workloads import WORKLOADS
from bzpeer.bench.results import Comparison, Report
from bzpeer.bench.showing import show
from bzpeer.terminal import plain_errors
from deploy.embedded.mongo import Kind, find_server, found_servers
from deploy.embedded.stack import TemporaryStack
from shared import telemetry
from shared.settings import ServiceSettings

Note = Callable[[str], None]
Cases = Callable[[ServiceSettings, str, Note], AsyncGenerator[Case, None]]
PARTS = ("mongodb", "kafka")
_NEVER = 1e9
"""Invented events have no owner that an audit could ask."""

app = typer.Typer()
group = typer.Typer(no_args_is_help=True)
app.add_typer(group, name="bench", help="Measure this machine's BZPEER against raw limits, on stacks of its own.")

Rounds = Annotated[int, typer.Option(min=1, help="Pairs of runs for each case, after one to warm up.")]
Servers = Annotated[list[str] | None, typer.Option("--server", help="A MongoDB server, once for each; all found.")]
Out = Annotated[Path | None, typer.Option(help="A file for the results as JSON.")]
AsJson = Annotated[bool, typer.Option("--json", help="For scripts.")]
_NAMES = [workload.name for workload in WORKLOADS]


@group.callback()
def bench() -> None:
    """Every figure is a ratio to a raw limit, taken in the same minute on the same stack."""


group.command()(identity)


@group.command()
def projection(
    *,
    server: Servers = None,
    view: Annotated[list[str], typer.Option(help=f"Of {', '.join(_NAMES)}, once for each.")] = _NAMES[:1],
    in_view: Annotated[
        list[int], typer.Option(min=0, help="Events that the view holds beforehand, once for each size.")
    ] = [0, 10_000, 100_000, 1_000_000],  # noqa: B006
    events: Annotated[int, typer.Option(min=1, help="Events of one run.")] = 2_000,
    batch: Annotated[int, typer.Option(min=1, help="Events taken in at once, at most.")] = 500,
    rounds: Rounds = 15,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Events a second from Kafka through a view into MongoDB, against a loop of aiokafka, pydantic and bulk_write.

    Everything is invented; no running BZPEER is needed or touched. docs/benchmarks.md says what is measured.

    Exit codes: 0 measured, 1 no stack could be started, 2 wrong usage.

    Example: bzpeer bench projection --server secantusd-rs --in-view 0 --in-view 100000
    """
    if unknown := sorted(set(view) - set(_NAMES)):
        raise typer.BadParameter(f"there is no view {', '.join(unknown)}; there is {', '.join(_NAMES)}")
    plan = projections.Plan(view, in_view, events)
    options: dict[str, object] = {
        "views": view, "in_view": in_view, "events": events, "batch": batch, "rounds": rounds
    }  # fmt: skip

    def cases(settings: ServiceSettings, name: str, note: Note) -> AsyncGenerator[Case, None]:
        return projections.cases(plan, settings.model_copy(update={"consumer_batch": batch}), name, note)

    _measure(projections.NAME, options, cases, server, rounds, out, as_json=as_json)


def _measure(
    name: str,
    options: dict[str, object],
    cases: Cases,
    servers: Sequence[str] | None,
    rounds: int,
    out: Path | None,
    *,
    as_json: bool,
) -> None:
    """What every bench does: run the cases on each server and give the report."""
    aside = Console(stderr=True, highlight=False, soft_wrap=True)
    telemetry.set_up("bench", _settings())
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it complains of topics that are just being made
    with plain_errors(aside):
        kinds = [find_server(_kind(each)).kind for each in servers or ()] or [each.kind for each in found_servers()]
        before = load()
        found = [one for kind in kinds for one in asyncio.run(on_stack(kind, cases, rounds, aside.print))]
    report = Report(
        bench=name, at=datetime.now(UTC), machine=machine(before), options=options, comparisons=tuple(found)
    )
    if as_json:
        typer.echo(report.model_dump_json())
    else:
        show(Console(highlight=False), report)
    if out:
        with plain_errors(aside):
            out.write_text(report.model_dump_json(indent=2) + "\n", encoding="utf-8")


async def on_stack(kind: Kind, cases: Cases, rounds: int, note: Note) -> list[Comparison]:
    """Start a stack with that MongoDB server and run every case on it."""
    async with TemporaryStack(mongo=kind) as stack:
        env = stack.env
        settings = _settings(kafka_bootstrap_servers=env["KAFKA_BOOTSTRAP_SERVERS"], mongodb_uri=env["MONGODB_URI"])
        pids = {part: pid for part in PARTS if (pid := stack.pid(part))}
        async with aclosing(cases(settings, kind, note)) as each:
            return [await contest(case, rounds, pids, note) async for case in each]


def _settings(**places: str) -> ServiceSettings:
    key = SecretStr(secrets.token_urlsafe(48))
    made = ServiceSettings(internal_key=key, log_level="WARNING", audit_seconds=_NEVER)
    return made.model_copy(update=places)


def _kind(name: str) -> Kind:
    kinds: dict[str, Kind] = {"mongod": "mongod", "secantusd-rs": "secantusd-rs", "secantusd-py": "secantusd-py"}
    if name not in kinds:
        raise typer.BadParameter(f"there is no server {name}; there is {', '.join(kinds)}")
    return kinds[name]
