"""The pure heart of a view: fold a batch of events into one document, whatever is sent twice, late or too early."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Generic, TypeVar

from pydantic import BaseModel

from shared.events.base import Event
from shared.messaging.envelope import Envelope

V = TypeVar("V", bound=BaseModel)
Aside = dict[tuple[str, int], Envelope]

ASIDE_MOST = 100
"""Events kept aside in one document. Those after them are only heard of, and asked for again when their turn comes."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When and why a document settles: `cause` is the id of the last event folded, or what else led to it."""

    now: datetime
    cause: str


@dataclass(frozen=True)
class Projection(Generic[V]):
    """A view: which topics feed it and how an event changes a document.

    `name` is the name of its collection and of its consumer group. `apply` is pure; None as its answer empties the
    document. `settle`, called once per batch and document after folding, may derive values and answer with events of
    the service's own, which are appended in the transaction that writes the document; `resume` puts into a document
    the last such event (None: there was none yet), when it does not know it: it was rebuilt, or another process was
    first. `key` names the document that an event changes, by default the event's subject. A key may not take events of
    two subjects into one document. With a key, an inbox beside the view tells that an event is missing.
    """

    name: str
    topics: tuple[str, ...]
    model: type[V]
    apply: Callable[[V | None, Envelope], V | None]
    settle: Callable[[V, Moment], tuple[V, Sequence[Event]]] | None = None
    resume: Callable[[V, Envelope | None], V] | None = None
    tells: str | None = None
    """The topic of the events that `settle` answers with."""
    key: Callable[[Envelope], str] | None = None
    indexes: tuple[str, ...] = ()
    """Fields of the data to be found by, such as `slug`."""
    timed: tuple[str, ...] = ()
    """Fields (`settled.at`) that depend on when the document was settled, not on its events alone."""

    def __post_init__(self) -> None:
        if self.settle is not None and (self.resume is None or self.tells is None):
            raise ValueError(f"{self.name} tells of something: `resume` and `tells` have to say how it goes on")


@dataclass(frozen=True, slots=True)
class Slot(Generic[V]):
    """A document with its guards, by topic.

    `seen`: the last sequence applied. `heard`: a later one that there is. `aside`: events that came too early.
    `emitted`: how many events of its own the document has led to; None: not known, the log has to tell.
    """

    key: str
    revision: int = 0
    seen: Mapping[str, int] = field(default_factory=dict)
    heard: Mapping[str, int] = field(default_factory=dict)
    aside: tuple[Envelope, ...] = ()
    as_of: datetime | None = None
    value: V | None = None
    emitted: int | None = 0

    @property
    def is_stale(self) -> bool:
        """Whether there are events that the document does not have."""
        return bool(self.heard)

    def missing(self) -> list[tuple[str, int, int]]:
        """Topic, and the sequences after which and up to which events are missing next."""
        return [(topic, self.seen.get(topic, 0), self._before_aside(topic)) for topic in sorted(self.heard)]

    def _before_aside(self, topic: str) -> int:
        return min((one.sequence - 1 for one in self.aside if one.topic == topic), default=self.heard[topic])


@dataclass(frozen=True, slots=True)
class Folded(Generic[V]):
    """The slot after a batch, and the events that were applied, in order."""

    slot: Slot[V]
    applied: tuple[Envelope, ...]


def fold(projection: Projection[V], slot: Slot[V], envelopes: Iterable[Envelope]) -> Folded[V]:
    """Apply each event once and in order. Raises nothing but what `apply` raises."""
    if projection.key is not None:
        return _fold_latest(projection, slot, envelopes)
    ordered = order(slot, envelopes)
    if not ordered.applied:
        return ordered
    value = slot.value
    for place, envelope in enumerate(ordered.applied):
        try:
            value = projection.apply(value, envelope)
        except Exception:
            if envelope not in slot.aside:
                raise
            return _up_to(slot, value, ordered.applied[:place], ordered)
    return Folded(_with(ordered.slot, value), ordered.applied)


def order(slot: Slot[V], envelopes: Iterable[Envelope]) -> Folded[V]:
    """Take each event's turn without applying it: the slot's guards afterwards, and the events to be applied."""
    seen, heard = dict(slot.seen), dict(slot.heard)
    aside: Aside = {(one.topic, one.sequence): one for one in slot.aside}
    applied: list[Envelope] = []
    for envelope in envelopes:
        topic, sequence = envelope.topic, envelope.sequence
        done = seen.get(topic, 0)
        if sequence <= done:
            continue
        if sequence > done + 1:
            aside[topic, sequence] = envelope
            heard[topic] = max(sequence, heard.get(topic, 0))
            continue
        applied.append(envelope)
        seen[topic] = sequence
        while aside and (ready := aside.pop((topic, seen[topic] + 1), None)):
            applied.append(ready)
            seen[topic] = ready.sequence
    if heard:
        heard = {topic: sequence for topic, sequence in heard.items() if sequence > seen.get(topic, 0)}
    kept, as_of = _kept(aside, seen), _latest(slot.as_of, applied)
    return Folded(Slot(slot.key, slot.revision, seen, heard, kept, as_of, slot.value, slot.emitted), tuple(applied))


def _up_to(slot: Slot[V], value: V | None, applied: tuple[Envelope, ...], ordered: Folded[V]) -> Folded[V]:
    """Stop before an event that was kept aside and fails: it is not what came now that is wrong.

    All that is left is only heard of; when its owner sends it again, the event fails under its own name.
    """
    stopped = order(replace(slot, aside=()), applied).slot
    for topic, sequence in [*ordered.slot.seen.items(), *ordered.slot.heard.items()]:
        stopped = hear(stopped, topic, sequence)
    return Folded(_with(stopped, value), applied)


def hear(slot: Slot[V], topic: str, sequence: int) -> Slot[V]:
    """The slot that knows of an event which it may not have got."""
    if sequence <= max(slot.seen.get(topic, 0), slot.heard.get(topic, 0)):
        return slot
    return replace(slot, heard={**slot.heard, topic: sequence})


def _fold_latest(projection: Projection[V], slot: Slot[V], envelopes: Iterable[Envelope]) -> Folded[V]:
    """Apply what is later than what was applied: for documents that have only some of an aggregate's events."""
    seen, value = dict(slot.seen), slot.value
    applied = []
    for envelope in sorted(envelopes, key=lambda one: (one.topic, one.sequence)):
        if envelope.sequence > seen.get(envelope.topic, 0):
            value = projection.apply(value, envelope)
            seen[envelope.topic] = envelope.sequence
            applied.append(envelope)
    as_of = _latest(slot.as_of, applied)
    return Folded(replace(slot, seen=seen, value=value, as_of=as_of), tuple(applied))


def _kept(aside: Aside, seen: Mapping[str, int]) -> tuple[Envelope, ...]:
    if not aside:
        return ()
    waiting = sorted(place for place in aside if place[1] > seen.get(place[0], 0))
    return tuple(aside[place] for place in waiting[:ASIDE_MOST])


def _latest(before: datetime | None, applied: Iterable[Envelope]) -> datetime | None:
    latest = before
    for envelope in applied:
        if latest is None or envelope.time > latest:
            latest = envelope.time
    return latest


def _with(slot: Slot[V], value: V | None) -> Slot[V]:
    """As `dataclasses.replace`, in a fraction of its time: this is done for every event."""
    return Slot(slot.key, slot.revision, slot.seen, slot.heard, slot.aside, slot.as_of, value, slot.emitted)
