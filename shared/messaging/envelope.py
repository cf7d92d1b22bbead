"""An event with what the log says of it, and its form on the wire: CloudEvents 1.0, Kafka binary mode."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from shared.errors import Poison
from shared.events.base import Event, unknown_event
from shared.events.decoding import decode_event
from shared.events.registry import EVENT_TYPES
from shared.events.schemas import schema_path

Headers = list[tuple[str, bytes]]
_OPTIONAL = ("traceparent", "tracestate")
_READ = frozenset(
    {"ce_id", "ce_source", "ce_type", "ce_subject", "ce_sequence", "ce_time", "ce_dataschema", *_OPTIONAL}
)
"""Others may put headers of their own beside these, with whatever in them."""
LARGEST_SEQUENCE = 2**63 - 1
"""What databases keep."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event of one aggregate: `sequence` counts that aggregate's events 1, 2, 3 … without holes."""

    id: str
    source: str
    subject: str
    sequence: int
    time: datetime
    event: Event
    traceparent: str | None = None
    tracestate: str | None = None

    @property
    def trace(self) -> Mapping[str, str]:
        """The W3C headers of the trace that the event belongs to."""
        return {name: value for name in _OPTIONAL if (value := getattr(self, name))}

    @property
    def topic(self) -> str:
        """The topic of the event as it is today, also for one that was written for an earlier version of the topic."""
        return self.event.topic


def to_headers(envelope: Envelope) -> Headers:
    """The CloudEvents headers of the record; the value is the event as JSON."""
    return headers_of(
        {
            "_id": envelope.id,
            "source": envelope.source,
            "type": type(envelope.event).__name__,
            "subject": envelope.subject,
            "time": envelope.time,
            "sequence": envelope.sequence,
            "topic": envelope.topic,
            "traceparent": envelope.traceparent,
            "tracestate": envelope.tracestate,
        }
    )


def headers_of(event: Mapping[str, Any]) -> Headers:
    """The CloudEvents headers of an event as it stands in the log, whether or not this release can read it."""
    values = {
        "ce_specversion": "1.0",
        "ce_id": event["_id"],
        "ce_source": event["source"],
        "ce_type": event["type"],
        "ce_subject": event["subject"],
        "ce_time": event["time"].isoformat().replace("+00:00", "Z"),
        "ce_sequence": str(event["sequence"]),
        "ce_dataschema": schema_path(event["type"], event["topic"]),
        "content-type": "application/json",
        **{name: value for name in _OPTIONAL if (value := event.get(name))},
    }
    return [(name, value.encode()) for name, value in values.items()]


def from_record(value: bytes | None, headers: Iterable[tuple[str, bytes | None]]) -> Envelope | None:
    """Read a record. Readers are tolerant: an event of a type that this release does not know says nothing.

    None for a record of an unknown type that does not say what topic it was written for.

    Raises Poison, with what is wrong, for a record that no repetition makes readable.
    """
    try:
        known = {name: (raw or b"").decode() for name, raw in headers if name in _READ}
        topic = _topic(known.get("ce_dataschema"), known["ce_type"])
        event = decode_event(topic, known["ce_type"], value or b"")
        if event is None and not topic:
            return None
        return Envelope(
            id=known["ce_id"],
            source=known["ce_source"],
            subject=known["ce_subject"],
            sequence=_sequence(known["ce_sequence"]),
            time=datetime.fromisoformat(known["ce_time"]).astimezone(UTC),
            event=event or unknown_event(topic),
            traceparent=known.get("traceparent") or None,
            tracestate=known.get("tracestate") or None,
        )
    except KeyError as error:
        raise Poison(f"the header {error} is missing") from error
    except (ValueError, OverflowError) as error:
        raise Poison(str(error)) from error


@lru_cache
def _topic(dataschema: str | None, ce_type: str) -> str:
    """The topic that the event was written for. A schema that we did not name says nothing: then it is today's."""
    match (dataschema or "").split("/"):
        case [*_, topic, file] if file == f"{ce_type}.json":
            return topic
    today = EVENT_TYPES.get(ce_type)
    return today.topic if today else ""


def _sequence(text: str) -> int:
    sequence = int(text)
    if not 0 < sequence <= LARGEST_SEQUENCE:
        raise Poison(f"{text} is no sequence: an aggregate's events are counted from 1")
    return sequence
