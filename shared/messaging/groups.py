"""Consumer groups: what each reads, how it takes events in, and what tells it that some are missing."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from shared.messaging.envelope import Envelope
from shared.messaging.folding import Projection, V
from shared.messaging.handling import Handling
from shared.messaging.inbox import Handler, Inbox
from shared.messaging.slots import Slots
from shared.messaging.subscription import Subscription
from shared.messaging.views import Views
from shared.mongo import Mongo


@dataclass(frozen=True)
class Group:
    """One consumer group. `take` may be repeated, and says how many events it applied; `guard` holds its places."""

    name: str
    topics: tuple[str, ...]
    take: Callable[[Sequence[Envelope]], Awaitable[int]]
    guard: Slots[Any]
    view: Projection[Any] | None = None
    generation: int = 1


@dataclass(frozen=True)
class Member:
    """A group that this process is a member of."""

    group: Group
    handling: Handling
    subscription: Subscription


def view_group(views: Views, projection: Projection[V], generation: int) -> Group:
    """The group that keeps one generation of a view."""
    return Group(
        name=views.slots(projection, generation).collection.name,
        topics=projection.topics,
        take=partial(views.fold, projection, generation=generation),
        guard=views.guard(projection, generation),
        view=projection,
        generation=generation,
    )


def reaction_group(mongo: Mongo, name: str, topics: Sequence[str], handler: Handler) -> Group:
    """A group whose handler does something, behind an inbox."""
    inbox = Inbox(mongo, name)
    return Group(name, tuple(topics), partial(inbox.take, handler=handler), inbox.slots)
