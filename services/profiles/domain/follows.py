"""Follows: one aggregate per followee, with its follower count; how many an account may follow."""

from collections.abc import Iterable, Sequence
from typing import assert_never

from pydantic import BaseModel, ConfigDict

from shared.errors import Conflict
from shared.events.base import AccountId, AuthorId
from shared.events.follows import FollowCreated, FollowRemoved
from shared.events.trust import VerificationLevel

FOLLOW_CAPS: dict[VerificationLevel, int] = {"L0": 200, "L1": 200, "L2": 200, "L3": 2_000, "L4": 7_500, "L5": 7_500}

FollowEvents = Sequence[FollowCreated | FollowRemoved]


class Followee(BaseModel):
    """An author as somebody to follow: how many do, and how many events said so."""

    model_config = ConfigDict(frozen=True)

    followee_id: AuthorId
    sequence: int = 0
    followers: int = 0


def decide_follow(
    followee: Followee, account_id: AccountId, *, following: bool, follows: int, level: VerificationLevel
) -> FollowEvents:
    """FollowCreated, or nothing when the account follows already. Conflict at the cap of the account's level."""
    if following:
        return ()
    cap = FOLLOW_CAPS[level]
    if follows >= cap:
        raise Conflict(
            f"You follow {follows} researchers, and {cap} is the most at your verification level ({level}). "
            "Unfollow somebody first, or raise your level by claiming your own author record.",
            slug="follow-cap-reached",
        )
    return (FollowCreated(followee_id=followee.followee_id, account_id=account_id, followers=followee.followers + 1),)


def decide_unfollow(followee: Followee, account_id: AccountId, *, following: bool) -> FollowEvents:
    """FollowRemoved, or nothing when the account does not follow."""
    if not following:
        return ()
    return (FollowRemoved(followee_id=followee.followee_id, account_id=account_id, followers=followee.followers - 1),)


def decide_arrivals(followee: Followee, account_ids: Iterable[AccountId]) -> Sequence[FollowCreated]:
    """FollowCreated for each of these, whose follow comes from another record. No cap: they followed that one."""
    followers = enumerate(account_ids, followee.followers + 1)
    return [FollowCreated(followee_id=followee.followee_id, account_id=one, followers=n) for n, one in followers]


def decide_departures(followee: Followee, account_ids: Iterable[AccountId]) -> Sequence[FollowRemoved]:
    """FollowRemoved for each of these, who all follow."""
    followers = enumerate(account_ids, 1)
    return [
        FollowRemoved(followee_id=followee.followee_id, account_id=one, followers=followee.followers - n)
        for n, one in followers
    ]


def evolve(followee: Followee, event: FollowCreated | FollowRemoved) -> Followee:
    """The followee after the event."""
    match event:
        case FollowCreated() | FollowRemoved():
            return followee.model_copy(update={"sequence": followee.sequence + 1, "followers": event.followers})
        case _:
            assert_never(event)
