"""`bzpeer resync`: have a service publish events of its log again."""

from typing import Annotated

import typer

from bzpeer.running import SERVICES, Running, run
from bzpeer.saying import agreed, say_json
from shared.events.topics import TOPICS

app = typer.Typer()

NOTHING_FITS = 3
PATIENCE_SECONDS = 300.0
"""Marking a log of some million events takes long."""


@app.command()
def resync(
    service: Annotated[str, typer.Argument(metavar="SERVICE", help="The owner of the events.")],
    topic: Annotated[str | None, typer.Option(help="Only events of this topic.")] = None,
    subject: Annotated[str | None, typer.Option(help="Only events of this aggregate.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """Publish a service's events again: all of them, those of a topic, or those of one aggregate.

    Views and reactions ignore what they have had, so this is harmless, but everything is read once more.
    Exit codes: 0 published again, 1 failed or not wanted after all, 2 wrong usage, 3 there are no such events.

    Example: bzpeer resync works --subject 019a…
    """
    if service not in SERVICES:
        raise typer.BadParameter(f"there is no service {service}; there are {', '.join(SERVICES)}")
    own = [spec.name for spec in TOPICS if spec.owner == service]
    if topic is not None and topic not in own:
        raise typer.BadParameter(f"{service} has no topic {topic}; it has {', '.join(own)}")
    if topic is None and subject is None:
        agreed(f"This publishes the whole log of {service} again.", "Go on?", yes=yes)
    events = run(lambda running: _again(running, service, topic, subject))
    if as_json:
        say_json({"service": service, "events": events})
    elif events:
        typer.echo(f"{events:,} events of {service} are published again; `bzpeer lag` shows how far they are taken in.")
    else:
        typer.echo(f"There are no such events in the log of {service}.")
    if not events:
        raise typer.Exit(NOTHING_FITS)


async def _again(running: Running, service: str, topic: str | None, subject: str | None) -> int:
    wanted = {"topic": topic, "subject": subject, "after": 0, "upto": None}
    body = {"wanted": [wanted]}
    answer = await running.service(service).send("POST", "/resync", json=body, seconds=PATIENCE_SECONDS)
    return int(answer["events"])
