"""The view's documents as the machinery writes them, made once for a few and copied for as many as are wanted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from math import gcd

import bson
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument

from bzpeer.bench.projection.workloads import VARIANTS, Workload, identified
from shared.events.base import Event
from shared.messaging.envelope import Envelope
from shared.messaging.views import Views
from shared.mongo import Collection, Document, chunks, find_by_ids

MODEL_NUMBER = 987_654_321_000
"""The documents that are copied have the numbers from here on; the digits occur nowhere else in them."""
CHUNK = 1_000
_AT = datetime(2026, 1, 1, tzinfo=UTC)
_AWARE: CodecOptions[Document] = CodecOptions(tz_aware=True)
_EVENTS_A_TRACE = 100


def enveloped(event: Event, sequence: int, number: int) -> Envelope:
    """The event as the log would say it; every hundred share a trace, as those of one request do."""
    trace = 1 + number // _EVENTS_A_TRACE
    traceparent = f"00-{trace:032x}-{trace:016x}-01"
    return Envelope(identified(9000, number), "/bzpeer/bench", event.subject, sequence, _AT, event, traceparent)


@dataclass(frozen=True)
class Models:
    """One document for each variant, as it stands after each of its events: `stages[variant][events - 1]`."""

    stages: Sequence[Sequence[bytes]]

    def raw(self, number: int, events: int) -> RawBSONDocument:
        """The document of that number after so many events, ready to be inserted."""
        return RawBSONDocument(self._bytes(number, events))

    def document(self, number: int, events: int) -> Document:
        """The same as a dictionary."""
        return bson.decode(self._bytes(number, events), codec_options=_AWARE)

    def _bytes(self, number: int, events: int) -> bytes:
        variant = number % VARIANTS
        model = f"{MODEL_NUMBER + variant:012d}".encode()
        return self.stages[variant][events - 1].replace(model, f"{number:012d}".encode())


async def make_models(workload: Workload, views: Views) -> Models:
    """Fold every variant event by event into the view, and take down the document after each. The view is empty again
    afterwards."""
    collection = views.collection(workload.projection)
    numbers = [MODEL_NUMBER + variant for variant in range(VARIANTS)]
    events = [_life(workload, number, variant) for variant, number in enumerate(numbers)]
    keys = [each[0].subject for each in events]
    stages: list[list[bytes]] = [[] for _ in numbers]
    for place in range(workload.per_document + 1):
        await views.fold(workload.projection, [enveloped(each[place], place + 1, place) for each in events])
        found = {document["_id"]: bson.encode(document) for document in await find_by_ids(collection, keys)}
        for variant, key in enumerate(keys):
            stages[variant].append(found[key])
    await remove(collection, keys)
    return Models(stages)


def _life(workload: Workload, number: int, variant: int) -> list[Event]:
    return [*workload.history(number, variant), workload.change(number, variant, 0)]


async def fill(collection: Collection, models: Models, numbers: range, events: int) -> None:
    """Insert the documents of these numbers, each as it stands after so many events."""
    for start in range(numbers.start, numbers.stop, CHUNK):
        some = range(start, min(start + CHUNK, numbers.stop))
        await collection.insert_many([models.raw(number, events) for number in some], ordered=False)


async def remove(collection: Collection, keys: Sequence[str]) -> None:
    """Delete the documents."""
    for some in chunks(keys, 100):
        await collection.delete_many({"_id": {"$in": list(some)}})


def spread_over(some: int, documents: int) -> Iterator[int]:
    """`some` different numbers below `documents`, far from each other. There have to be as many."""
    step = next(step for step in count(7919) if gcd(step, documents) == 1)
    return (place * step % documents for place in range(some))
