"""The profiles service on a real database, with a real SMTP server and a clock of our own."""

import email
import email.policy
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import httpx2
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI
from pydantic import SecretStr

from deploy.embedded.ports import free_ports
from services.profiles.main import PROFILES
from services.profiles.settings import ProfilesSettings
from services.profiles.views.people import PEOPLE
from shared.auth import Principal, internal_token
from shared.events.base import Event
from shared.messaging.eventlog import EVENTS, EventLog
from shared.messaging.views import Views
from shared.mongo import Document, Mongo
from shared.service import Parts, make_app
from tests.unit.profiles.given import envelopes, identified

KEY = "k" * 32
START = datetime(2026, 11, 24, 12, tzinfo=UTC)
_LINK = re.compile(r"http://127\.0\.0\.1:8000/sign-in/([\w-]+)(\S*)")


class Post:
    """An SMTP server's hands: keeps what it takes; refuses every mail with `answer` when there is one."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answer: str | None = None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.answer:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.SMTPUTF8))
        self.recipients += envelope.rcpt_tos
        return "250 OK"

    def link(self, place: int = -1) -> tuple[str, str]:
        """Token and query of the link in a mail."""
        text = self.mails[place].get_body(("plain",))
        assert text is not None
        found = _LINK.search(text.get_content())
        assert found is not None
        return found[1], found[2]


class Profiles:
    """The service's API and view, as other services meet it."""

    def __init__(self, mongo: Mongo, smtp_port: int) -> None:
        self.now = START
        self.mongo = mongo
        settings = ProfilesSettings(
            internal_key=SecretStr(KEY), smtp_port=smtp_port, public_url="http://127.0.0.1:8000/"
        )
        log = EventLog(mongo.database, "/test", self.clock)
        views = Views(mongo, log, self.clock)
        self.parts = Parts("profiles", settings, mongo, log, views, httpx2.AsyncClient(), self.clock)
        self.app: FastAPI = make_app(PROFILES, self.parts, ["api"])
        self.http = httpx2.AsyncClient(transport=httpx2.ASGITransport(self.app), base_url="http://profiles")

    def clock(self) -> datetime:
        return self.now

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    async def prepare(self) -> None:
        assert PROFILES.prepare is not None
        await self.parts.log.prepare()
        await PROFILES.prepare(self.parts)

    async def hear(self, *events: Event) -> None:
        await self.parts.views.fold(PEOPLE, envelopes(*events))

    async def ask(
        self, method: str, path: str, account: str | None = None, *, reviewer: bool = False, **options: Any
    ) -> httpx2.Response:
        """A request of the gateway for a visitor or an account."""
        token = internal_token(KEY, Principal(caller="gateway", account_id=account, reviewer=reviewer))
        headers = {"Authorization": f"Bearer {token}", **options.pop("headers", {})}
        return await self.http.request(method, path, headers=headers, **options)

    async def ask_link(self, address: str, onward: str | None = None) -> httpx2.Response:
        return await self.ask("POST", "/sign-in-links", json={"email": address, "next": onward})

    async def open_session(self, token: str) -> httpx2.Response:
        return await self.ask("POST", "/sessions", json={"token": token})

    async def current(self, session: str) -> httpx2.Response:
        return await self.ask("GET", "/sessions/current", headers={"X-Session": session})

    async def events(self, topic: str) -> list[Document]:
        found = await self.mongo.collection(EVENTS).find({"topic": topic}).to_list(None)
        return sorted(found, key=lambda one: (one["subject"], one["sequence"]))

    async def published(self, topic: str) -> list[tuple[str, int, str]]:
        return [(one["subject"], one["sequence"], one["type"]) for one in await self.events(topic)]


@pytest.fixture
def post() -> Iterator[Post]:
    taking = Post(free_ports(1)[0])
    controller = Controller(taking, hostname="127.0.0.1", port=taking.port, enable_SMTPUTF8=True)
    controller.start()
    yield taking
    controller.stop()


@pytest.fixture
async def profiles(mongo: Mongo, post: Post) -> AsyncIterator[Profiles]:
    service = Profiles(mongo, post.port)
    await service.prepare()
    await service.hear(identified("ada"), identified("bo"))
    yield service
    await service.http.aclose()
    await service.parts.http.aclose()
