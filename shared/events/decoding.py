"""From what was written, however long ago, to the event of today."""

from pydantic_core import from_json, to_json

from shared.events.base import Event
from shared.events.registry import EVENT_TYPES
from shared.events.upcasters import UPCASTERS, Upcaster


def decode_event(topic: str, ce_type: str, data: bytes | str) -> Event | None:
    """The event, brought to its form of today. None for a type, or a version of it, that this release does not know.

    `topic` is the one that the event was written for, without a prefix. Raises ValueError for data that no repetition
    makes readable.
    """
    event = EVENT_TYPES.get(ce_type)
    if event is not None and event.topic == topic:
        return event.model_validate_json(data)
    upcaster = UPCASTERS.get((topic, ce_type))
    return _upcast(upcaster, data) if upcaster else None


def earlier_topics(topic: str) -> tuple[str, ...]:
    """The topics whose events are read as events of this one, where older parts of its aggregates' histories stand."""
    return tuple(sorted({old for (old, _), upcaster in UPCASTERS.items() if upcaster.event.topic == topic} - {topic}))


def todays_topic(topic: str) -> str:
    """The topic whose events those of this one are read as."""
    if not UPCASTERS:
        return topic
    return next((upcaster.event.topic for (old, _), upcaster in UPCASTERS.items() if old == topic), topic)


def _upcast(upcaster: Upcaster, data: bytes | str) -> Event:
    written = from_json(data)
    try:
        today = upcaster.upcast(written)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"this is no old form of {upcaster.event.__name__}: {error!r}") from error
    return upcaster.event.model_validate_json(to_json(today))
