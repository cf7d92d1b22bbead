"""The notify service: what an account was told."""

from collections.abc import Sequence
from datetime import datetime

from services.gateway.clients.base import Model
from shared.events.notifications import NotificationCreated
from shared.http import ServiceClient


class NotifiedWork(Model):
    """The work that a notification is about."""

    work_id: str
    title: str
    year: int | None = None
    source: str = ""


class Reason(Model):
    """Why the notification came."""

    kind: str
    author_id: str | None = None
    author_name: str = ""
    slug: str | None = None


class Notification(Model):
    """One notification, the same in the inbox and in the live stream."""

    id: str
    kind: str
    work: NotifiedWork | None = None
    reason: Reason
    created_at: datetime
    state: str = "unseen"


class NotificationPage(Model):
    """Notifications, where the next ones begin, and how many are unseen in all."""

    items: tuple[Notification, ...] = ()
    next_cursor: str | None = None
    unseen: int = 0


def from_event(event: NotificationCreated) -> Notification:
    """The notification that the event announces, as the inbox would show it."""
    return Notification(
        id=event.notification_id,
        kind=event.kind,
        work=NotifiedWork.model_validate(event.work.model_dump()),
        reason=Reason.model_validate(event.reason.model_dump()),
        created_at=event.created_at,
    )


class NotifyClient:
    """Calls to the notify service for one account."""

    def __init__(self, http: ServiceClient) -> None:
        self._http = http

    async def notifications(
        self, account_id: str, *, cursor: str | None = None, limit: int = 20, after: str | None = None
    ) -> NotificationPage:
        """The newest first; with `after`, those that came later than that notification, the oldest first."""
        params: dict[str, str | int | None] = {"cursor": cursor, "limit": limit, "after": after}
        answer = await self._http.get_json("/notifications", account_id=account_id, params=params)
        return NotificationPage.model_validate(answer)

    async def mark_read(self, account_id: str, ids: Sequence[str] | None) -> None:
        """Mark these as read, or all of them for None."""
        body: dict[str, object] = {"all": True} if ids is None else {"ids": list(ids)}
        await self._http.send("POST", "/notifications/read", account_id=account_id, json=body)
