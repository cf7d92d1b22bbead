"""The owners of topics, asked by those who read them: what there is, and to publish events again."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

import httpx2
from pydantic import BaseModel, Field

from shared.events.topics import TOPICS
from shared.http import ServiceClient
from shared.messaging.eventlog import Heads, Wanted
from shared.settings import ServiceSettings

MOST_WANTED = 1000
_SECONDS = 20.0


class WantedEvents(BaseModel):
    """The body of `POST /resync`; None stands for all."""

    topic: str | None = None
    subject: str | None = None
    after: int = Field(0, ge=0)
    upto: int | None = None


class Resync(BaseModel):
    """What is to be published again."""

    wanted: list[WantedEvents] = Field(max_length=MOST_WANTED)


class PublishedHeads(BaseModel):
    """The answer of `GET /heads`: how far each aggregate's events go, and where to go on (None: at the end)."""

    sequences: dict[str, int]
    last: str | None
    more: bool


class Owners(Protocol):
    """Whoever publishes topics."""

    async def publish_again(self, topic: str, wanted: Sequence[Wanted]) -> None:
        """Have these events of the topic published again."""

    async def heads(self, topic: str, after: str, limit: int) -> Heads:
        """How far the topic's aggregates go whose events come after one event of its owner's log."""


class _OverHttp:
    def __init__(self, clients: dict[str, ServiceClient]) -> None:
        self._clients = clients

    async def publish_again(self, topic: str, wanted: Sequence[Wanted]) -> None:
        body = Resync(wanted=[WantedEvents(**one._asdict()) for one in wanted])
        await self._clients[topic].send("POST", "/resync", json=body.model_dump(), seconds=_SECONDS)

    async def heads(self, topic: str, after: str, limit: int) -> Heads:
        params: dict[str, str | int | None] = {"topic": topic, "after": after, "limit": limit}
        answer = await self._clients[topic].get_json("/heads", params=params, seconds=_SECONDS)
        return Heads(**PublishedHeads.model_validate(answer).model_dump())


@asynccontextmanager
async def owners_over_http(settings: ServiceSettings) -> AsyncIterator[Owners]:
    """The owners as the table of topics names them and the settings place them. They raise Problem."""
    key = settings.internal_key.get_secret_value()
    async with httpx2.AsyncClient() as http:
        yield _OverHttp(
            {spec.name: ServiceClient(getattr(settings, f"{spec.owner}_url"), key, "healing", http) for spec in TOPICS}
        )
