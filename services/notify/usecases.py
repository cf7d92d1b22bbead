"""What notify does: tell followers of new works, once each, whichever of follow and credit is seen first."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from services.notify.domain import Followed, News, decide_notifications, is_due, news_in, notification_id
from services.notify.store import NotifyStore
from services.notify.views.followers import FOLLOWERS
from shared.clock import Clock
from shared.events.base import AccountId, AuthorId
from shared.events.follows import FollowCreated
from shared.messaging.envelope import Envelope
from shared.messaging.eventlog import Append, EventLog
from shared.messaging.views import Views
from shared.mongo import IN_CHUNK, Mongo, Session, chunks
from shared.telemetry import span


class Notify:
    """The service's use cases. Each may be repeated, and stopped anywhere: what was done is not done again.

    A follow and a credit come on different topics, in any order. Whoever handles one first writes it (the follow, the
    news) and then reads the other's, so that at least one of the two sees both.
    """

    def __init__(self, mongo: Mongo, log: EventLog, views: Views, store: NotifyStore, clock: Clock) -> None:
        self._mongo = mongo
        self._log = log
        self._views = views
        self._store = store
        self._clock = clock

    async def tell_followers(self, envelopes: Sequence[Envelope]) -> None:
        """Tell the followers of each credited author of what is new."""
        found = [(news, one.traceparent) for one in envelopes if (news := news_in(one))]
        await self._store.remember_news(news for news, _ in found)
        traces = {news.id: traceparent for news, traceparent in found}
        by_author = defaultdict(list)
        for news in await self._store.news_as_remembered(traces):
            by_author[news.author.author_id].append(news)
        async for page in self._store.followers_of(list(by_author)):
            for author_id, followers in _by_followee(page).items():
                for news in by_author[author_id]:
                    due = [one.account_id for one in followers if is_due(news, one.since)]
                    await self._ensure_told(news, due, traces[news.id])

    async def tell_new_followers(self, envelopes: Sequence[Envelope]) -> None:
        """Tell new followers of works that were credited after they followed."""
        await self._views.fold_now(FOLLOWERS, envelopes)
        created = [(one, one.event) for one in envelopes if isinstance(one.event, FollowCreated)]
        by_author = defaultdict(list)
        for news in await self._store.news_of({event.followee_id for _, event in created}):
            by_author[str(news.author.author_id)].append(news)
        for envelope, event in created:
            for news in by_author[event.followee_id]:
                if is_due(news, envelope.time) and await self._still_follows(event):
                    await self._ensure_told(news, [event.account_id], envelope.traceparent)

    async def _still_follows(self, event: FollowCreated) -> bool:
        follow = await self._views.get(FOLLOWERS, f"{event.followee_id}:{event.account_id}")
        return follow is not None and follow.value.active

    async def _ensure_told(self, news: News, account_ids: Iterable[AccountId], traceparent: str | None) -> None:
        wanted = {notification_id(account_id, news.group): account_id for account_id in account_ids}
        for chunk in chunks(list(wanted), IN_CHUNK):
            told = await self._store.told(chunk)
            untold = [wanted[id_] for id_ in chunk if id_ not in told]
            if untold:
                with span("tell followers", parent=traceparent):
                    await self._tell(news, untold)

    async def _tell(self, news: News, account_ids: Sequence[AccountId]) -> None:
        ids = [notification_id(account_id, news.group) for account_id in account_ids]

        async def work(session: Session) -> None:
            told = await self._store.told(ids, session)
            events = decide_notifications(news, account_ids, told, self._clock())
            if not events:
                return
            numbers = await self._store.numbers([event.account_id for event in events], session)
            numbered = [(numbers.get(event.account_id, 0) + 1, event) for event in events]
            await self._store.add(session, numbered)
            await self._log.append(
                session, [Append(event.topic, event.account_id, number - 1, [event]) for number, event in numbered]
            )

        await self._mongo.transaction(work)


def _by_followee(followers: Iterable[Followed]) -> dict[AuthorId, list[Followed]]:
    grouped = defaultdict(list)
    for follower in followers:
        grouped[follower.followee_id].append(follower)
    return grouped
