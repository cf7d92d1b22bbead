"""`bzpeer lag`: how far each view and each reaction is behind the events, in messages and in time."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from aiokafka.errors import KafkaError
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from bzpeer.running import FAILED, Running, complain, name_silent, names_of, run
from bzpeer.saying import say_json, span
from shared.errors import Problem, Unavailable
from shared.http import ServiceClient
from shared.messaging.lag import GroupLag, LagReader, PartitionLag
from shared.messaging.progress import Progress

app = typer.Typer()

REFRESH_SECONDS = 2.0
STATES = {"Dead": "never ran"}
"""Kafka's states of a group that say something else than they mean: "Dead" is a group that it does not know."""


@dataclass(frozen=True)
class Seen:
    """What was found: the groups with the service of each, unpublished events by service, and who said nothing."""

    groups: tuple[GroupLag, ...]
    services: Mapping[str, str]
    unpublished: Mapping[str, int]
    silent: Mapping[str, str]

    @property
    def behind_seconds(self) -> float:
        """How far the last of the groups is behind."""
        return max((group.behind_seconds for group in self.groups), default=0.0)


@app.command()
def lag(
    group: Annotated[str | None, typer.Argument(metavar="[GROUP]", help="A group, a view or a service.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts; one line each time.")] = False,
    every: Annotated[bool, typer.Option("--all", help="List all partitions, not only those with lag.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Look again every two seconds until Ctrl-C.")] = False,
    most_seconds: Annotated[
        float | None, typer.Option(min=0, help="Fail when a group is further behind than this.")
    ] = None,
) -> None:
    """Show how far each consumer group is behind, and how many events wait to be published.

    "Behind" is the age of the oldest message that the group has not taken in.
    Exit codes: 0 shown, 1 a group is further behind than --most-seconds or something does not answer, 2 no such group.

    Example: bzpeer lag graph --most-seconds 60
    """
    try:
        seen = run(lambda running: _watch(running, group, as_json, every) if watch else look(running, group))
    except KeyboardInterrupt:
        return
    if as_json:
        say_json(_rows(seen))
    else:
        Console(highlight=False, soft_wrap=True).print(_picture(seen, every))
        name_silent(seen.silent)
    late = [one.group for one in seen.groups if most_seconds is not None and one.behind_seconds > most_seconds]
    if late:
        complain(f"More than {span(most_seconds or 0)} behind: {', '.join(late)}")
    if late or seen.silent:
        raise typer.Exit(FAILED)


async def look(running: Running, wanted: str | None = None) -> Seen:
    """Learn the groups from the services and their places from Kafka."""
    answers = await running.ask(_progress)
    topics = {name: of for progress in answers.found.values() for name, of in progress.groups.items()}
    services = {name: service for service, progress in answers.found.items() for name in progress.groups}
    chosen = {name: of for name, of in topics.items() if wanted is None or wanted in names_of(name)}
    if not chosen and wanted not in {None, *answers.found}:
        _no_such_group(wanted, topics, answers.silent)
    unpublished = {service: progress.unpublished for service, progress in answers.found.items()}
    return Seen(tuple(await _lags(running, chosen)), services, unpublished, answers.silent)


async def _progress(service: ServiceClient) -> Progress:
    return Progress.model_validate(await service.get_json("/progress"))


def _no_such_group(wanted: str | None, groups: Mapping[str, object], silent: Mapping[str, str]) -> None:
    if silent:
        raise Problem(f"There is no group {wanted} in the services that answer; {', '.join(silent)} do not.")
    raise typer.BadParameter(f"there is no group {wanted}; there are {', '.join(sorted(groups))}")


async def _lags(running: Running, groups: Mapping[str, tuple[str, ...]]) -> list[GroupLag]:
    try:
        async with LagReader(running.kafka, running.topic_prefix) as reader:
            return await reader.read(groups)
    except (KafkaError, TimeoutError) as error:
        raise Unavailable(f"Kafka at {running.kafka} does not answer; see `bzpeer status`.") from error


async def _watch(running: Running, wanted: str | None, as_json: bool, every: bool) -> Seen:
    with Live(console=Console(highlight=False), auto_refresh=False, transient=True) as live:
        while True:
            try:
                seen = await look(running, wanted)
            except Unavailable as problem:
                live.update(Text(problem.detail, style="bold red"), refresh=True)
            else:
                if as_json:
                    say_json(_rows(seen))
                else:
                    live.update(_picture(seen, every, Text(_missing(seen), style="bold red")), refresh=True)
            await asyncio.sleep(REFRESH_SECONDS)


def _missing(seen: Seen) -> str:
    return f"Missing here: {', '.join(seen.silent)}" if seen.silent else ""


def _rows(seen: Seen) -> dict[str, Any]:
    groups = [
        {
            "group": group.group,
            "service": seen.services[group.group],
            "state": group.state,
            "members": group.members,
            "lag": group.lag,
            "behind_seconds": group.behind_seconds,
            "partitions": [{**each.model_dump(), "lag": each.lag} for each in group.partitions],
        }
        for group in seen.groups
    ]
    return {
        "groups": groups,
        "behind_seconds": seen.behind_seconds,
        "unpublished": dict(seen.unpublished),
        "silent": dict(seen.silent),
    }


def _picture(seen: Seen, every: bool, *more: Text) -> Group:
    lines = [Text(line) for group in seen.groups for line in partition_lines(group, every=every)]
    return Group(_table(seen), *lines, Text(_unpublished(seen.unpublished)), *more)


def _table(seen: Seen) -> Table:
    table = Table("group", "lag", "behind", "members", "state", box=None)
    for group in seen.groups:
        behind = span(group.behind_seconds) if group.lag else "–"
        members = "?" if group.members is None else str(group.members)
        table.add_row(group.group, f"{group.lag:,}", behind, members, _state(group.state))
    return table


def _state(kafkas: str | None) -> str:
    return "?" if kafkas is None else STATES.get(kafkas, kafkas)


def partition_lines(group: GroupLag, *, every: bool) -> list[str]:
    """One line for each partition with lag, or for each."""
    shown = [each for each in group.partitions if every or each.lag or each.beyond]
    return [f"  {group.group}  {_described(each)}" for each in shown]


def _described(at: PartitionLag) -> str:
    place = f"{at.topic}[{at.partition}]  at {at.place:,} of {at.end:,}"
    if at.beyond:
        return f"{place}: the broker has fewer messages than were taken in; it lost some, or the topic was made anew"
    return f"{place}  lag {at.lag:,}  behind {span(at.behind_seconds)}" if at.lag else place


def _unpublished(counts: Mapping[str, int]) -> str:
    waiting = [f"{service} {count:,}" for service, count in counts.items() if count]
    return f"Events not published yet: {', '.join(waiting)}" if waiting else "All events are published."
