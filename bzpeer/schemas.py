"""`bzpeer schemas`: may the events of today be released, and what is the contract of a release."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from shared.events.breaking import Break, Harm, breaks
from shared.events.contract import RELEASED, Contract, read, to_release, today, write

app = typer.Typer()
group = typer.Typer(no_args_is_help=True)
app.add_typer(group, name="schemas")

BROKEN, UNREADABLE = 1, 2
MEANING: dict[Harm, str] = {
    "older consumers": "Consumers of the last release may not be able to read what is written from now on",
    "older events": "What was written before cannot be read as it was, and no view can be rebuilt from it",
    "order": "One aggregate's events may come from two partitions, and out of order, to",
}


@group.callback()
def _schemas() -> None:
    """Keep the events readable: for consumers of the last release, and for views rebuilt from all that was written.

    Example: bzpeer schemas check
    """


@group.command()
def check(
    against: Annotated[
        Path,
        typer.Option(
            help="Another release's released.json, or a folder of schemas, to compare with.",
            show_default="shared/events/released.json",
        ),
    ] = RELEASED,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Compare the events with those of the last release, and name what would break whom.

    Adding an event, a topic, or a property with a default breaks nobody.
    Exit codes: 0 nothing breaks, 1 something does, 2 there is nothing to compare with.

    Example: bzpeer schemas check --against ../older/shared/events/schemas
    """
    last, now = _read(against), today()
    found = breaks(last, now)
    added = sorted(now.schemas.keys() - last.schemas.keys())
    if as_json:
        rows = [each.model_dump() for each in found]
        typer.echo(json.dumps({"against": last.version, "added": added, "breaks": rows}, ensure_ascii=False))
    else:
        _say(found, added, last.version)
    if found:
        raise typer.Exit(BROKEN)


@group.command()
def release(
    version: Annotated[str, typer.Argument(metavar="VERSION", help="The version that is released, such as 1.2.0.")],
    accept_breaks: Annotated[
        bool, typer.Option("--accept-breaks", help="Release though it breaks what reads.")
    ] = False,
) -> None:
    """Keep today's topics, schemas and examples as the contract that later changes are held against. Commit the file.

    Exit codes: 0 written, 1 not written, because it would break what `bzpeer schemas check` names.

    Example: bzpeer schemas release 1.2.0
    """
    last = _read(RELEASED) if RELEASED.exists() else None
    found = breaks(last, today()) if last else []
    if last and found and not accept_breaks:
        _say(found, [], last.version)
        raise typer.Exit(BROKEN)
    write(RELEASED, to_release(version, last))
    typer.echo(f"The contract of {version} stands in {RELEASED}.")


def _read(path: Path) -> Contract:
    try:
        contract = read(path)
    except (OSError, ValueError) as error:
        typer.echo(f"{path} holds no schemas to compare with: {error}", err=True)
        raise typer.Exit(UNREADABLE) from error
    if not contract.schemas:
        typer.echo(f"{path} holds no schemas to compare with.", err=True)
        raise typer.Exit(UNREADABLE)
    return contract


def _say(found: list[Break], added: list[str], version: str) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for each in found:
        place = " ".join(filter(None, (each.event, each.path)))
        console.print(Text("✗ ", "bold red") + Text(f"{each.topic} {place}: was {each.was}, is {each.now}"))
        for harm, services in each.hurts.items():
            console.print(Text(f"  {MEANING[harm]}: {', '.join(services) or 'no service reads it yet'}."))
        console.print(Text(f"  → {each.instead}"))
    if added:
        console.print(Text(f"New since {version}: {', '.join(added)}."))
    if not found:
        console.print(Text(f"All that reads the events of {version} can read today's, and the other way round."))
