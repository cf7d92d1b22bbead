"""The live hub: hands each notification to the open streams of its account, on this replica."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from prometheus_client import Counter, Gauge

from services.gateway.clients.notify import Notification, from_event
from shared.errors import TooMany
from shared.events.notifications import NotificationCreated
from shared.messaging.envelope import Envelope

STREAMS = Gauge("bzpeer_live_streams", "Open live streams")
DROPPED = Counter("bzpeer_live_streams_dropped_total", "Live streams ended because their reader was too slow")


class Subscription:
    """What waits for one stream. A reader that lets more wait than there is room for is dropped."""

    def __init__(self, room: int) -> None:
        self._waiting: asyncio.Queue[Notification | None] = asyncio.Queue(room + 1)
        self._room = room
        self.is_ended = False

    def offer(self, notification: Notification) -> None:
        """Add the notification, or drop the reader if there is no room."""
        if self.is_ended:
            return
        if self._waiting.qsize() >= self._room:
            DROPPED.inc()
            self.end()
        else:
            self._waiting.put_nowait(notification)

    def end(self) -> None:
        """Take no more, and let the stream end after what waits already."""
        if not self.is_ended:
            self.is_ended = True
            self._waiting.put_nowait(None)

    async def __aiter__(self) -> AsyncIterator[Notification]:
        """Notifications as they come; ends after the last one that there was room for."""
        while (notification := await self._waiting.get()) is not None:
            yield notification


class Hub:
    """The open streams by account. It lives in the event loop's thread alone."""

    def __init__(self, room: int, streams_per_account: int) -> None:
        self._room = room
        self._limit = streams_per_account
        self._streams: dict[str, set[Subscription]] = {}

    def subscribe(self, account_id: str) -> Subscription:
        """A subscription that gets every notification of the account from now until it leaves."""
        if self.streams_of(account_id) >= self._limit:
            raise TooMany(f"This account has {self._limit} live streams open. Close one of them.", retry_after=60)
        subscription = Subscription(self._room)
        self._streams.setdefault(account_id, set()).add(subscription)
        STREAMS.inc()
        return subscription

    def leave(self, account_id: str, subscription: Subscription) -> None:
        """Give this subscription nothing more. Leaving twice is harmless."""
        mine = self._streams.get(account_id, set())
        if subscription in mine:
            mine.remove(subscription)
            STREAMS.dec()
        if not mine:
            self._streams.pop(account_id, None)

    def end(self, account_id: str) -> None:
        """End the account's streams. Readers whose session goes on come back and resume."""
        for subscription in self._streams.get(account_id, ()):
            subscription.end()

    def streams_of(self, account_id: str) -> int:
        """How many streams the account has open here."""
        return len(self._streams.get(account_id, ()))

    async def deliver(self, envelopes: Sequence[Envelope]) -> None:
        """Hand out what the events announce."""
        for envelope in envelopes:
            event = envelope.event
            if isinstance(event, NotificationCreated):
                for subscription in self._streams.get(event.account_id, ()):
                    subscription.offer(from_event(event))
