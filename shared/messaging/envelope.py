"""An event with what the log says of it, and its form on the wire: CloudEvents 1.0, Kafka binary mode."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import ValidationError

from shared.errors import Poison
from shared.events.base import Event
from shared.events.registry import EVENT_TYPES
from shared.events.schemas import schema_path

Headers = list[tuple[str, bytes]]
_READ = frozenset({"ce_id", "ce_source", "ce_type", "ce_subject", "ce_sequence", "ce_time", "traceparent"})
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

    @property
    def topic(self) -> str:
        return self.event.topic


def to_headers(envelope: Envelope) -> Headers:
    """The CloudEvents headers of the record; the value is the event as JSON."""
    values = {
        "ce_specversion": "1.0",
        "ce_id": envelope.id,
        "ce_source": envelope.source,
        "ce_type": type(envelope.event).__name__,
        "ce_subject": envelope.subject,
        "ce_time": envelope.time.isoformat().replace("+00:00", "Z"),
        "ce_sequence": str(envelope.sequence),
        "ce_dataschema": schema_path(type(envelope.event).__name__, envelope.topic),
        "content-type": "application/json",
    }
    if envelope.traceparent:
        values["traceparent"] = envelope.traceparent
    return [(name, value.encode()) for name, value in values.items()]


def from_record(value: bytes | None, headers: Iterable[tuple[str, bytes | None]]) -> Envelope | None:
    """Read a record. None for a type that this release does not know: readers are tolerant.

    Raises Poison, with what is wrong, for a record that no repetition makes readable.
    """
    try:
        known = {name: (raw or b"").decode() for name, raw in headers if name in _READ}
        event_type = EVENT_TYPES.get(known["ce_type"])
        if event_type is None:
            return None
        return Envelope(
            id=known["ce_id"],
            source=known["ce_source"],
            subject=known["ce_subject"],
            sequence=_sequence(known["ce_sequence"]),
            time=datetime.fromisoformat(known["ce_time"]).astimezone(UTC),
            event=event_type.model_validate_json(value or b""),
            traceparent=known.get("traceparent"),
        )
    except KeyError as error:
        raise Poison(f"the header {error} is missing") from error
    except (ValidationError, ValueError, OverflowError) as error:
        raise Poison(str(error)) from error


def _sequence(text: str) -> int:
    sequence = int(text)
    if not 0 < sequence <= LARGEST_SEQUENCE:
        raise Poison(f"{text} is no sequence: an aggregate's events are counted from 1")
    return sequence
