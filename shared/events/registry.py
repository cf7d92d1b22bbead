"""From a CloudEvents type to the class that reads it."""

from collections.abc import Iterator

from shared.events import accounts, authors, claims, follows, graph, notifications, trust, works
from shared.events.base import Event

_MODULES = (accounts, authors, claims, follows, graph, notifications, trust, works)


def _events() -> Iterator[type[Event]]:
    for module in _MODULES:
        for value in vars(module).values():
            if (
                isinstance(value, type)
                and issubclass(value, Event)
                and not value.__subclasses__()
                and value is not Event
            ):
                yield value


EVENT_TYPES: dict[str, type[Event]] = {event.__name__: event for event in _events()}
"""Every event there is, by its name. A type that is not in here is skipped by readers on purpose."""
