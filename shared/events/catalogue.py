"""The catalogue of events for people, `docs/events.md`, generated from the table of topics and the models."""

import re
import types
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from inspect import getdoc
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from shared.events.base import Event, Value
from shared.events.registry import EVENT_TYPES
from shared.events.schemas import schema_path
from shared.events.topics import FOR_EVER, TOPICS, TopicSpec
from shared.events.upcasters import UPCASTERS

_DAY_MS = 86_400_000
_PLAIN = {str: "text", int: "integer", float: "number", bool: "true or false", datetime: "time", date: "date"}

_HEAD = """# Events

Written by `bzpeer docs` from the code: change [shared/events](../shared/events), not this page.
How to add an event, or to change one: [adding-an-event.md](adding-an-event.md).

An event is a fact about one aggregate, its *subject*, whose id is also the Kafka key: one aggregate's events stay in
order. On the wire it is a [CloudEvent](https://cloudevents.io) in Kafka's binary mode. The value is the event as JSON;
the rest is in headers:

| header | |
|---|---|
| `ce_id` | a UUIDv7, unique for ever |
| `ce_type` | the event's name |
| `ce_source` | the service that says it, such as `/bzpeer/works` |
| `ce_subject` | the id of the aggregate |
| `ce_sequence` | 1, 2, 3 … per topic and subject, without holes |
| `ce_time` | when it was written, RFC 3339, UTC |
| `ce_dataschema` | its schema, relative to [shared/events/schemas](../shared/events/schemas) |
| `ce_specversion`, `content-type` | `1.0`, `application/json` |
| `traceparent`, `tracestate` | the trace that it belongs to (W3C), if there is one |

Readers ignore properties and events that they do not know. No event holds personal data beyond public bibliographic
records.
"""


def catalogue() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_overview(), *(line for spec in TOPICS for line in _topic(spec)), *_old_forms()]) + "\n"


def _overview() -> Iterator[str]:
    yield from ("| topic | owner | key | events | readers |", "|---|---|---|---|---|")
    for spec in TOPICS:
        events = ", ".join(f"[{event.__name__}](#{event.__name__.lower()})" for event in events_of(spec.name))
        yield f"| [{spec.name}](#{_anchor(spec.name)}) | {spec.owner} | {spec.key} | {events} | {_readers(spec)} |"


def events_of(topic: str) -> list[type[Event]]:
    """The topic's events, as the code lists them."""
    return [event for event in EVENT_TYPES.values() if event.topic == topic]


def _topic(spec: TopicSpec) -> Iterator[str]:
    yield from ("", f"## {spec.name}", "", spec.about, "")
    kept = "kept for ever" if spec.retention_ms == FOR_EVER else f"kept {spec.retention_ms / _DAY_MS:g} days"
    service = f"[{spec.owner}](../services/{spec.owner}/README.md)"
    yield f"Owner: {service}. Key: {spec.key}. {spec.partitions} partitions, {kept}. Readers: {_readers(spec)}."
    shown: dict[tuple[str, ...], str] = {}
    parts: dict[str, type[Value]] = {}
    for event in events_of(spec.name):
        yield from ("", f"### {event.__name__}", "", said_of(event), "")
        fields = tuple(event.model_fields)
        if fields in shown:
            yield f"Fields as in {shown[fields]}."
        else:
            yield from _fields(event)
            shown[fields] = event.__name__
        path = schema_path(event.__name__, event.topic)
        links = f"[Schema](../shared/events/schemas/{path}), [example](../shared/events/examples/{path})"
        yield from ("", f"{links}, [code](../{event.__module__.replace('.', '/')}.py).")
        parts |= {part.__name__: part for field in event.model_fields.values() for part in _parts(field.annotation)}
    for part in parts.values():
        yield from ("", f"#### {part.__name__} in {spec.name}", "", said_of(part), "", *_fields(part))


def said_of(model: type[Value]) -> str:
    """What the docstring of the class promises, and those of its bases beyond "An event of …"."""
    classes = [each for each in model.__mro__ if issubclass(each, Value) and each not in (Event, Value)]
    docs = [re.sub(r"^An event of [^.]*\.\s*", "", getdoc(each) or "") for each in classes]
    return "\n\n".join(doc for doc in dict.fromkeys(docs) if doc)


def _fields(model: type[Value]) -> Iterator[str]:
    yield from ("| field | type | if left out |", "|---|---|---|")
    for name, field in model.model_fields.items():
        yield f"| `{name}` | {_type(field.annotation)} | {_default(field)} |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return ""
    value = field.get_default(call_default_factory=True, validated_data={})
    return "none" if value in (None, (), {}) else f"`{value}`"


def _type(annotation: Any) -> str:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return "one of " + ", ".join(f"`{value}`" for value in inner) if len(inner) > 1 else f"`{inner[0]}`"
    if origin is tuple:
        return f"list of {_type(inner[0])}"
    if origin in (Union, types.UnionType):
        return " or ".join(_type(each) for each in inner)
    if origin is not None:
        return f"{origin.__name__} of " + " to ".join(_type(each) for each in inner)
    if annotation is type(None):
        return "null"
    return _PLAIN.get(annotation) or str(getattr(annotation, "__name__", annotation))


def _parts(annotation: Any) -> Iterable[type[Value]]:
    if isinstance(annotation, type) and issubclass(annotation, Value):
        yield annotation
        yield from (part for field in annotation.model_fields.values() for part in _parts(field.annotation))
    for inner in get_args(annotation):
        yield from _parts(inner)


def _old_forms() -> Iterator[str]:
    if UPCASTERS:
        yield from (
            "",
            "## Old forms",
            "",
            "Nobody writes these any more; what was written of them is read as shown.",
            "",
        )
        for (topic, ce_type), upcaster in sorted(UPCASTERS.items()):
            yield f"- {topic} {ce_type} is read as {upcaster.event.topic} {upcaster.event.__name__}"


def _readers(spec: TopicSpec) -> str:
    return ", ".join(spec.readers) or "nobody yet"


def _anchor(name: str) -> str:
    return name.replace(".", "")
