"""`bzpeer dlq`: the events that could not be handled, in all services, and what to do with them."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from bzpeer.letter_words import consequence, count, in_full, listed, told
from bzpeer.letters import Letters, Outcome, Owned, merged
from bzpeer.running import FAILED, Running, name_silent, run
from bzpeer.saying import agreed, say_json
from shared.errors import Problem

app = typer.Typer()
group = typer.Typer(no_args_is_help=True)
app.add_typer(group, name="dlq")

WAIT_SECONDS = 30.0
STILL_THERE = 3
_LARGE = {"stack", "headers", "value"}
"""What only `show` shows."""
State = Literal["waiting", "dead"]

Ids = Annotated[
    list[str] | None, typer.Argument(metavar="[ID]...", help="Ids or their beginnings, as `bzpeer dlq list` shows.")
]
OfGroup = Annotated[str | None, typer.Option("--group", help="Those of one group or view, or of a service.")]
AsJson = Annotated[bool, typer.Option("--json", help="For scripts.")]


@group.callback()
def _dlq() -> None:
    """Look at the events that could not be handled, and try them again or go on without them.

    A letter is "waiting" while it is tried again by itself with growing delays, and "dead" after the last try.

    Example: bzpeer dlq list
    """


@group.command("list")
def list_letters(
    of_group: OfGroup = None,
    state: Annotated[State | None, typer.Option(help="Only those.")] = None,
    as_json: AsJson = False,
) -> None:
    """List dead letters, oldest first.

    Exit codes: 0 listed (or there is none), 1 failed, or a service does not answer.

    Example: bzpeer dlq list --group graph.people.v1 --state dead
    """
    answers = run(lambda running: Letters(running).all_of(of_group, state))
    letters = merged(answers)
    if as_json:
        say_json({"items": [_row(one) for one in letters], "silent": dict(answers.silent)})
    else:
        for line in listed(letters) or ["There are no dead letters."]:
            typer.echo(line)
        name_silent(answers.silent)
    if answers.silent:
        raise typer.Exit(FAILED)


@group.command()
def show(
    letter: Annotated[str, typer.Argument(metavar="ID", help="The id or its beginning.")], as_json: AsJson = False
) -> None:
    """Show one dead letter: where it came from, its headers and body, the error and the stack.

    Exit codes: 0 shown, 1 failed or there is no such letter.

    Example: bzpeer dlq show 3f2a9c1b
    """

    async def work(running: Running) -> Owned:
        letters = Letters(running)
        (found,) = await letters.find([letter])
        return Owned(found.service, await letters.full(found))

    found = run(work)
    if as_json:
        say_json({"service": found.service, **found.letter})
    else:
        typer.echo("\n".join(in_full(found)))


@group.command()
def retry(
    ids: Ids = None,
    of_group: OfGroup = None,
    every: Annotated[bool, typer.Option("--all", help="All dead letters of all services.")] = False,
    wait: Annotated[bool, typer.Option(help="Say what became of them, for as long as there is news.")] = True,
    as_json: AsJson = False,
) -> None:
    """Have dead letters handled again, after what made them fail was repaired.

    Exit codes: 0 all taken in (or asked for, with --no-wait), 1 failed, 2 wrong usage, 3 some failed again or wait.

    Examples: bzpeer dlq retry 3f2a9c1b; bzpeer dlq retry --group graph.people.v1; bzpeer dlq retry --all
    """

    async def work(running: Running) -> Outcome:
        letters = Letters(running)
        asked = await letters.retry(await _chosen(letters, ids, of_group, every=every))
        return await letters.outcome(asked, WAIT_SECONDS if wait else 0.0)

    with Console(stderr=True).status("Waiting for the letters to be handled"):
        outcome = run(work)
    if as_json:
        parts = {"taken_in": outcome.taken_in, "failed": outcome.failed, "waiting": outcome.waiting}
        say_json({name: [_row(one) for one in part] for name, part in parts.items()})
    else:
        typer.echo("\n".join(told(outcome) if wait else [f"{count(outcome.waiting)} will be handled again at once."]))
    if outcome.failed or (wait and outcome.waiting):
        raise typer.Exit(STILL_THERE)


@group.command()
def discard(
    ids: Ids = None,
    of_group: OfGroup = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Go on without events that will never be handled. This cannot be taken back.

    Exit codes: 0 discarded, 1 failed or not wanted after all, 2 wrong usage.

    Example: bzpeer dlq discard 3f2a9c1b --yes
    """
    letters = run(lambda running: _chosen(Letters(running), ids, of_group, every=False))
    agreed("\n".join([*listed(letters), *consequence(letters)]), f"Discard {count(letters)}?", yes=yes)
    gone = run(lambda running: Letters(running).discard(letters))
    if as_json:
        say_json({"items": [_row(one) for one in gone]})
    else:
        typer.echo(f"Discarded {count(gone)}.")


async def _chosen(letters: Letters, ids: Sequence[str] | None, of_group: str | None, *, every: bool) -> list[Owned]:
    if sum((bool(ids), of_group is not None, every)) != 1:
        raise typer.BadParameter("name the letters: their ids, or a group.")
    if ids:
        return await letters.find(dict.fromkeys(ids))
    answers = await letters.all_of(of_group)
    name_silent(answers.silent)
    chosen = merged(answers)
    if not chosen:
        raise Problem("There are no dead letters" + (f" of {of_group}." if of_group else "."))
    return chosen


def _row(owned: Owned) -> dict[str, Any]:
    return {"service": owned.service, **{name: value for name, value in owned.letter.items() if name not in _LARGE}}
