"""Every view there is: duplicated, re-batched and interleaved over subjects, its events make what one fold makes."""

import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

import services
from shared.events.base import AccountId, AuthorId, ClaimId, Event, WorkId
from shared.events.examples import EXAMPLES
from shared.events.registry import EVENT_TYPES
from shared.events.works import WorkRetracted, WorkUpdated
from shared.messaging.envelope import Envelope
from shared.messaging.folding import Moment, Projection, Slot, fold, order
from shared.messaging.rebuilding import without

START = datetime(2026, 1, 1, tzinfo=UTC)
LATER = START + timedelta(days=400)
SUBJECTS = ("s1", "s2", "s3")
Batches = list[list[Envelope]]

for kind in (AuthorId, WorkId, AccountId, ClaimId):
    st.register_type_strategy(kind, st.sampled_from([kind(one) for one in SUBJECTS]))
st.register_type_strategy(datetime, st.datetimes(datetime(2020, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
st.register_type_strategy(float, st.floats(0, 1).map(lambda number: round(number, 6)))
st.register_type_strategy(str, st.text("ab ", max_size=3))


def views() -> list[Projection[Any]]:
    """Whatever stands in the modules of the services' views."""
    found: dict[str, Projection[Any]] = {}
    for module in pkgutil.walk_packages(services.__path__, "services."):
        if ".views." in module.name:
            members = vars(importlib.import_module(module.name)).values()
            found |= {one.name: one for one in members if isinstance(one, Projection)}
    return list(found.values())


def subject_field(event: type[Event]) -> str:
    """The field that the subject of an event stands in."""
    example = next(one for one in EXAMPLES if type(one) is event)
    return next(name for name, value in example if value == example.subject)


def events_about(topic: str, subject: str) -> st.SearchStrategy[list[Event]]:
    """Some events of one aggregate."""
    kinds = [event for event in EVENT_TYPES.values() if event.topic == topic]
    return st.lists(st.one_of(*(any_event(kind, subject) for kind in kinds)), max_size=5)


def any_event(kind: type[Event], subject: str) -> st.SearchStrategy[Event]:
    """An event of this kind. What may be left out is left out or said: `merged_into`, `status` …"""
    optional: dict[str, st.SearchStrategy[Any]] = {
        name: st.just(field.get_default()) | st.from_type(cast("type[Any]", field.annotation))
        for name, field in kind.model_fields.items()
        if field.annotation is not None and not field.is_required()
    }
    return st.builds(kind, **{**optional, subject_field(kind): st.just(subject)})


def history(topic: str, subject: str, events: Iterable[Event]) -> list[Envelope]:
    return [
        Envelope(f"{topic}/{subject}/{n}", "/test", subject, n, START + timedelta(minutes=n), event)
        for n, event in enumerate(events, start=1)
    ]


@st.composite
def histories(draw: st.DrawFn, projection: Projection[Any]) -> list[list[Envelope]]:
    """The events of a few subjects, a list for each topic and subject."""
    return [
        history(topic, subject, draw(events_about(topic, subject)))
        for topic in projection.topics
        for subject in SUBJECTS
    ]


@st.composite
def deliveries(draw: st.DrawFn, whole: list[list[Envelope]]) -> Batches:
    """All of the events in any order, some of them several times, cut into batches."""
    envelopes = [one for each in whole for one in each]
    again = draw(st.lists(st.sampled_from(envelopes), max_size=8)) if envelopes else []
    sent = draw(st.permutations(envelopes + again))
    cuts = sorted(draw(st.sets(st.integers(0, len(sent)), max_size=6)))
    return [sent[start:end] for start, end in zip([0, *cuts], [*cuts, len(sent)], strict=True)]


class Kept:
    """A view kept in memory, folded and settled as the machinery does it."""

    def __init__(self, projection: Projection[Any]) -> None:
        self.projection = projection
        self.slots: dict[str, Slot[Any]] = {}
        self.inbox: dict[str, Slot[Any]] = {}
        self.told: dict[str, list[Event]] = defaultdict(list)

    def take(self, batch: Sequence[Envelope]) -> None:
        ready = batch if self.projection.key is None else self._in_turn(batch)
        grouped: dict[str, list[Envelope]] = defaultdict(list)
        for one in ready:
            grouped[self.projection.key(one) if self.projection.key else one.subject].append(one)
        for key, envelopes in grouped.items():
            folded = fold(self.projection, self.slots.get(key, Slot(key)), envelopes)
            self.slots[key] = self._settled(folded.slot) if folded.applied else folded.slot

    def _in_turn(self, batch: Sequence[Envelope]) -> list[Envelope]:
        ready: list[Envelope] = []
        for one in batch:
            ordered = order(self.inbox.get(one.subject, Slot(one.subject)), [one])
            self.inbox[one.subject] = ordered.slot
            ready += ordered.applied
        return ready

    def _settled(self, slot: Slot[Any]) -> Slot[Any]:
        if self.projection.settle is None or slot.value is None:
            return slot
        value, events = self.projection.settle(slot.value, Moment(LATER, "cause"))
        self.told[slot.key] += events
        return replace(slot, value=value)

    def content(self) -> Mapping[str, object]:
        return {
            key: (slot.seen, slot.aside, slot.heard, slot.as_of, self._data(slot.value))
            for key, slot in self.slots.items()
        }

    def _data(self, value: BaseModel | None) -> object:
        if value is None:
            return None
        return without(value.model_dump(mode="json"), self.projection.timed)

    def owed(self) -> Mapping[str, Sequence[Event]]:
        """What would still have to be told, if each document knew only what was told last."""
        owed = {}
        for key, slot in self.slots.items():
            if self.projection.settle is not None and self.projection.resume is not None and slot.value is not None:
                value = self.projection.resume(slot.value, self._last(key))
                owed[key] = self.projection.settle(value, Moment(LATER, "cause"))[1]
        return {key: events for key, events in owed.items() if events}

    def _last(self, key: str) -> Envelope | None:
        events = self.told[key]
        return history(events[-1].topic, key, events)[-1] if events else None


@pytest.mark.parametrize("projection", views(), ids=lambda projection: projection.name)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_any_duplication_batching_and_interleaving_equals_one_fold(
    projection: Projection[Any], data: st.DataObject
) -> None:
    whole = data.draw(histories(projection))
    once, sent = Kept(projection), Kept(projection)
    once.take([one for each in whole for one in each])
    for batch in data.draw(deliveries(whole)):
        sent.take(batch)
    assert sent.content() == once.content()
    assert sent.owed() == once.owed() == {}


def test_there_are_views() -> None:
    assert len(views()) >= 5


@pytest.mark.parametrize(
    ("kind", "field", "wanted"),
    [(WorkUpdated, "merged_into", "s2"), (WorkUpdated, "merged_into", None), (WorkRetracted, "status", "retracted")],
)
def test_works_go_away_and_come_back_among_the_events(kind: type[Event], field: str, wanted: object) -> None:
    find(any_event(kind, SUBJECTS[0]), lambda event: getattr(event, field) == wanted)
