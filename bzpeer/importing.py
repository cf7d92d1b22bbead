"""`bzpeer import`: bring works in from a file or a live source, and wait until they are there."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import stamina
import typer
from aiokafka.errors import KafkaError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from bzpeer.running import SERVICES, Running, run
from bzpeer.saying import printable, say_json
from shared.errors import Problem, Unavailable
from shared.http import ServiceClient
from shared.ids import new_id
from shared.messaging.progress import wait_for_views

app = typer.Typer()
group = typer.Typer(no_args_is_help=True)
app.add_typer(group, name="import")

PATIENCE_SECONDS = 120.0
"""A service that restarts during an import is waited for so long."""
UPLOAD_SECONDS = 300.0
SHOWN_REFUSALS = 20
FILE_ENDINGS = frozenset({".xml", ".atom", ".json", ".jsonl", ".gz", ".xz", ".zip", ".tar", ".bib", ".ris"})
"""What looks like a file that is not there is no query."""


@dataclass(frozen=True)
class Wanted:
    """What to import: the content of a file, or a query with the number of results to take."""

    source: str
    file: Path | None
    query: str
    limit: int | None


@group.callback()
def _sources() -> None:
    """Bring works in. Importing the same again changes nothing.

    Example: bzpeer import arxiv 2401.01869 --wait
    """


What = Annotated[str, typer.Argument(metavar="QUERY|FILE", help="A file, or a query to the source.")]
Path_ = Annotated[Path, typer.Argument(metavar="FILE", help="The file, also packed as .gz, .xz, .tar or .zip.")]
Limit = Annotated[int | None, typer.Option(min=1, help="Take so many results of a query (1,000).")]
AsJson = Annotated[bool, typer.Option("--json", help="End with one line of JSON, for scripts.")]
Wait = Annotated[bool, typer.Option("--wait", help="Return when all views have the works.")]
FILES = {
    "oai": "OAI-PMH replies of arXiv (arXiv, arXivRaw, oai_dc)",
    "openalex": "OpenAlex replies or snapshot lines",
    "crossref": "Crossref replies (JSON, unixref, unixsd)",
    "orcid": "ORCID works (JSON or XML)",
    "datacite": "DataCite replies (JSON, XML) and Zenodo's records",
    "dblp": "dblp's XML and search replies",
    "semanticscholar": "Semantic Scholar Graph API replies",
    "bibtex": "BibTeX",
    "ris": "RIS",
}
"""Forms of files that have a command of their own; `bzpeer import file --form` takes these and all others."""


@group.command()
def arxiv(what: What, limit: Limit = None, as_json: AsJson = False, wait: Wait = False) -> None:
    """Import what arXiv finds, or an Atom file that arXiv's query API answered with.

    Exit codes: 0 imported (refused records are named), 1 failed, 2 wrong usage.

    Examples: bzpeer import arxiv "au:lawrence AND cat:cs.LG" --limit 50; bzpeer import arxiv 2401.01869;
    bzpeer import arxiv feed.xml --json --wait
    """
    _import(Wanted("arxiv", _file(what), what, limit), as_json=as_json, wait=wait)


@group.command("file")
def any_file(
    file: Path_,
    form: Annotated[
        str, typer.Option(help="The file's form, such as lines, arxiv-lines, mlanthology, acl, bibtex.")
    ] = "lines",
    as_json: AsJson = False,
    wait: Wait = False,
) -> None:
    """Import a file of any form that BZPEER reads; without --form, its own JSON lines. docs/importing.md lists them.

    Exit codes: 0 imported (refused records are named), 1 failed, 2 wrong usage.

    Example: bzpeer import file works.jsonl.gz --wait
    """
    _import(Wanted(form, _existing(file), "", None), as_json=as_json, wait=wait)


LIVE = {
    "oai": "a set with from= and until=, such as “cs from=2024-01-01”",
    "openalex": "words, or a filter such as author.orcid:0000-0002-1825-0097",
    "crossref": "words, or a filter such as orcid:0000-0002-1825-0097",
    "orcid": "an ORCID iD",
    "datacite": "a query of DataCite",
    "dblp": "words",
    "semanticscholar": "words",
}
"""What the sources that can be asked live take as a query."""


def _add_form(form: str, about: str) -> None:
    def live(what: What, limit: Limit = None, as_json: AsJson = False, wait: Wait = False) -> None:
        _import(Wanted(form, _file(what), what, limit), as_json=as_json, wait=wait)

    def file(file: Path_, as_json: AsJson = False, wait: Wait = False) -> None:
        _import(Wanted(form, _existing(file), "", None), as_json=as_json, wait=wait)

    command = live if form in LIVE else file
    asked = f" Or ask the source itself: {LIVE[form]}." if form in LIVE else ""
    command.__doc__ = f"""Import a file: {about}.{asked}

    Exit codes: 0 imported (refused records are named), 1 failed, 2 wrong usage.

    Example: bzpeer import {form} FILE --wait
    """
    group.command(form)(command)


for _form, _about in FILES.items():
    _add_form(_form, _about)


@group.command("list")
def list_imports(as_json: AsJson = False) -> None:
    """List the newest imports with their state.

    Example: bzpeer import list
    """
    found = run(lambda running: running.service("works").get_json("/imports"))
    if as_json:
        say_json(found)
    for state in [] if as_json else found["items"]:
        done = f"{state['total'] - state['pending']:,} of {state['total']:,}"
        typer.echo(
            "  ".join(
                (state["id"], f"{state['status']:9}", done, printable(state["source"]), printable(state["query"] or ""))
            )
        )


def _add_steering(name: str, about: str) -> None:
    def command(
        job: Annotated[str, typer.Argument(metavar="IMPORT", help="Its id, as `bzpeer import list` shows it.")],
    ) -> None:
        state = run(lambda running: running.service("works").send("POST", f"/imports/{quote(job, safe='')}/{name}"))
        typer.echo(f"{state['status']}: {state['total'] - state['pending']:,} of {state['total']:,} records done")

    command.__doc__ = f"""{about}

    Example: bzpeer import {name} 019a…
    """
    group.command(name)(command)


_add_steering("pause", "Stop an import for now; it goes on where it stopped when it is resumed.")
_add_steering("resume", "Go on with a paused import.")
_add_steering("cancel", "End an import for good; the works that it brought stay.")


def _import(wanted: Wanted, *, as_json: bool, wait: bool) -> None:
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    state = run(lambda running: _Import(running, console).run(wanted, wait=wait))
    outcome = {name: state[name] for name in ("new", "merged", "unchanged", "refused")}
    if as_json:
        say_json(outcome)
    else:
        _say(outcome)


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise typer.BadParameter(f"there is no file {path}.")
    return path


def _file(what: str) -> Path | None:
    path = Path(what)
    try:
        if path.is_file():
            return path
        is_folder = path.is_dir()
    except OSError:
        return None
    if is_folder:
        raise typer.BadParameter(f"{what} is a folder; name a file in it.")
    if path.suffix.lower() in FILE_ENDINGS:
        raise typer.BadParameter(f"there is no file {what}.")
    if not what.strip():
        raise typer.BadParameter("an empty query finds nothing.")
    return None


def _say(outcome: Mapping[str, Any]) -> None:
    refused = outcome["refused"]
    counts = [f"{outcome[name]:,} {name}" for name in ("new", "merged", "unchanged")]
    typer.echo(", ".join([*counts, f"{len(refused):,} refused"]))
    for each in refused[:SHOWN_REFUSALS]:
        typer.echo(f"  refused {printable(each['record'])}: {printable(each['reason'])}")
    if len(refused) > SHOWN_REFUSALS:
        typer.echo(f"  and {len(refused) - SHOWN_REFUSALS:,} more; --json lists them all")


class _Import:
    """One import, from sending it to its end."""

    def __init__(self, running: Running, console: Console) -> None:
        self._running = running
        self._console = console

    async def run(self, wanted: Wanted, *, wait: bool) -> dict[str, Any]:
        """The import's last state. Raises a Problem when it failed."""
        works, key = self._running.service("works"), new_id()
        job = await _patiently(lambda: _send(works, wanted, key))
        state = await self._follow(works, job["id"])
        if state["status"] == "failed":
            raise Problem(f"The import failed: {state['error']}")
        if state["status"] in {"paused", "cancelled"}:
            done = state["total"] - state["pending"]
            raise Problem(f"The import was {state['status']} after {done:,} of {state['total']:,} records.")
        if wait:
            await self._wait_for_views()
        return state

    async def _follow(self, works: ServiceClient, job_id: str) -> dict[str, Any]:
        columns = (
            TextColumn("Importing"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
        )
        pause = 0.05
        with Progress(*columns, TimeElapsedColumn(), console=self._console, transient=True) as progress:
            task = progress.add_task("import", total=None, rate="")
            while True:
                state: dict[str, Any] = await _patiently(lambda: works.get_json(f"/imports/{job_id}", seconds=10.0))
                done = state["total"] - state["pending"]
                elapsed = progress.tasks[task].elapsed or 1.0
                progress.update(task, total=state["total"], completed=done, rate=f"{done / elapsed:,.0f} works/s")
                if state["status"] in {"done", "failed", "paused", "cancelled"}:
                    return state
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, 1.0)

    async def _wait_for_views(self) -> None:
        services = [self._running.service(name) for name in SERVICES]
        kafka, prefix = self._running.kafka, self._running.topic_prefix
        with self._console.status("Waiting for the views"):
            try:
                await _patiently(lambda: wait_for_views(services, kafka, topic_prefix=prefix))
            except KafkaError as error:
                raise Problem(f"The works are in, but Kafka at {kafka} does not say how far the views are.") from error
            except TimeoutError as error:
                raise Problem("The works are in, but the views do not catch up; see `bzpeer lag`.") from error


async def _send(works: ServiceClient, wanted: Wanted, key: str) -> Any:
    headers = {"Idempotency-Key": key}
    if wanted.file is None:
        body = {"source": wanted.source, "query": wanted.query, "limit": wanted.limit}
        return await works.send("POST", "/imports", json=body, headers=headers)
    files = {"file": (wanted.file.name, wanted.file.read_bytes(), "application/octet-stream")}
    params: dict[str, str | int | None] = {"source": wanted.source}
    return await works.send("POST", "/imports", files=files, params=params, headers=headers, seconds=UPLOAD_SECONDS)


async def _patiently(ask: Callable[[], Awaitable[Any]]) -> Any:
    """Ask again while the service does not answer, with growing pauses, for as long as a restart may take."""
    async for attempt in stamina.retry_context(
        on=Unavailable, attempts=None, timeout=PATIENCE_SECONDS, wait_initial=0.1, wait_max=2.0
    ):
        with attempt:
            return await ask()
    raise AssertionError("unreachable")
