"""What a change of the events would break: for consumers of the last release, and for views rebuilt from older ones."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.events.compatibility import ABSENT, REQUIRED, Difference, new_data_for_old_readers, old_data_for_new_readers
from shared.events.contract import Contract
from shared.events.decoding import decode_event
from shared.events.topics import FOR_EVER
from shared.events.upcasters import UPCASTERS

HOW = "docs/adding-an-event.md"
Harm = Literal["older consumers", "older events", "order"]


class Break(BaseModel):
    """Something that a change would break.

    "older consumers": those of the last release may not be able to read what is written now. "older events": what was
    written before may be unreadable now, or mean something else. "order": one aggregate's events may no longer come in
    order. Each with the services that it would happen to.
    """

    model_config = ConfigDict(frozen=True)

    topic: str
    event: str | None
    path: str
    was: str
    now: str
    hurts: dict[Harm, tuple[str, ...]]
    instead: str


def breaks(last: Contract, now: Contract) -> list[Break]:
    """What `now` would break of `last`, by topic and event."""
    people = _People(last, now)
    found = list(_topic_breaks(last, now, people))
    for key, schema in sorted(last.schemas.items()):
        topic, _, ce_type = key.partition("/")
        if key in now.schemas:
            found += _schema_breaks(topic, ce_type, schema, now.schemas[key], people)
        elif (topic, ce_type) not in UPCASTERS:
            instead = f"Keep the class, or add an upcaster for ({topic!r}, {ce_type!r}) to shared/events/upcasters.py."
            found.append(_break(topic, ce_type, Difference("", "an event", "gone"), instead, people, rebuilds=True))
    known = {f"{each.topic}/{each.event}" for each in found if "older events" in each.hurts}
    for key, data in sorted(last.examples.items()):
        found += _example_breaks(key, data, people) if key not in known else ()
    return found


class _People:
    """Who reads a topic, and who rebuilds views from it, by both contracts."""

    def __init__(self, *contracts: Contract) -> None:
        self._specs = [contract.topics for contract in contracts]

    def readers(self, topic: str) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(reader for specs in self._specs for reader in specs.get(topic, {}).get("readers", ()))
        )

    def rebuilders(self, topic: str) -> tuple[str, ...]:
        owners = [specs[topic]["owner"] for specs in self._specs if topic in specs]
        return tuple(dict.fromkeys([*self.readers(topic), *owners]))


def _schema_breaks(
    topic: str, ce_type: str, old: Mapping[str, Any], new: Mapping[str, Any], people: _People
) -> Iterator[Break]:
    unreadable = new_data_for_old_readers(old, new)
    unsatisfied = old_data_for_new_readers(old, new)
    for difference in dict.fromkeys([*unreadable, *unsatisfied]):
        yield _break(
            topic,
            ce_type,
            difference,
            _instead(topic, difference),
            people,
            older=difference in unreadable,
            rebuilds=difference in unsatisfied,
        )


def _instead(topic: str, difference: Difference) -> str:
    stem, _, version = topic.rpartition(".v")
    following = f"make {stem}.v{int(version) + 1 if version.isdigit() else 2} with an upcaster from {topic} ({HOW})"
    if (difference.was, difference.now) == (ABSENT, REQUIRED):
        return f"Give it a default that is right for older events, or {following}."
    if difference.was == REQUIRED:
        return f"Keep it, required, and add what is new beside it; or {following}."
    return f"Leave it as it was and add an optional property beside it; or {following}."


def _topic_breaks(last: Contract, now: Contract, people: _People) -> Iterator[Break]:
    for name, spec in sorted(last.topics.items()):
        today_spec = now.topics.get(name)
        if today_spec is None:
            instead = "Keep it in shared/events/topics.py for what was written, also when there is a new version of it."
            yield _break(name, None, Difference("", "a topic", "gone"), instead, people, rebuilds=True)
            continue
        instead = f"Leave {name} as it is and make a new version of the topic ({HOW})."
        for field in ("key", "partitions"):
            if spec[field] != today_spec[field]:
                difference = Difference(field, str(spec[field]), str(today_spec[field]))
                yield _break(name, None, difference, instead, people, order=True)
        if _days(today_spec) < _days(spec):
            difference = Difference("retention_ms", str(spec["retention_ms"]), str(today_spec["retention_ms"]))
            yield _break(name, None, difference, "Keep its events as long as before.", people, rebuilds=True)


def _days(spec: Mapping[str, Any]) -> float:
    return float("inf") if spec["retention_ms"] == FOR_EVER else float(spec["retention_ms"])


def _example_breaks(key: str, data: Mapping[str, Any], people: _People) -> Iterator[Break]:
    topic, _, ce_type = key.partition("/")
    try:
        decode_event(topic, ce_type, json.dumps(data))
    except ValueError as error:
        instead = "Let the model, or its upcaster, read the example of the last release."
        yield _break(topic, ce_type, Difference("", "a readable example", _said(error)), instead, people, rebuilds=True)


def _said(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return f"not ({error})"
    first = error.errors(include_url=False)[0]
    return f"not ({'.'.join(map(str, first['loc']))}: {first['msg']})"


def _break(
    topic: str,
    ce_type: str | None,
    difference: Difference,
    instead: str,
    people: _People,
    *,
    older: bool = False,
    rebuilds: bool = False,
    order: bool = False,
) -> Break:
    hurts: dict[Harm, tuple[str, ...]] = {"older consumers": people.readers(topic)} if older else {}
    if rebuilds:
        hurts["older events"] = people.rebuilders(topic)
    if order:
        hurts["order"] = people.rebuilders(topic)
    return Break(
        topic=topic,
        event=ce_type,
        path=difference.path,
        was=difference.was,
        now=difference.now,
        hurts=hurts,
        instead=instead,
    )
