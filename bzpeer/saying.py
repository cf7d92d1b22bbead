"""How commands say what they found: nothing that a terminal obeys, JSON for scripts, and questions before harm."""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import typer

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))


def printable(text: str) -> str:
    """The text in one line, without anything that a terminal obeys."""
    return "".join(each if each.isprintable() else " " * each.isspace() for each in text).strip()


def printable_lines(text: str) -> list[str]:
    """The text's lines, without anything that a terminal obeys."""
    return ["".join(filter(str.isprintable, line.replace("\t", "    "))) for line in text.splitlines()]


def say_json(data: Mapping[str, Any] | Sequence[Any]) -> None:
    """One line of JSON in ASCII, so that it is safe to look at too."""
    typer.echo(json.dumps(data))


def moment(time: str) -> str:
    """A time as services say it, to the second."""
    return re.sub(r"\.\d+", "", printable(time))


def span(seconds: float) -> str:
    """A length of time in its largest fitting unit."""
    for unit, size in _UNITS:
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.1f} s"


def agreed(consequence: str, question: str, *, yes: bool) -> None:
    """Return when the person agrees. Without a terminal nobody can be asked, and only --yes goes on."""
    if yes:
        return
    typer.echo(consequence, err=True)
    if not someone_is_there():
        raise typer.BadParameter("nobody can be asked here: say --yes to go on.")
    typer.confirm(question, abort=True, err=True)


def someone_is_there() -> bool:
    """Whether there is a terminal to ask."""
    return sys.stdin.isatty()
