"""Follows: each counts once, whatever is repeated, up to a cap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profiles.domain.follows import FOLLOW_CAPS, Followee, decide_follow, decide_unfollow, evolve
from shared.errors import Conflict
from shared.events.base import AccountId, AuthorId
from shared.events.follows import FollowCreated, FollowRemoved
from shared.events.trust import VerificationLevel

ADA = Followee(followee_id=AuthorId("ada"))
READER = AccountId("reader")
COMMANDS = st.lists(st.tuples(st.sampled_from(["follow", "unfollow"]), st.sampled_from("abcd").map(AccountId)))


def test_a_first_follow_is_counted() -> None:
    events = decide_follow(ADA, READER, following=False, follows=0, level="L0")
    assert events == (FollowCreated(followee_id="ada", account_id=READER, followers=1),)


def test_following_twice_changes_nothing_even_at_the_cap() -> None:
    assert decide_follow(ADA, READER, following=True, follows=200, level="L0") == ()


def test_unfollowing_whom_one_does_not_follow_changes_nothing() -> None:
    assert decide_unfollow(ADA, READER, following=False) == ()


@pytest.mark.parametrize(("level", "cap"), [("L0", 200), ("L2", 200), ("L3", 2_000), ("L4", 7_500), ("L5", 7_500)])
def test_the_cap_grows_with_the_level(level: VerificationLevel, cap: int) -> None:
    assert FOLLOW_CAPS[level] == cap
    assert decide_follow(ADA, READER, following=False, follows=cap - 1, level=level)
    with pytest.raises(Conflict, match=str(cap)):
        decide_follow(ADA, READER, following=False, follows=cap, level=level)


@given(COMMANDS)
def test_whatever_accounts_do_the_count_is_those_who_follow(commands: list[tuple[str, AccountId]]) -> None:
    followee, followers, told = ADA, set[AccountId](), list[FollowCreated | FollowRemoved]()
    for command, account in commands:
        following = account in followers
        events = (
            decide_follow(followee, account, following=following, follows=0, level="L0")
            if command == "follow"
            else decide_unfollow(followee, account, following=following)
        )
        for event in events:
            followee = evolve(followee, event)
            told.append(event)
        (followers.add if command == "follow" else followers.discard)(account)
        assert followee.followers == len(followers)
    assert followee.sequence == len(told)
