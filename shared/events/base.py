"""What every event is: a frozen model with a topic and the aggregate it speaks about."""

from functools import lru_cache
from typing import ClassVar, NewType

from pydantic import BaseModel, ConfigDict, create_model

AuthorId = NewType("AuthorId", str)
WorkId = NewType("WorkId", str)
SignatureId = NewType("SignatureId", str)
AccountId = NewType("AccountId", str)
ClaimId = NewType("ClaimId", str)


class Value(BaseModel):
    """A frozen part of an event. Fields that a newer writer added are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Event(Value):
    """Something that happened to one aggregate. The class name is its CloudEvents type."""

    topic: ClassVar[str]

    @property
    def subject(self) -> str:
        """The id of the aggregate: the CloudEvents subject and the Kafka key."""
        raise AssertionError(f"{type(self).__name__} names no subject")


@lru_cache
def unknown_event(topic: str) -> Event:
    """An event of a type that this release does not know: it has its place in the sequence, and says nothing."""
    made = create_model("Unknown", __base__=Event)
    made.topic = topic
    return made()
