"""`bzpeer doctor`: what is wrong on this machine, in plain words, and what to do."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from deploy.embedded.checkup import Finding, check_up
from deploy.embedded.places import checkout_places

app = typer.Typer()

MARKS = {"fine": Text("✓", "green"), "note": Text("·", "yellow"), "wrong": Text("✗", "bold red")}


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False) -> None:
    """Look for what keeps BZPEER from running here, and say what to do about it.

    Exit codes: 0 nothing is wrong, 1 something is.

    Example: bzpeer doctor
    """
    findings = list(check_up(checkout_places()))
    if as_json:
        typer.echo(json.dumps([finding.model_dump() for finding in findings]))
    else:
        for finding in findings:
            _show(Console(highlight=False, soft_wrap=True), finding)
    if any(finding.verdict == "wrong" for finding in findings):
        raise typer.Exit(1)


def _show(console: Console, finding: Finding) -> None:
    console.print(MARKS[finding.verdict] + Text(f" {finding.what}"))
    if finding.do:
        console.print(Text(f"  → {finding.do}"))
