"""`bzpeer up`, `down` and `status`: the embedded stack."""

import json
import os
import signal
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bzpeer.terminal import Terminal, plain_errors
from deploy.embedded import records
from deploy.embedded.inspect import PartStatus, inspect, total
from deploy.embedded.places import checkout_places
from deploy.embedded.services import SERVICES
from deploy.embedded.supervisor import StopRequested
from deploy.embedded.up import Options
from deploy.embedded.up import up as start_stack

app = typer.Typer()

STOP_SECONDS = 15.0
NOTHING_RUNS = 3


@app.command()
def up(
    port: Annotated[int, typer.Option(envvar="BZPEER_PORT", help="Where the pages are served.")] = 8000,
    without: Annotated[list[str] | None, typer.Option(help="A service not to start, because you run it.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Delete this checkout's data first.")] = False,
    demo: Annotated[bool, typer.Option(help="Load the demo records on the first start.")] = True,
    quiet: Annotated[bool, typer.Option("--quiet", help="Keep the parts' logs out of the terminal.")] = False,
) -> None:
    """Start BZPEER on this machine and keep it running until Ctrl-C.

    Kafka and MongoDB come with it, unless KAFKA_BOOTSTRAP_SERVERS or MONGODB_URI name others.
    Exit codes: 0 stopped as asked, 1 could not start.

    Example: bzpeer up --port 8080 --without graph
    """
    unknown = set(without or ()) - set(SERVICES)
    if unknown:
        raise typer.BadParameter(f"there is no service {', '.join(sorted(unknown))}; there are {', '.join(SERVICES)}")
    terminal = Terminal(show_logs=not quiet)
    with plain_errors(terminal.console), terminal.downloads():
        try:
            start_stack(checkout_places(), Options(port, without or (), fresh, demo), terminal)
        except StopRequested:
            terminal.note("Stopped.")


@app.command()
def down() -> None:
    """Stop the BZPEER that runs in this checkout.

    Exit codes: 0 nothing runs any more (or nothing ran), 1 it did not stop.

    Example: bzpeer down
    """
    console, places = Console(highlight=False), checkout_places()
    run = records.read(places.record)
    owner = run.owner if run and run.owner.handle() else None
    if owner is not None:
        os.kill(owner.pid, signal.SIGTERM)
        if records.still_there([owner], STOP_SECONDS):
            console.print(f"It did not stop within {STOP_SECONDS:g} s. End process {owner.pid}, then run this again.")
            raise typer.Exit(1)
    left = records.end_leftovers(places.record)
    if left:
        console.print(f"Ended what an earlier start had left running: {', '.join(left)}.")
    console.print("Stopped." if owner or left else "Nothing runs in this checkout.")


@app.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Show each part of the running stack: state, process, address, memory and CPU now.

    Exit codes: 0 all parts are ready, 1 some are not, 3 nothing runs.

    Example: bzpeer status --json
    """
    run = records.read(checkout_places().record)
    if run is None or run.owner.handle() is None:
        typer.echo(json.dumps({"running": False, "parts": []}) if as_json else "Nothing runs in this checkout.")
        raise typer.Exit(NOTHING_RUNS)
    parts = inspect(run)
    if as_json:
        rows = [part.model_dump() for part in parts]
        pages = run.env.get("BZPEER_PUBLIC_URL")
        typer.echo(json.dumps({"running": True, "address": pages, "parts": rows, "total": total(parts).model_dump()}))
    else:
        Console(highlight=False).print(_table(parts))
    if any(part.state != "ready" for part in parts):
        raise typer.Exit(1)


def _table(parts: list[PartStatus]) -> Table:
    table = Table("part", "state", "process", "address", "memory", "CPU", "", box=None)
    for part in [*parts, total(parts)]:
        cells = [part.name, part.state, str(part.pid or ""), part.address]
        table.add_row(*cells, f"{part.rss_bytes / 2**20:.0f} MB", f"{part.cpu_percent:.1f} %", part.detail)
    return table
