"""The whole system as its users meet it: over HTTP, by the command, and by its mails."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2

from deploy.embedded.places import CHECKOUT
from deploy.embedded.stack import TemporaryStack
from tests.waiting import until

BZPEER = str(Path(sys.executable).parent / "bzpeer")


class System:
    """A running stack with all services."""

    def __init__(self, stack: TemporaryStack, traces: Path) -> None:
        self.stack = stack
        self.traces = traces
        self.url = stack.url("gateway")

    @property
    def env(self) -> Mapping[str, str]:
        """The environment of a command that talks to this stack."""
        return os.environ | dict(self.stack.env)

    def start_import(self, feed: Path) -> subprocess.Popen[str]:
        """`bzpeer import arxiv FILE` in a process of its own."""
        command = [BZPEER, "import", "arxiv", str(feed), "--json", "--wait"]
        return subprocess.Popen(
            command, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=CHECKOUT
        )

    def import_feed(self, feed: Path) -> dict[str, Any]:
        """Import, wait for all views, and answer what the command said."""
        return import_outcome(self.start_import(feed))

    async def get(self, path: str, **options: Any) -> Any:
        """An anonymous GET on the public API."""
        async with httpx2.AsyncClient(base_url=self.url) as client:
            answer = await client.get(path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    @asynccontextmanager
    async def signed_in(self, email: str) -> AsyncIterator[httpx2.AsyncClient]:
        """A client of somebody who signed in by the link in the mail; its writes carry the CSRF token."""
        async with httpx2.AsyncClient(base_url=self.url, timeout=10) as client:
            asked = await client.post("/api/auth/email", json={"email": email})
            assert asked.status_code == 202, asked.text
            link = await self.sign_in_link(email)
            opened = await client.post("/api/auth/session", json={"token": link.split("?")[0].rsplit("/", 1)[-1]})
            assert opened.status_code in {200, 201}, opened.text
            client.headers["X-CSRF-Token"] = client.cookies["bzpeer_csrf"]
            yield client

    async def sign_in_link(self, email: str) -> str:
        """The link in the newest mail to this address."""
        async with httpx2.AsyncClient(base_url=self.url) as client:

            async def mails() -> list[dict[str, Any]]:
                answer = await client.get("/dev/mailbox", params={"to": email}, headers={"Accept": "application/json"})
                found: list[dict[str, Any]] = answer.json()["items"]
                return found

            async def has_mail() -> bool:
                return bool(await mails())

            await until(has_mail, equals=True)
            links = (await mails())[0]["links"]
            return next(str(link) for link in links if "/sign-in/" in link)


def import_outcome(process: subprocess.Popen[str], seconds: float = 180) -> dict[str, Any]:
    """Wait for an import started before; fails with what it said if it failed."""
    out, err = process.communicate(timeout=seconds)
    assert process.returncode == 0, f"{out}\n{err}"
    outcome: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
    return outcome


async def notifications(client: httpx2.AsyncClient, last_event_id: str | None = None) -> AsyncIterator[dict[str, Any]]:
    """The live stream's notifications as they come."""
    headers = {"Last-Event-ID": last_event_id} if last_event_id else {}
    async with client.stream("GET", "/api/notifications/stream", headers=headers, timeout=60) as stream:
        assert stream.status_code == 200
        async for line in stream.aiter_lines():
            if line.startswith("data:"):
                yield json.loads(line.removeprefix("data:"))


PATIENT = {"BZPEER_PANEL_BUDGET_SECONDS": "10"}
"""For tests that are not about the budget of a panel: a busy machine makes no page incomplete."""
