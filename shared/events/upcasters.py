"""How events that were written in an old form are read: each old form is turned into the event of today.

A breaking change makes a new version of its topic (docs/adding-an-event.md). Aggregates count on: the first event on
`works.v2` of a work with five on `works.v1` is its sixth, and who reads both topics sees one history.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from shared.events.base import Event

Json = dict[str, Any]


class Upcaster(NamedTuple):
    """`event` is the class of today; `upcast` turns the data as it was written into data of that class. It is pure."""

    event: type[Event]
    upcast: Callable[[Json], Json]


UPCASTERS: dict[tuple[str, str], Upcaster] = {}
"""By topic and type of the old form, such as `("works.v1", "WorkImported")`. An entry stays for ever."""
