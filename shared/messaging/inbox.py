"""The inbox of a consumer group: how far it took in each aggregate's events, so that none is missed or repeated."""

from collections.abc import Awaitable, Callable, Iterable, Sequence

from pydantic import BaseModel

from shared.errors import WriteConflict
from shared.messaging.envelope import Envelope
from shared.messaging.folding import order
from shared.messaging.slots import Change, Slots
from shared.mongo import Mongo
from shared.telemetry import CONFLICTS

ATTEMPTS = 30
Handler = Callable[[Sequence[Envelope]], Awaitable[None]]


class Inbox:
    """The inbox kept in the collection `name`, a slot without data for each aggregate."""

    def __init__(self, mongo: Mongo, name: str) -> None:
        self.name = name
        self.slots: Slots[BaseModel] = Slots(mongo.collection(name), None)

    async def take(self, envelopes: Iterable[Envelope], handler: Handler) -> int:
        """Give `handler` the events whose turn it is, in order per aggregate, and then note them; how many they were.

        A process that ends between the two gives them to it once more, so it must be able to repeat its work.
        """
        groups = by_subject(envelopes)
        for _ in range(ATTEMPTS):
            slots = await self.slots.load(groups)
            ordered = {key: order(slots[key], group) for key, group in groups.items()}
            ready = [one for folded in ordered.values() for one in folded.applied]
            if ready:
                await handler(ready)
            changes = [Change(slots[key], folded.slot) for key, folded in ordered.items() if folded.slot != slots[key]]
            lost = await self.slots.write(changes)
            if not lost:
                return len(ready)
            CONFLICTS.labels(self.name).inc(len(lost))
            groups = {key: groups[key] for key in lost}
        raise WriteConflict(self.name)


def by_subject(envelopes: Iterable[Envelope]) -> dict[str, list[Envelope]]:
    """The events of each aggregate."""
    groups: dict[str, list[Envelope]] = {}
    for envelope in envelopes:
        groups.setdefault(envelope.subject, []).append(envelope)
    return groups
