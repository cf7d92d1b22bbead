"""notifications.v1: what an account is told. Owner: notify. Subject: the account."""

from datetime import datetime
from typing import ClassVar, Literal

from shared.events.base import AccountId, AuthorId, Event, Value, WorkId


class NotifiedWork(Value):
    """The work that a notification is about."""

    work_id: WorkId
    title: str
    year: int
    source: str


class FollowsAuthor(Value):
    """Why it came: the account follows this author."""

    kind: Literal["follows_author"] = "follows_author"
    author_id: AuthorId
    author_name: str
    slug: str


class NotificationCreated(Event):
    """An account is told of a new work, once."""

    topic: ClassVar[str] = "notifications.v1"

    notification_id: str
    account_id: AccountId
    kind: Literal["new_work"] = "new_work"
    work: NotifiedWork
    reason: FollowsAuthor
    created_at: datetime

    @property
    def subject(self) -> str:
        return self.account_id
