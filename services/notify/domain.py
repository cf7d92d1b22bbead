"""What an account is told, and when: pure decisions."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from shared.events.authors import AuthorCredited
from shared.events.base import AccountId, AuthorId
from shared.events.notifications import FollowsAuthor, NotificationCreated, NotifiedWork
from shared.messaging.envelope import Envelope


class News(BaseModel):
    """A new work of one author: what followers are told, once each. `group` is the work whatever its version."""

    model_config = ConfigDict(frozen=True)

    group: str
    credited_at: datetime
    work: NotifiedWork
    author: FollowsAuthor

    @property
    def id(self) -> str:
        """One per author and work."""
        return f"{self.author.author_id}:{self.group}"


def news_in(envelope: Envelope) -> News | None:
    """The news in a credit, or None: backfill, updates and withdrawn works are none."""
    event = envelope.event
    if not isinstance(event, AuthorCredited) or not event.is_new or event.status != "current":
        return None
    author = FollowsAuthor(author_id=event.author_id, author_name=event.author_name, slug=event.slug)
    work = NotifiedWork(work_id=event.work_id, title=event.title, year=event.year, source=event.source)
    return News(group=event.version_group, credited_at=envelope.time, work=work, author=author)


def notification_id(account_id: str, group: str) -> str:
    """One per account and work, however many followed authors, sources and versions bring it."""
    return f"{account_id}:{group}"


def is_due(news: News, followed_since: datetime) -> bool:
    """Whether a follower hears of it: who followed later finds it on the page."""
    return followed_since <= news.credited_at


def decide_notifications(
    news: News, account_ids: Iterable[AccountId], told: Collection[str], now: datetime
) -> Sequence[NotificationCreated]:
    """One notification for each account that was not `told` (by notification id) of this work before."""
    ids = {account_id: notification_id(account_id, news.group) for account_id in account_ids}
    return [
        NotificationCreated(
            notification_id=id_, account_id=account_id, work=news.work, reason=news.author, created_at=now
        )
        for account_id, id_ in ids.items()
        if id_ not in told
    ]


class Followed(BaseModel):
    """One account's follow of one author. `since` is when the follow began, or ended if not `active`."""

    model_config = ConfigDict(frozen=True)

    followee_id: AuthorId
    account_id: AccountId
    active: bool
    since: datetime
