"""Following: given a followee, when an account follows or leaves, then these events."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profiles.domain.follows import FOLLOW_CAPS, Followee, decide_follow, decide_unfollow, evolve
from shared.errors import Conflict
from shared.events.base import AccountId, AuthorId
from shared.events.follows import FollowCreated, FollowRemoved
from shared.events.trust import VerificationLevel

ADA = Followee(followee_id=AuthorId("ada"))
BO = AccountId("bo")


def test_following_counts_one_more() -> None:
    followee = ADA.model_copy(update={"sequence": 8, "followers": 4})
    (event,) = decide_follow(followee, BO, following=False, follows=0, level="L0")
    assert event == FollowCreated(followee_id="ada", account_id=BO, followers=5)
    assert evolve(followee, event) == followee.model_copy(update={"sequence": 9, "followers": 5})


def test_leaving_counts_one_less() -> None:
    followee = ADA.model_copy(update={"sequence": 8, "followers": 4})
    (event,) = decide_unfollow(followee, BO, following=True)
    assert event == FollowRemoved(followee_id="ada", account_id=BO, followers=3)
    assert evolve(followee, event) == followee.model_copy(update={"sequence": 9, "followers": 3})


def test_following_twice_changes_nothing() -> None:
    assert decide_follow(ADA, BO, following=True, follows=1, level="L0") == ()


def test_leaving_twice_changes_nothing() -> None:
    assert decide_unfollow(ADA, BO, following=False) == ()


@pytest.mark.parametrize("level", FOLLOW_CAPS)
def test_each_level_has_its_cap(level: VerificationLevel) -> None:
    cap = FOLLOW_CAPS[level]
    assert decide_follow(ADA, BO, following=False, follows=cap - 1, level=level)
    with pytest.raises(Conflict) as refused:
        decide_follow(ADA, BO, following=False, follows=cap, level=level)
    assert refused.value.slug == "follow-cap-reached"
    assert f"{cap} is the most" in refused.value.detail


def test_caps_rise_with_the_level() -> None:
    assert [FOLLOW_CAPS[level] for level in ("L0", "L1", "L2", "L3", "L4", "L5")] == sorted(FOLLOW_CAPS.values())


def test_at_the_cap_following_again_and_leaving_are_still_harmless() -> None:
    assert decide_follow(ADA, BO, following=True, follows=200, level="L0") == ()
    assert decide_unfollow(ADA, BO, following=True)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans())))
def test_whatever_accounts_do_the_count_is_the_number_of_edges(steps: list[tuple[str, bool]]) -> None:
    followee, edges = ADA, set[str]()
    sequences = [0]
    for name, wants in steps:
        account, following = AccountId(name), name in edges
        events = (
            decide_follow(followee, account, following=following, follows=0, level="L0")
            if wants
            else decide_unfollow(followee, account, following=following)
        )
        assert len(events) == (wants != following)
        for event in events:
            followee = evolve(followee, event)
            sequences.append(followee.sequence)
        edges = edges | {name} if wants else edges - {name}
        assert followee.followers == len(edges)
    assert sequences == list(range(len(sequences)))
