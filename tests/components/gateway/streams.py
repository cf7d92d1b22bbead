"""Reading a live stream, and the notifications that it is about."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx2

from shared.events.base import AccountId, AuthorId, WorkId
from shared.events.notifications import FollowsAuthor, NotificationCreated, NotifiedWork
from shared.messaging.envelope import Envelope
from tests.components.gateway.conftest import SIGNED_IN
from tests.components.gateway.services import ME, Json

NOW = datetime(2024, 1, 5, tzinfo=UTC)


def created(notification_id: str, account_id: str = ME) -> Envelope:
    event = NotificationCreated(
        notification_id=notification_id,
        account_id=AccountId(account_id),
        work=NotifiedWork(work_id=WorkId("w"), title="A work", year=2024, source="arXiv"),
        reason=FollowsAuthor(author_id=AuthorId("a"), author_name="Hannah Lawrence", slug="hannah-lawrence"),
        created_at=NOW,
    )
    return Envelope(notification_id, "/bzpeer/notify", account_id, 1, NOW, event, None)


def stored(notification_id: str) -> Json:
    work = {"work_id": "w", "title": "A work", "year": 2024, "source": "arXiv"}
    reason = {"kind": "follows_author", "author_name": "Hannah Lawrence", "slug": "hannah-lawrence"}
    created_at = NOW.isoformat()
    return {"id": notification_id, "kind": "new_work", "work": work, "reason": reason, "created_at": created_at}


class Reader:
    """Reads a stream as a browser does: the last id stands until another one comes."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines
        self.last_id = ""

    async def next(self) -> str | None:
        """The id of the next event with data; None when the stream has ended."""
        data = False
        async for line in self._lines:
            name, _, value = line.partition(": ")
            if name == "id":
                self.last_id = value
            elif name == "data":
                data = True
            elif not line and data:
                return self.last_id
        return None

    async def comment(self) -> str | None:
        """The next comment; None when the stream has ended."""
        async for line in self._lines:
            if line.startswith(":"):
                return line
        return None

    async def opening(self) -> None:
        """Read the block that every stream begins with."""
        async for line in self._lines:
            if line.startswith("id: "):
                self.last_id = line.removeprefix("id: ")
            if not line:
                return


@asynccontextmanager
async def reading(url: str, after: str | None = None) -> AsyncIterator[Reader]:
    """A reader of the stream of the gateway at this address, resuming after this id."""
    headers = SIGNED_IN | ({"Last-Event-ID": after} if after else {})
    async with (
        httpx2.AsyncClient(trust_env=False, timeout=10) as client,
        client.stream("GET", f"{url}/api/notifications/stream", headers=headers) as response,
    ):
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in response.headers
        reader = Reader(response.aiter_lines())
        await reader.opening()
        yield reader
