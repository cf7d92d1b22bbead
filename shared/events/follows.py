"""follows.v1: who follows whom, by account id. Owner: profiles. Subject: the followee."""

from typing import ClassVar, Literal

from shared.events.base import AccountId, Event


class FollowEvent(Event):
    """An event of one followee's followers. `followers` is their number after the event."""

    topic: ClassVar[str] = "follows.v1"

    followee_id: str
    followee_kind: Literal["author"] = "author"
    account_id: AccountId
    followers: int

    @property
    def subject(self) -> str:
        return self.followee_id


class FollowCreated(FollowEvent):
    """An account follows the followee from now on."""


class FollowRemoved(FollowEvent):
    """An account follows the followee no more."""
