"""Importing one chunk of a job: load, decide, and save works, events and outcomes in one transaction."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from services.works.domain.importing import Decision, Outcome, decide_import
from services.works.domain.known import Known
from services.works.domain.matching import looks_of_record, match_keys
from services.works.domain.model import Author, Work
from services.works.domain.record import SourceRecord
from services.works.domain.signing import Context, Resolve
from services.works.store.catalogue import Catalogue
from services.works.store.jobs import Item, Jobs, Lease
from services.works.texts import texts_of
from shared.clock import Clock
from shared.events.base import Event
from shared.messaging.eventlog import Append, EventLog
from shared.mongo import Mongo, Session

MAX_CREDITS = 2_500
"""A chunk is cut at so many signatures, for each becomes an event and perhaps a record."""


@dataclass
class ImportChunk:
    """What importing needs. Chunks of one process go one after the other, or they would mostly conflict."""

    mongo: Mongo
    catalogue: Catalogue
    jobs: Jobs
    log: EventLog
    resolve: Resolve
    new_id: Callable[[], str]
    clock: Clock
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def __call__(self, lease: Lease, items: Sequence[Item]) -> int:
        """Import the first of the items, as many as go into one transaction; answers how many those were.

        Raises LeaseLost when another process continues the job; nothing is written then.
        """
        seen = await self.catalogue.seen_contents(item.record for item in items)
        chunk = cut(items, seen)
        records = [item.record for item in chunk if item.record.fingerprint not in seen]
        await asyncio.to_thread(_render, records)

        async def work(session: Session) -> None:
            await self._import(lease, chunk, records, session)

        async with self.lock:
            await self.mongo.transaction(work)
        return len(chunk)

    async def _import(
        self, lease: Lease, chunk: Sequence[Item], records: Sequence[SourceRecord], session: Session
    ) -> None:
        known = await self.catalogue.load(records, session)
        context = Context(self.resolve, texts_of, self.new_id, self.clock())
        made = await asyncio.to_thread(_decide_all, known, chunk, {record.fingerprint for record in records}, context)
        await self.catalogue.save(made.works, made.authors, made.loaded_revs, session)
        await self.catalogue.keep_source_records(made.taken_in, session)
        await self.log.append(session, made.appends)
        await self.jobs.record_outcomes(lease, made.outcomes, made.credits_added, session)


@dataclass
class _Made:
    loaded_revs: Mapping[str, int]
    outcomes: dict[str, Outcome]
    works: Sequence[Work]
    authors: Sequence[Author]
    taken_in: Sequence[tuple[Work, SourceRecord]]
    appends: Sequence[Append]
    credits_added: int


def cut(items: Sequence[Item], seen: set[str]) -> Sequence[Item]:
    """The first items that go into one transaction: not too many signatures, no work with news twice, and no two
    that may turn out to be one."""
    named: dict[str, str] = {}
    signatures = 0
    for place, (_, record) in enumerate(items):
        fingerprint = record.fingerprint
        if fingerprint in seen:
            continue
        signatures += len(record.authors)
        keys = (*record.identifiers, *match_keys(looks_of_record(record)))
        clashes = any(named.get(key, fingerprint) != fingerprint for key in keys)
        if clashes or (place and signatures > MAX_CREDITS):
            return items[:place]
        named.update(dict.fromkeys(keys, fingerprint))
    return items


def _render(records: Iterable[SourceRecord]) -> None:
    """Render before the transaction begins what it will need; the renderings are remembered."""
    for record in records:
        texts_of(record.title, record.abstract)


def _decide_all(known: Known, chunk: Sequence[Item], fresh: set[str], context: Context) -> _Made:
    """Decide on each record in turn, each knowing what came of those before it."""
    loaded: dict[str, Work | Author] = {str(work.id): work for work in known.works.values()}
    loaded |= {str(author.id): author for author in known.authors.values()}
    decisions: list[tuple[Item, Decision]] = []
    for item in chunk:
        is_fresh = item.record.fingerprint in fresh
        decision = decide_import(known, item.record, context) if is_fresh else Decision("unchanged")
        decisions.append((item, decision))
    changed = {work.id: known.works[work.id] for _, decision in decisions for work in decision.works}
    touched = {author.id: known.authors[author.id] for _, decision in decisions for author in decision.authors}
    return _Made(
        loaded_revs={key: model.rev for key, model in loaded.items()},
        outcomes={item.id: decision.outcome for item, decision in decisions},
        works=list(changed.values()),
        authors=list(touched.values()),
        taken_in=[(decision.work, item.record) for item, decision in decisions if decision.work],
        appends=appends(loaded, [event for _, decision in decisions for event in decision.events]),
        credits_added=_signatures(changed.values()) - _signatures(loaded[key] for key in changed if key in loaded),
    )


def _signatures(works: Iterable[Work | Author]) -> int:
    return sum(len(work.byline) for work in works if isinstance(work, Work))


def appends(loaded: Mapping[str, Work | Author], events: Iterable[Event]) -> list[Append]:
    """The events of each subject, to stand after those that it has."""
    by_subject: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        by_subject.setdefault((event.topic, event.subject), []).append(event)
    return [
        Append(topic, subject, loaded[subject].sequence if subject in loaded else 0, some)
        for (topic, subject), some in by_subject.items()
    ]
