"""`bzpeer demo`: the whole story on a running system, told in the terminal and left there to look at."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import httpx2
import typer
from aiokafka import AIOKafkaConsumer
from rich.console import Console
from rich.markup import escape

from bzpeer.running import Running, run
from shared.errors import Poison, Problem, Unavailable
from shared.events.topics import TOPICS
from shared.http import ServiceClient
from shared.messaging.envelope import from_record

RESEARCHER = "hannah-lawrence"
READER = "reader@example.org"
_PATIENCE_SECONDS = 30.0
_QUIET_SECONDS = 1.0
_MINUTES_A_DAY = 1440
_FIRST_NUMBER = 50_000
"""arXiv has never come to this number in a month."""

_ENTRY = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
  <entry>
    <id>http://arxiv.org/abs/{arxiv_id}v1</id>
    <published>{when}</published>
    <updated>{when}</updated>
    <title>A demonstration, not a real work: what symmetry leaves to learn ({arxiv_id})</title>
    <summary>This record was made by the command bzpeer demo so that a new work arrives. It is not on arXiv.</summary>
    <author><name>Hannah Lawrence</name></author>
    <author><name>Bobak T. Kiani</name></author>
    <arxiv:primary_category term="cs.LG"/>
    <category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
  </entry>
</feed>
"""


def demonstration_feed(now: datetime, attempt: int = 0) -> bytes:
    """An Atom feed of one made-up work by the demo's researcher, dated now. Each minute has a number of its own."""
    number = _FIRST_NUMBER + (now.day - 1) * _MINUTES_A_DAY + now.hour * 60 + now.minute + attempt
    return _ENTRY.format(arxiv_id=f"{now:%y%m}.{number}", when=f"{now:%Y-%m-%dT%H:%M:%SZ}").encode()


class Demo:
    """One telling of the story. Raises a Problem that says what to do when the system does not play along."""

    def __init__(self, public_url: str, kafka: str, works: ServiceClient, console: Console) -> None:
        self._url = public_url.rstrip("/")
        self._kafka = kafka
        self._works = works
        self._console = console
        self._passing = asyncio.Event()

    async def run(self) -> None:
        """Sign in, follow, import, hear of it."""
        async with httpx2.AsyncClient(base_url=self._url, timeout=10) as reader, self._events_shown():
            await self._sign_in(reader)
            name = await self._follow(reader)
            async with reader.stream("GET", "/api/notifications/stream", timeout=_PATIENCE_SECONDS) as stream:
                await self._import_new_work(name)
                notification = await _first_notification(stream)
            self._step(f"The notification arrived: [bold]{escape(notification['work']['title'])}[/]")
            await self._until_quiet()
        self._console.print(f"\nTo look at: {self._url}/researchers/{RESEARCHER}  the page")
        self._console.print(f"            {self._url}/dev/mailbox?to={READER}  the mail with the sign-in link")
        self._console.print(f"            {self._url}/inbox  the notification, once you are signed in as {READER}")

    async def _sign_in(self, reader: httpx2.AsyncClient) -> None:
        self._step(f"{READER} asks for a sign-in link, opens the mail and signs in")
        await _answer(reader.post("/api/auth/email", json={"email": READER}))
        token = await self._token_from_mail(reader)
        await _answer(reader.post("/api/auth/session", json={"token": token}))
        reader.headers["X-CSRF-Token"] = reader.cookies["bzpeer_csrf"]

    async def _token_from_mail(self, reader: httpx2.AsyncClient) -> str:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                mails = await _answer(
                    reader.get("/dev/mailbox", params={"to": READER}, headers={"Accept": "application/json"})
                )
                links = [str(link) for mail in mails["items"][:1] for link in mail["links"] if "/sign-in/" in link]
                if links:
                    return links[0].split("?")[0].rsplit("/", 1)[-1]
                await asyncio.sleep(0.1)

    async def _follow(self, reader: httpx2.AsyncClient) -> str:
        page = await _answer(reader.get(f"/api/researchers/{RESEARCHER}"))
        followed = await _answer(reader.put(f"/api/researchers/{RESEARCHER}/follow"))
        trust = page["trust"] or {}
        self._step(
            f"{escape(page['name'])}: Trust {trust.get('score')} – {trust.get('tier')}; "
            f"followers now: {followed['followers']}"
        )
        return str(page["name"])

    async def _import_new_work(self, name: str) -> None:
        self._step(f"A new work by {escape(name)} is imported")
        for attempt in range(60):
            feed = demonstration_feed(datetime.now(UTC), attempt)
            files = {"file": ("demo.xml", feed, "application/atom+xml")}
            job = await self._works.send("POST", "/imports", files=files, params={"source": "arxiv"})
            while job["status"] in {"queued", "running"}:
                await asyncio.sleep(0.05)
                job = await self._works.get_json(f"/imports/{job['id']}")
            if job["new"]:
                return
        raise Unavailable("The demonstration's works of the last hour are all here already; try again in a minute.")

    @asynccontextmanager
    async def _events_shown(self) -> AsyncIterator[None]:
        consumer = AIOKafkaConsumer(*(spec.name for spec in TOPICS), bootstrap_servers=self._kafka)
        await consumer.start()
        showing = asyncio.create_task(self._show(consumer))
        try:
            yield
        finally:
            showing.cancel()
            with suppress(asyncio.CancelledError):
                await showing
            await consumer.stop()

    async def _show(self, consumer: AIOKafkaConsumer) -> None:
        async for record in consumer:
            self._passing.set()
            with suppress(Poison):
                if envelope := from_record(record.value, record.headers):
                    kind, place = type(envelope.event).__name__, f"{envelope.topic} {envelope.subject[-6:]}"
                    self._console.print(f"    [dim]{kind:<22} {place} #{envelope.sequence}[/]")

    async def _until_quiet(self) -> None:
        """Let what follows from the import pass too: return when no event has come for a while."""
        with suppress(TimeoutError):
            while True:
                self._passing.clear()
                await asyncio.wait_for(self._passing.wait(), _QUIET_SECONDS)

    def _step(self, text: str) -> None:
        self._console.print(f"[bold]→[/] {text}")


async def _answer(request: Any) -> Any:
    answer: httpx2.Response = await request
    if answer.is_error:
        raise Problem(f"{answer.request.url.path} answered {answer.status_code}: {answer.text[:300]}")
    return answer.json() if answer.content else None


async def _first_notification(stream: httpx2.Response) -> dict[str, Any]:
    async for line in stream.aiter_lines():
        if line.startswith("data:"):
            found: dict[str, Any] = json.loads(line.removeprefix("data:"))
            return found
    raise Unavailable("The live stream ended before a notification came; see `bzpeer status`.")


app = typer.Typer()


@app.command()
def demo() -> None:
    """Tell the whole story on the running system: sign in, follow, import a new work, hear of it.

    Each run leaves one more made-up work, marked as such, to look at; `bzpeer up --fresh` removes them.
    Exit codes: 0 told, 1 the system did not play along.

    Example: bzpeer demo
    """
    run(_tell)


async def _tell(running: Running) -> None:
    story = Demo(running.public_url, running.kafka, running.service("works"), Console(highlight=False, soft_wrap=True))
    try:
        await story.run()
    except (Problem, TimeoutError, httpx2.TransportError) as error:
        why = str(error).rstrip(".") or "a part did not answer in time"
        raise Problem(f"The story stopped: {why}. See `bzpeer status`.") from error
