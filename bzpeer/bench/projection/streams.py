"""The events of a run, what the view holds before them, and what it holds after each of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from bson.raw_bson import RawBSONDocument

from bzpeer.bench.projection.documents import Models, enveloped, spread_over
from bzpeer.bench.projection.workloads import VARIANTS, Workload
from shared.messaging.envelope import Envelope
from shared.mongo import Document

NEW = 500_000_000_000
"""From here on are the numbers of documents that only the stream makes; a view's own begin with 0."""

EVENTS_EACH = 2
"""Events of one document in a run. Were it to depend on the view's size, so would the writes that a batch needs."""


@dataclass(frozen=True)
class Stream:
    """`after[key]`: the document as it stands after the key's first, second … event of the stream, for the raw side.
    `before`: the documents that the events find, to be put back before each run."""

    envelopes: Sequence[Envelope]
    after: dict[str, list[Document]]
    before: Sequence[RawBSONDocument]


def stream(workload: Workload, models: Models, events: int, in_view: int) -> Stream:
    """So many events for a view that holds as many as `in_view` says."""
    documents = in_view // workload.per_document
    return changes(workload, models, events, documents) if documents else beginnings(workload, models, events)


def beginnings(workload: Workload, models: Models, events: int) -> Stream:
    """The first events of documents that are not there yet: of each its first, then of each its second."""
    each = min(EVENTS_EACH, workload.per_document)
    numbers = range(NEW, NEW + max(1, events // each))
    lives = [workload.history(number, number % VARIANTS) for number in numbers]
    envelopes: list[Envelope] = []
    after: dict[str, list[Document]] = {life[0].subject: [] for life in lives}
    for place in range(each):
        for number, life in zip(numbers, lives, strict=True):
            envelopes.append(enveloped(life[place], place + 1, len(envelopes)))
            after[life[place].subject].append(models.document(number, place + 1))
    return Stream(envelopes, after, ())


def changes(workload: Workload, models: Models, events: int, documents: int) -> Stream:
    """Further events of documents all over the view, which stay as large as they are; more of each in a small view."""
    envelopes: list[Envelope] = []
    after: dict[str, list[Document]] = {}
    numbers = list(spread_over(min(documents, max(1, events // EVENTS_EACH)), documents))
    for place in range(events):
        before, number = place // len(numbers), numbers[place % len(numbers)]
        event = workload.change(number, number % VARIANTS, before)
        envelopes.append(enveloped(event, workload.per_document + before + 1, place))
        stages = after.setdefault(event.subject, [])
        stages.append(stages[0] if stages else models.document(number, workload.per_document + 1))
    there = [models.raw(number, workload.per_document) for number in numbers]
    return Stream(envelopes, after, there)
