"""/api/notifications: the inbox, and the live stream."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response
from pydantic import Field, model_validator

from services.gateway.api.common import PROBLEMS, Cursor, Limit, not_stored
from services.gateway.clients.base import Model
from services.gateway.clients.notify import NotificationPage
from services.gateway.gateway import ByAccount, ByWriter, Parts
from services.gateway.stream import Stream, StreamResponse

router = APIRouter(
    prefix="/api/notifications", tags=["Notifications"], responses=PROBLEMS, dependencies=[Depends(not_stored)]
)


class ReadRequest(Model):
    """Which notifications were read: these, or all of them."""

    ids: tuple[Annotated[str, Field(max_length=200)], ...] | None = Field(None, max_length=1000)
    all: bool = False

    @model_validator(mode="after")
    def _says_which(self) -> "ReadRequest":
        if (self.ids is None) != self.all:
            raise ValueError('send either {"ids": […]} or {"all": true}')
        return self


@router.get("")
async def list_notifications(
    parts: Parts,
    session: ByAccount,
    cursor: Cursor = None,
    limit: Limit = 20,
    after: Annotated[str | None, Query(max_length=200, description="Only what came later than this one")] = None,
) -> NotificationPage:
    """What the account was told, the newest first; with `after`, what came since, the oldest first."""
    return await parts.upstreams.notify.notifications(session.account_id, cursor=cursor, limit=limit, after=after)


@router.post("/read", status_code=204)
async def mark_read(body: ReadRequest, parts: Parts, session: ByWriter) -> None:
    """Mark notifications as read."""
    await parts.upstreams.notify.mark_read(session.account_id, None if body.all else body.ids)


@router.get("/stream", response_class=Response, responses={200: {"content": {"text/event-stream": {}}}})
async def stream_notifications(
    parts: Parts,
    session: ByAccount,
    last_event_id: Annotated[str | None, Header(max_length=200)] = None,
    after: Annotated[str | None, Query(max_length=200, description="As Last-Event-ID, for the first connect")] = None,
) -> Response:
    """New notifications as server-sent events: `event: notification`, `id` the notification's, `data` its JSON.

    Reconnecting with `Last-Event-ID` gives what was missed first, each once. A comment every 15 s keeps it open.
    """
    subscription = parts.hub.subscribe(session.account_id)
    stream = Stream(parts.upstreams.notify, session.account_id, subscription, parts.settings.stream_lifetime_seconds)
    return StreamResponse(
        stream,
        last_event_id or after,
        parts.settings.stream_heartbeat_seconds,
        leave=lambda: parts.hub.leave(session.account_id, subscription),
    )
