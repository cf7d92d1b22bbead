"""`bzpeer rebuild`: make a view anew from the log beside the old one, compare both, and swap them."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bzpeer.running import FAILED, Running, complain, name_silent, run
from bzpeer.saying import moment, printable, say_json
from bzpeer.views import View, Views
from shared.errors import Problem

app = typer.Typer()

DIFFER = 3
INTERRUPTED = 130
SHOWN_EXAMPLES = 10


@app.command()
def rebuild(
    views: Annotated[
        list[str] | None, typer.Argument(metavar="[VIEW|SERVICE]...", help="Views, or services: all of theirs.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Build and compare, but let the old one serve on.")] = False,
    cancel: Annotated[bool, typer.Option("--cancel", help="End rebuilds that run; the old ones serve on.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Rebuild views from the log while the old ones serve, say whether both agree, and swap. Without a name: list them.

    Exit codes: 0 old and new agree (or listed, or cancelled), 1 failed, 2 no such view, 3 they differ.

    Examples: bzpeer rebuild graph; bzpeer rebuild trust.records --check; bzpeer rebuild graph --cancel
    """
    if not views:
        _list(as_json=as_json)
    elif cancel:
        run(lambda running: _cancel(Views(running), views))
    else:
        _rebuild(views, swap=not check, as_json=as_json)


def _list(*, as_json: bool) -> None:
    answers = run(lambda running: Views(running).all_of())
    every = [{**view, "service": service} for service, items in answers.found.items() for view in items]
    if as_json:
        say_json({"items": every, "silent": dict(answers.silent)})
    else:
        for view in every:
            typer.echo(printable(f"{view['name']}  {view['documents']:,} documents  {_history(view)}"))
        name_silent(answers.silent)
    if answers.silent:
        raise typer.Exit(FAILED)


def _history(view: View) -> str:
    if view["building"]:
        return f"is being rebuilt: {view['building']['read']:,} of {view['building']['of']:,} events"
    return f"last rebuilt {moment(view['last']['finished_at'])}" if view["last"] else "never rebuilt"


async def _cancel(views: Views, words: Sequence[str]) -> None:
    for view in await views.find(words):
        if view["building"]:
            await views.cancel(view)
            typer.echo(f"Cancelled the rebuild of {view['name']}; the old generation serves on.")
        else:
            typer.echo(f"No rebuild of {view['name']} runs.")


def _rebuild(words: Sequence[str], *, swap: bool, as_json: bool) -> None:
    try:
        ended, failed = run(lambda running: _one_after_another(running, words, swap=swap, quiet=as_json))
    except KeyboardInterrupt:
        complain(f"The rebuild goes on in the service. To end it: bzpeer rebuild {' '.join(words)} --cancel")
        raise typer.Exit(INTERRUPTED) from None
    if as_json:
        say_json({"items": [{**_outcome(view), "agree": agree(view)} for view in ended], "failed": failed})
    if failed:
        raise typer.Exit(FAILED)
    if not all(agree(view) for view in ended):
        raise typer.Exit(DIFFER)


async def _one_after_another(
    running: Running, words: Sequence[str], *, swap: bool, quiet: bool
) -> tuple[list[View], dict[str, str]]:
    views, ended, failed = Views(running), list[View](), dict[str, str]()
    for view in await views.find(words):
        try:
            ended.append(await _one(views, view, swap=swap))
        except Problem as problem:
            failed[view["name"]] = problem.detail
            complain(problem.detail)
        else:
            for line in [] if quiet else told(ended[-1]):
                typer.echo(line)
    return ended, failed


async def _one(views: Views, view: View, *, swap: bool) -> View:
    if not await views.start(view, swap=swap):
        complain(f"A rebuild of {view['name']} runs already; this is what comes of it.")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[state]}"))
    console = Console(stderr=True, highlight=False)
    quiet = not console.is_terminal
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True, disable=quiet) as progress:
        task = progress.add_task(view["name"], total=None, state="")

        def look(now: View) -> None:
            at = now["building"]
            progress.update(task, total=at["of"] or None, completed=at["read"], state=at["state"])

        return await views.follow(view, look)


def _outcome(view: View) -> dict[str, Any]:
    return {"name": view["name"], "service": view["service"], **view["last"]}


def agree(view: View) -> bool:
    """Whether the last rebuild made the same documents as there were."""
    last = view["last"]
    return not (last["differing"] or last["missing"] or last["extra"])


def told(view: View) -> list[str]:
    """What the last rebuild found, in words, without anything that a terminal obeys."""
    last, name = view["last"], view["name"]
    swapped = "The new one serves from now on." if last["swapped"] else "The old one serves on."
    if agree(view):
        return [printable(f"{name}: old and new agree in all {last['documents']:,} documents. {swapped}")]
    counts = f"{last['differing']:,} differ, {last['missing']:,} are only in the old, {last['extra']:,} only in the new"
    examples = last["examples"][:SHOWN_EXAMPLES]
    return [
        printable(f"{name}: old and new do not agree: {last['equal']:,} documents are equal, {counts}. {swapped}"),
        *(f"    {printable(each['id'])}: {printable(each['what'])}" for each in examples),
    ]
