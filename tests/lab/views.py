"""The lab's views. Each keeps a chain of the ids it applied, so that a loss, a double or a wrong order shows."""

from collections.abc import Sequence
from hashlib import blake2b

from pydantic import BaseModel, ConfigDict

from shared.events.base import AuthorId
from shared.events.follows import FollowEvent
from shared.events.graph import CollaboratorsChanged
from shared.messaging.envelope import Envelope
from shared.messaging.folding import Moment, Projection
from tests.lab.behaviour import Behaviour

NUMBER_IN = {FollowEvent.topic: "followers", CollaboratorsChanged.topic: "collaborators"}
"""The field of a topic's events that the views keep."""


class Tally(BaseModel):
    """How many events of a subject were applied, the chain of their ids, and the number that the last one states."""

    model_config = ConfigDict(frozen=True)

    subject: str
    applied: int = 0
    chain: str = ""
    stated: int = 0
    told: int = 0
    """The last number that others were told of."""


def linked(chain: str, event_id: str) -> str:
    """The chain with one more link."""
    return blake2b(f"{chain}{event_id}".encode(), digest_size=12).hexdigest()


def count(tally: Tally | None, envelope: Envelope) -> Tally:
    """One event more."""
    before = tally or Tally(subject=envelope.subject)
    chain = linked(before.chain, envelope.id)
    return before.model_copy(update={"applied": before.applied + 1, "chain": chain, "stated": stated_by(envelope)})


def stated_by(envelope: Envelope) -> int:
    """The number in the event."""
    return int(getattr(envelope.event, NUMBER_IN[envelope.topic]))


def tell(tally: Tally, _: Moment) -> tuple[Tally, Sequence[CollaboratorsChanged]]:
    """Tell of the number of events whenever it grew: each number once, and never a smaller one after it."""
    if tally.applied == tally.told:
        return tally, ()
    told = CollaboratorsChanged(author_id=AuthorId(tally.subject), close=(), collaborators=tally.applied)
    return tally.model_copy(update={"told": tally.applied}), (told,)


def remember(tally: Tally, told: Envelope | None) -> Tally:
    """What was told last, as the log has it."""
    return tally.model_copy(update={"told": stated_by(told) if told else Tally.model_fields["told"].default})


def tally_of(behaviour: Behaviour) -> Projection[Tally]:
    """The count as a release of this behaviour keeps it."""

    def apply(tally: Tally | None, envelope: Envelope) -> Tally:
        behaviour.check(envelope.subject)
        return count(tally, envelope)

    return Projection("graph.tally.v1", ("follows.v1",), Tally, apply)


TALLY = tally_of(Behaviour())
TELLING = Projection("graph.telling.v1", ("follows.v1",), Tally, count, tell, remember, tells="graph.v1")
"""Counts, and tells of it by events of its own."""
RETOLD = Projection("graph.retold.v1", ("graph.v1",), Tally, count)
"""Counts what was told."""
VIEWS = (TALLY, TELLING, RETOLD)
EFFECTS = "graph.effects.v1"
"""The group of the side effect: a number that grows by one for each event."""
