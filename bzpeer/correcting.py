"""`bzpeer correct`: author records and works put right by a reviewer on the operators' side, and put back."""

from typing import Annotated
from urllib.parse import quote

import typer

from bzpeer.running import run
from bzpeer.saying import printable, say_json

app = typer.Typer()
group = typer.Typer(no_args_is_help=True)
app.add_typer(group, name="correct")

Preview = Annotated[bool, typer.Option("--preview", help="Show what would change, and change nothing.")]
AsJson = Annotated[bool, typer.Option("--json", help="For scripts.")]
SHOWN = 20


@group.callback()
def _correct() -> None:
    """Merge, split and rename author records; merge and part works; undo each of it.

    Example: bzpeer correct merge wei-zhang-2 wei-zhang --preview
    """


@group.command()
def merge(
    author: Annotated[str, typer.Argument(help="The record to retire, by id or slug.")],
    into: Annotated[str, typer.Argument(help="The record that it becomes part of.")],
    *,
    preview: Preview = False,
    as_json: AsJson = False,
) -> None:
    """Two records are one person: the first leads to the second from now on.

    Exit codes: 0 done, 1 refused or failed, 2 wrong usage.

    Example: bzpeer correct merge wei-zhang-2 wei-zhang
    """
    _make({"kind": "merge", "author": author, "into": into}, preview=preview, as_json=as_json)


@group.command()
def split(
    author: Annotated[str, typer.Argument(help="The record of two people, by id or slug.")],
    works: Annotated[list[str], typer.Argument(help="Ids of the works of the other person.")],
    *,
    preview: Preview = False,
    as_json: AsJson = False,
) -> None:
    """One record is two people: these works become a record of their own.

    Exit codes: 0 done, 1 refused or failed, 2 wrong usage.

    Example: bzpeer correct split wei-zhang 019a… 019b…
    """
    _make({"kind": "split", "author": author, "works": works}, preview=preview, as_json=as_json)


@group.command()
def rename(
    author: Annotated[str, typer.Argument(help="The record, by id or slug.")],
    name: Annotated[str, typer.Argument(help="The name that it shows from now on.")],
    *,
    preview: Preview = False,
    as_json: AsJson = False,
) -> None:
    """The record shows another name; its old address leads to the new one.

    Exit codes: 0 done, 1 refused or failed, 2 wrong usage.

    Example: bzpeer correct rename h-lawrence "Hannah Lawrence"
    """
    _make({"kind": "rename", "author": author, "name": name}, preview=preview, as_json=as_json)


@group.command()
def apart(
    author: Annotated[str, typer.Argument(help="One record, by id or slug.")],
    other: Annotated[str, typer.Argument(help="The other one.")],
    *,
    preview: Preview = False,
    as_json: AsJson = False,
) -> None:
    """Two records are different people, and are never merged while this stands.

    Exit codes: 0 done, 1 refused or failed, 2 wrong usage.

    Example: bzpeer correct apart wei-zhang wei-zhang-2
    """
    _make({"kind": "apart", "author": author, "other": other}, preview=preview, as_json=as_json)


@group.command("merge-works")
def merge_works(
    work: Annotated[str, typer.Argument(help="The id of the work that leads to the other one.")],
    into: Annotated[str, typer.Argument(help="The id of the work that stays.")],
    *,
    preview: Preview = False,
    as_json: AsJson = False,
) -> None:
    """Two works are one: the first leads to the second from now on.

    Exit codes: 0 done, 1 refused or failed, 2 wrong usage.

    Example: bzpeer correct merge-works 019a… 019b…
    """
    _make({"kind": "merge_works", "work": work, "into": into}, preview=preview, as_json=as_json)


@group.command("part-works")
def part_works(
    work: Annotated[str, typer.Argument(help="The id of the work.")],
    records: Annotated[
        list[str], typer.Argument(help="Its source records that are another work: `sources` of GET /works/ID.")
    ],
    *,
    preview: Preview = False,
    as_json: AsJson = False,
) -> None:
    """Source records taken for one work are two: these become a work of their own.

    Exit codes: 0 done, 1 refused or failed, 2 wrong usage.

    Example: bzpeer correct part-works 019a… Crossref/doi:10.1000/x
    """
    _make({"kind": "part_works", "work": work, "records": records}, preview=preview, as_json=as_json)


@group.command()
def undo(
    correction: Annotated[str, typer.Argument(help="The correction's id, as `bzpeer correct list` shows it.")],
    *,
    preview: Preview = False,
    as_json: AsJson = False,
) -> None:
    """Undo a correction, as far as it still stands.

    Exit codes: 0 undone, 1 refused or failed, 2 wrong usage.

    Example: bzpeer correct undo 019a…
    """
    path = f"/corrections/{quote(correction, safe='')}/undo"
    _send(path, None, preview=preview, as_json=as_json)


@group.command("list")
def list_corrections(
    subject: Annotated[str, typer.Argument(help="The id of an author record or a work.")], *, as_json: AsJson = False
) -> None:
    """List the corrections that concern a record or a work, the newest first.

    Exit codes: 0 listed (or there is none), 1 failed.

    Example: bzpeer correct list 019a…
    """
    found = run(
        lambda running: running.service("works").get_json("/corrections", reviewer=True, params={"subject": subject})
    )
    if as_json:
        say_json(found)
    elif not found["items"]:
        typer.echo("Nothing was corrected here.")
    for each in [] if as_json else found["items"]:
        undone = f", undone {each['undone_at']}" if each["undone_at"] else ""
        facts = (each["id"], each["at"], each["kind"], each["subject"], each["other"] or each["name"] or "")
        typer.echo("  ".join(map(printable, facts)) + undone)


def _make(body: dict[str, object], *, preview: bool, as_json: bool) -> None:
    _send("/corrections", body, preview=preview, as_json=as_json)


def _send(path: str, body: dict[str, object] | None, *, preview: bool, as_json: bool) -> None:
    params: dict[str, str | int | None] = {"preview": "true" if preview else "false"}
    outcome = run(
        lambda running: running.service("works").send(
            "POST", path, reviewer=True, json=body, params=params, seconds=120.0
        )
    )
    if as_json:
        say_json(outcome)
        return
    changes = "would change" if preview else "changed"
    typer.echo(f"{changes} {len(outcome['works']):,} works and {len(outcome['authors']):,} author records")
    for title in outcome["works"][:SHOWN]:
        typer.echo(f"  {printable(title)}")
    if not preview:
        typer.echo(f"Undo it with: bzpeer correct undo {outcome['correction']['id']}")
