"""AsyncAPI 3.0 documents, one a service: what it sends and what it receives."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pydantic.json_schema import models_json_schema

from shared.events.base import Event
from shared.events.catalogue import events_of, said_of
from shared.events.examples import EXAMPLES
from shared.events.schemas import schema_path
from shared.events.topics import LARGEST_MESSAGE, TOPICS, TopicSpec

Json = dict[str, Any]

_BINDING = "0.5.0"
_TIME = "2024-01-05T09:30:00Z"
_ID = "018cd8f5-3e2c-7c1d-9a53-7f6be1c2d0aa"
_TRACE = "00-7db3bc206ed6fb62f0c0cfd8f56ca0a3-5c1e03d7a9f24e86-01"


class Subscription(NamedTuple):
    """Topics that a service reads. `group` is its consumer group; None: every process reads all, from now on."""

    name: str
    topics: tuple[str, ...]
    group: str | None


def document(service: str, version: str, subscriptions: Iterable[Subscription]) -> Json:
    """The service's AsyncAPI document; `version` is that of the released contract."""
    specs = {spec.name: spec for spec in TOPICS}
    owned = [spec for spec in TOPICS if spec.owner == service and events_of(spec.name)]
    read = [(one, specs[topic]) for one in subscriptions for topic in one.topics]
    used = list({spec.name: spec for spec in (*owned, *(spec for _, spec in read))}.values())
    events = [event for spec in used for event in events_of(spec.name)]
    operations = {f"send_{_name(spec.name)}": _sending(spec) for spec in owned}
    operations |= {f"receive_{_name(spec.name)}_as_{_name(one.name)}": _receiving(one, spec) for one, spec in read}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"BZPEER {service}",
            "version": version,
            "description": "Written by `bzpeer docs` from the code. All events are in docs/events.md.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "kafka": {"host": "localhost:19092", "protocol": "kafka", "description": "Where `make up` has it."}
        },
        "channels": {spec.name: _channel(spec) for spec in used},
        "operations": operations,
        "components": {"messages": {event.__name__: _message(event, specs[event.topic]) for event in events}}
        | {"schemas": {"CloudEvent": _HEADERS, **_schemas(events)}},
    }


def _channel(spec: TopicSpec) -> Json:
    configuration = {
        "cleanup.policy": ["delete"],
        "retention.ms": spec.retention_ms,
        "max.message.bytes": LARGEST_MESSAGE,
    }
    names = [event.__name__ for event in events_of(spec.name)]
    kafka = {"topic": spec.name, "partitions": spec.partitions, "topicConfiguration": configuration}
    return {
        "address": spec.name,
        "description": f"{spec.about} Owner: {spec.owner}. Key: {spec.key}.",
        "servers": [{"$ref": "#/servers/kafka"}],
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {"kafka": {**kafka, "bindingVersion": _BINDING}},
    }


def _sending(spec: TopicSpec) -> Json:
    return {"action": "send", "summary": spec.about, **_messages(spec)}


def _receiving(one: Subscription, spec: TopicSpec) -> Json:
    if one.group is None:
        summary = f"{one.name}: every process reads all of it, from when it starts."
        return {"action": "receive", "summary": summary, **_messages(spec)}
    kafka = {"groupId": {"type": "string", "enum": [one.group]}, "bindingVersion": _BINDING}
    summary = f"The consumer group {one.group}, from the first event on."
    return {"action": "receive", "summary": summary, **_messages(spec), "bindings": {"kafka": kafka}}


def _messages(spec: TopicSpec) -> Json:
    refs = [{"$ref": f"#/channels/{spec.name}/messages/{event.__name__}"} for event in events_of(spec.name)]
    return {"channel": {"$ref": f"#/channels/{spec.name}"}, "messages": refs}


def _message(event: type[Event], spec: TopicSpec) -> Json:
    name = event.__name__
    summary, _, more = said_of(event).partition("\n")
    message: Json = {"name": name, "title": name, "summary": summary, "contentType": "application/json"}
    if more.strip():
        message["description"] = more.strip()
    message |= {
        "headers": {"$ref": "#/components/schemas/CloudEvent"},
        "payload": {"$ref": f"#/components/schemas/{name}"},
        "bindings": {"kafka": {"key": {"type": "string", "description": spec.key}, "bindingVersion": _BINDING}},
    }
    examples = [_example(one, spec) for one in EXAMPLES if type(one) is event]
    return {**message, "examples": examples} if examples else message


def _example(event: Event, spec: TopicSpec) -> Json:
    name = type(event).__name__
    headers = {
        "ce_specversion": "1.0",
        "ce_id": _ID,
        "ce_source": f"/bzpeer/{spec.owner}",
        "ce_type": name,
        "ce_subject": event.subject,
        "ce_time": _TIME,
        "ce_sequence": "1",
        "ce_dataschema": schema_path(name, spec.name),
        "content-type": "application/json",
        "traceparent": _TRACE,
    }
    return {"name": name, "headers": headers, "payload": event.model_dump(mode="json")}


def _schemas(events: Iterable[type[Event]]) -> Mapping[str, Any]:
    """The payloads with all their parts, side by side."""
    wanted = [(event, "validation") for event in events]
    _, found = models_json_schema(wanted, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    return dict(found["$defs"])


def _name(text: str) -> str:
    return text.replace(".", "_")


def _text(description: str, **more: Any) -> Json:
    return {"type": "string", "description": description, **more}


_HEADERS: Json = {
    "type": "object",
    "title": "CloudEvent",
    "description": "CloudEvents 1.0 in Kafka's binary mode; header values are UTF-8.",
    "required": ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_subject", "ce_time", "ce_sequence"],
    "properties": {
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": _text("A UUIDv7.", format="uuid"),
        "ce_source": _text("The service that says it, such as /bzpeer/works.", format="uri-reference"),
        "ce_type": _text("The event's name."),
        "ce_subject": _text("The id of the aggregate, which is also the key."),
        "ce_time": _text("When it was written.", format="date-time"),
        "ce_sequence": _text("1, 2, 3 … per topic and subject, without holes.", pattern="^[1-9][0-9]*$"),
        "ce_dataschema": _text("The schema, relative to shared/events/schemas.", format="uri-reference"),
        "content-type": {"type": "string", "const": "application/json"},
        "traceparent": _text("The trace that it belongs to, as W3C writes it."),
        "tracestate": _text("What tracing systems add to that."),
    },
}
