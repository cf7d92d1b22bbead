"""The pure heart of a view: fold a batch of events into one document, whatever is sent twice, late or too early."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Generic, TypeVar

from pydantic import BaseModel

from shared.events.base import Event
from shared.messaging.envelope import Envelope

V = TypeVar("V", bound=BaseModel)


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
    the service's own, which are appended in the transaction that writes the document. `key` names the document
    that an event changes; by default the event's subject, and then the sequence guard also notices holes.
    """

    name: str
    topics: tuple[str, ...]
    model: type[V]
    apply: Callable[[V | None, Envelope], V | None]
    settle: Callable[[V, Moment], tuple[V, Sequence[Event]]] | None = None
    key: Callable[[Envelope], str] | None = None
    indexes: tuple[str, ...] = ()
    """Fields of the data to be found by, such as `slug`."""


@dataclass(frozen=True, slots=True)
class Slot(Generic[V]):
    """A document with its guards. `seen`: last sequence applied per topic; `aside`: events that came too early."""

    key: str
    revision: int = 0
    seen: dict[str, int] = field(default_factory=dict)
    aside: tuple[Envelope, ...] = ()
    as_of: datetime | None = None
    value: V | None = None
    emitted: int = 0


@dataclass(frozen=True, slots=True)
class Folded(Generic[V]):
    """The slot after a batch, the last event applied (None: nothing changed), and how many came too early."""

    slot: Slot[V]
    last: Envelope | None
    holes: int


def fold(projection: Projection[V], slot: Slot[V], envelopes: Iterable[Envelope]) -> Folded[V]:
    """Apply each event once and in order. Raises nothing but what `apply` raises."""
    strict = projection.key is None
    seen, value, last = dict(slot.seen), slot.value, slot.as_of
    aside = {(one.topic, one.sequence): one for one in slot.aside}
    applied: Envelope | None = None
    for envelope in envelopes:
        aside[envelope.topic, envelope.sequence] = envelope
        while (ready := _next(aside, seen, envelope.topic, strict=strict)) is not None:
            value = projection.apply(value, ready)
            seen[ready.topic] = ready.sequence
            applied, last = ready, max(ready.time, last) if last else ready.time
    _forget_applied(aside, seen)
    kept = tuple(sorted(aside.values(), key=lambda one: (one.topic, one.sequence)))
    known_aside = {(one.topic, one.sequence) for one in slot.aside}
    holes = sum((one.topic, one.sequence) not in known_aside for one in kept)
    return Folded(replace(slot, seen=seen, aside=kept, as_of=last, value=value), applied, holes)


def _next(aside: dict[tuple[str, int], Envelope], seen: dict[str, int], topic: str, *, strict: bool) -> Envelope | None:
    done = seen.get(topic, 0)
    if strict:
        return aside.pop((topic, done + 1), None)
    later = [sequence for of, sequence in aside if of == topic and sequence > done]
    return aside.pop((topic, min(later))) if later else None


def _forget_applied(aside: dict[tuple[str, int], Envelope], seen: dict[str, int]) -> None:
    for place in [(topic, sequence) for topic, sequence in aside if sequence <= seen.get(topic, 0)]:
        del aside[place]
