"""One account's live stream: what was missed, then what comes, each once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import anyio
import structlog
from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import SendTimeoutError
from starlette.types import Receive, Scope, Send

from services.gateway.caches import Bounded
from services.gateway.clients.notify import Notification, NotifyClient
from services.gateway.live import DROPPED, Subscription
from shared.errors import NotFound, Problem

FROM_THE_START = "start"
"""The resume id of an account that was never told anything."""
_REPLAY_PAGE = 100
_REMEMBERED = 5000
_RETRY_MS = 2000
_SEND_SECONDS = 30.0
_GOODBYE_SECONDS = 2.0
_log = structlog.get_logger()


class Stream:
    """The events of one connection. Its subscription exists before anything is read, so that nothing falls between
    what was missed and what comes; what comes both ways is given once."""

    def __init__(self, notify: NotifyClient, account_id: str, subscription: Subscription, lifetime: float) -> None:
        self._notify = notify
        self._account_id = account_id
        self._subscription = subscription
        self._lifetime = lifetime
        self._given: Bounded[str, bool] = Bounded(_REMEMBERED)
        self.closing = anyio.Event()
        """Set when this process is about to end: the reader is let go, and resumes elsewhere."""

    async def events(self, after: str | None) -> AsyncIterator[ServerSentEvent]:
        """Everything later than the notification `after`. Ends when the reader should come back and resume."""
        ending = asyncio.create_task(self._end_in_time(), name="stream-end")
        try:
            yield ServerSentEvent(retry=_RETRY_MS, id=None if after else await self._newest())
            async for notification in self._missed(after):
                yield self._event(notification)
            async for notification in self._subscription:
                if not self._given.get(notification.id):
                    yield self._event(notification)
        except Problem as problem:
            _log.warning("a live stream ends, to be resumed", reason=problem.detail)
        finally:
            ending.cancel()

    async def _end_in_time(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._lifetime):
                await self.closing.wait()
        self._subscription.end()

    def _event(self, notification: Notification) -> ServerSentEvent:
        self._given.put(notification.id, True)
        return ServerSentEvent(notification.model_dump_json(), event="notification", id=notification.id)

    async def _newest(self) -> str:
        """Where a reader without an id resumes, should it lose the connection before anything comes."""
        page = await self._notify.notifications(self._account_id, limit=1)
        return page.items[0].id if page.items else FROM_THE_START

    async def _missed(self, after: str | None) -> AsyncIterator[Notification]:
        if after == FROM_THE_START:
            first = await self._notify.notifications(self._account_id, limit=_REPLAY_PAGE)
            for notification in reversed(first.items):
                yield notification
            return
        while after is not None:
            try:
                page = await self._notify.notifications(self._account_id, after=after, limit=_REPLAY_PAGE)
            except NotFound:
                return  # an id that notify never gave or no longer has: what comes is all there is to give
            for notification in page.items:
                yield notification
            after = page.items[-1].id if len(page.items) == _REPLAY_PAGE else None


class StreamResponse(EventSourceResponse):
    """A live stream with a heartbeat; ends without an error when its reader no longer reads. `leave` is called last."""

    def __init__(self, stream: Stream, after: str | None, heartbeat_seconds: float, leave: Callable[[], None]) -> None:
        super().__init__(
            stream.events(after),
            ping=heartbeat_seconds,
            ping_message_factory=lambda: ServerSentEvent(comment="still here"),
            send_timeout=_SEND_SECONDS,
            shutdown_event=stream.closing,
            shutdown_grace_period=_GOODBYE_SECONDS,
        )
        self._leave = leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except SendTimeoutError:
            DROPPED.inc()
        finally:
            self._leave()
