"""What the reader of a page may do, and why not."""

from datetime import UTC, datetime, timedelta

import pytest

from services.profiles.domain.claims import Record
from services.profiles.domain.page import Badge, badges_of, decide_viewer, default_headline
from shared.events.base import AccountId, AuthorId

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PAST, FUTURE = NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)
ADA, BO = AccountId("ada"), AccountId("bo")


def record(author: str = "ada-record", holder: AccountId | None = None, counts_from: datetime | None = None) -> Record:
    status = "unclaimed" if holder is None else "claimed" if counts_from else "pending"
    return Record(author_id=AuthorId(author), status=status, account_id=holder, counts_from=counts_from)


UNCLAIMED, PENDING = record(), record(holder=ADA)
CLAIMED, FRESH = record(holder=ADA, counts_from=NOW), record(holder=ADA, counts_from=FUTURE)
BOS, BOS_FRESH = record("bo-record", BO, PAST), record("bo-record", BO, FUTURE)


@pytest.mark.parametrize(
    ("shown", "reader", "own", "block"),
    [
        (UNCLAIMED, None, [], "unclaimed"),
        (UNCLAIMED, BO, [BOS], "unclaimed"),
        (PENDING, None, [], "unclaimed"),
        (PENDING, ADA, [], "unclaimed"),
        (CLAIMED, None, [], "sign_in"),
        (CLAIMED, ADA, [CLAIMED], "own_record"),
        (CLAIMED, BO, [], "no_claim"),
        (CLAIMED, BO, [BOS_FRESH], "tripwire"),
        (FRESH, BO, [BOS], "tripwire"),
        (CLAIMED, BO, [BOS_FRESH, BOS], "not_available"),
        (CLAIMED, BO, [BOS], "not_available"),
    ],
)
def test_who_may_invite(shown: Record, reader: AccountId | None, own: list[Record], block: str) -> None:
    viewer = decide_viewer(shown, reader, following=False, own_records=own, now=NOW)
    assert (viewer.can_invite, viewer.invite_blocked_by) == (False, block)


@pytest.mark.parametrize("reader", [None, ADA, BO])
def test_what_nobody_holds_may_be_claimed_and_nothing_else(reader: AccountId | None) -> None:
    may = [
        decide_viewer(shown, reader, following=False, own_records=[], now=NOW).can_claim
        for shown in (UNCLAIMED, PENDING, CLAIMED, FRESH)
    ]
    assert may == [True, False, False, False]


def test_the_reader_sees_whether_they_follow() -> None:
    assert decide_viewer(UNCLAIMED, BO, following=True, own_records=[], now=NOW).following
    assert not decide_viewer(UNCLAIMED, BO, following=False, own_records=[], now=NOW).following


@pytest.mark.parametrize(
    ("affiliations", "badges"),
    [
        ((), ["researcher", "affiliation_not_imported", "open_to_collaborate"]),
        (("ETH",), ["researcher", "open_to_collaborate"]),
    ],
)
def test_badges_say_when_no_affiliation_is_known(affiliations: tuple[str, ...], badges: list[Badge]) -> None:
    assert badges_of(affiliations) == badges


def test_the_headline_of_whoever_wrote_none_is_their_name_in_a_sentence() -> None:
    assert default_headline("Ada Example").startswith("Ada Example contributes to ")
