"""What is news, to whom, and how often."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain import Followed, decide_notifications, is_due, news_in, notification_id
from services.notify.views.followers import FOLLOWERS
from shared.events.authors import AuthorCredited, AuthorUncredited
from shared.events.base import AccountId, AuthorId, Event, SignatureId, WorkId
from shared.events.follows import FollowCreated, FollowRemoved
from shared.messaging.envelope import Envelope
from shared.messaging.folding import Slot, fold

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
READER, OTHER = AccountId("reader"), AccountId("other")
CREDIT = AuthorCredited(
    author_id=AuthorId("ada"),
    author_name="Ada",
    slug="ada",
    work_id=WorkId("w1"),
    signature_id=SignatureId("s1"),
    position=1,
    byline_size=1,
    kind="preprint",
    source="arXiv",
    source_class="moderated",
    year=2026,
    published_on=date(2026, 11, 24),
    is_new=True,
    title="On one",
    topics=(),
    coauthors=(),
    version_group="w1",
    kappa=0.99,
)


def envelope(event: Event, sequence: int = 1) -> Envelope:
    at = START + timedelta(minutes=sequence)
    return Envelope(f"{event.subject}-{sequence}", "/test", event.subject, sequence, at, event)


@pytest.mark.parametrize("change", [{"is_new": False}, {"status": "withdrawn"}, {"status": "retracted"}], ids=str)
def test_backfill_and_what_was_taken_back_is_no_news(change: dict[str, object]) -> None:
    assert news_in(envelope(CREDIT.model_copy(update=change))) is None


def test_an_author_who_is_no_longer_named_is_no_news() -> None:
    assert news_in(envelope(AuthorUncredited(author_id=AuthorId("ada"), work_id=WorkId("w1"), kappa=0.9))) is None


def test_a_new_work_is_told_to_each_once_with_the_reason() -> None:
    news = news_in(envelope(CREDIT))
    assert news is not None
    told = {notification_id(OTHER, "w1")}
    events = decide_notifications(news, [READER, OTHER, READER], told, START)
    assert [(event.account_id, event.reason.author_name, event.work.title) for event in events] == [
        (READER, "Ada", "On one")
    ]


def test_only_who_followed_before_the_credit_hears_of_it() -> None:
    news = news_in(envelope(CREDIT))
    assert news is not None
    assert is_due(news, news.credited_at)
    assert not is_due(news, news.credited_at + timedelta(milliseconds=1))


@given(st.lists(st.booleans(), min_size=1, max_size=8), st.data())
def test_a_follow_ends_as_the_last_event_says_however_they_are_sent(states: list[bool], data: st.DataObject) -> None:
    kinds = {True: FollowCreated, False: FollowRemoved}
    envelopes = [
        envelope(kinds[state](followee_id="ada", account_id=READER, followers=1), sequence)
        for sequence, state in enumerate(states, start=1)
    ]
    sent = envelopes + data.draw(st.lists(st.sampled_from(envelopes), max_size=6))
    cut = data.draw(st.integers(0, len(sent)))
    slot: Slot[Followed] = Slot("ada:reader")
    for batch in (sent[:cut], sent[cut:]):
        slot = fold(FOLLOWERS, slot, batch).slot
    assert slot.value is not None
    assert slot.value.active is states[-1]
    assert slot.value.since == envelopes[-1].time
