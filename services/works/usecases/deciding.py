"""For each command what it needs loaded, and the decision to be made on it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, assert_never

from services.works.domain.correcting import (
    Corrected,
    decide_apart,
    decide_merge,
    decide_rename,
    decide_restore,
    decide_split,
)
from services.works.domain.importing import Decision
from services.works.domain.known import Known
from services.works.domain.model import Author, Work
from services.works.domain.regrouping import decide_merge_works, decide_part
from services.works.domain.signing import Context
from services.works.store.catalogue import Catalogue
from services.works.store.corrections import Correction
from services.works.usecases.commands import Apart, Command, Merge, MergeWorks, PartWorks, Rename, Split
from shared.errors import NotFound
from shared.events.base import Event
from shared.mongo import Session


class Decided(NamedTuple):
    """What a decision changes, the events that say so, and what to remember of it."""

    works: Sequence[Work]
    authors: Sequence[Author]
    events: Sequence[Event]
    correction: Mapping[str, object]


Decide = Callable[[Context], Decided]


@dataclass(frozen=True)
class Loading:
    """Loads what a decision can touch into `known`."""

    catalogue: Catalogue
    known: Known
    session: Session

    async def author(self, id_or_slug: str, *, retired: bool = False) -> Author:
        """The record. Raises NotFound for one that is retired, unless one such is wanted."""
        author = await self.catalogue.author(id_or_slug, self.session)
        if author is None or (author.into and not retired):
            leads = f"; {author.name} was merged into {author.into}" if author else ""
            raise NotFound(f"There is no author {id_or_slug}{leads}.")
        self.known.put_author(author)
        return author

    async def work(self, work_id: str, *, retired: bool = False) -> Work:
        """The work. Raises NotFound for one that was merged away, unless one such is wanted."""
        work = await self.catalogue.work(work_id, self.session)
        if work is None or (work.merged_into and not retired):
            leads = f"; it was merged into {work.merged_into}" if work else ""
            raise NotFound(f"There is no work {work_id}{leads}.")
        return work

    async def everything_of(self, *authors: Author) -> None:
        """All works of the records, and everybody on their bylines with all credits."""
        await self.people_of(*await self.catalogue.works_of([author.id for author in authors], self.session))
        for author in authors:
            self.known.history.setdefault(author.id, {})

    async def people_of(self, *works: Work) -> None:
        """Everybody on the bylines with all credits, and whoever may be meant by the names on them."""
        for work in works:
            self.known.put_work(work)
        people = [person for work in works for person in work.people]
        await self.catalogue.load_people(self.known, people, works, self.session)


async def ready(command: Command, loading: Loading) -> Decide:
    """Load what the command needs; answers the decision. Raises NotFound."""
    match command:
        case Merge(author=author, into=into):
            return await _merging(loading, await loading.author(author), await loading.author(into))
        case Split(author=author, works=works):
            return await _splitting(loading, await loading.author(author), works)
        case Rename(author=author, name=name):
            return await _renaming(loading, await loading.author(author), " ".join(name.split()))
        case Apart(author=author, other=other):
            return _telling_apart(await loading.author(author), await loading.author(other), apart=True)
        case MergeWorks(work=work, into=into):
            return await _merging_works(loading, await loading.work(work), await loading.work(into))
        case PartWorks(work=work, records=records):
            return await _parting(loading, await loading.work(work), records)
        case _:
            assert_never(command)


async def ready_to_undo(done: Correction, loading: Loading) -> Decide:
    """Load what undoing needs; answers the decision. Raises NotFound."""
    other = done.other or ""
    match done.kind:
        case "merge":
            gone = await loading.author(done.subject, retired=True)
            return await _restoring(loading, gone, await loading.author(other), done)
        case "split":
            return await _rejoining(loading, await loading.author(done.subject), await loading.author(other))
        case "rename":
            return await _renaming(loading, await loading.author(done.subject), done.name_before or "")
        case "apart":
            one, two = await loading.author(done.subject), await loading.author(other)
            return _telling_apart(one, two, apart=False)
        case "merge_works":
            await loading.work(done.subject, retired=True)
            return await _parting(loading, await loading.work(other), done.records)
        case "part_works":
            return await _merging_works(loading, await loading.work(other), await loading.work(done.subject))
        case _:
            assert_never(done.kind)


async def _merging(loading: Loading, gone: Author, into: Author) -> Decide:
    await loading.everything_of(gone, into)
    moved = tuple(work.id for work in loading.known.works.values() if _is_on(gone, work))
    correction = {"subject": gone.id, "other": into.id, "works": moved}
    return lambda context: _decided(decide_merge(loading.known, gone, into, context), correction)


async def _splitting(loading: Loading, author: Author, works: Sequence[str]) -> Decide:
    await loading.everything_of(author)
    own = [work for work in loading.known.works if work in works]

    def decide(context: Context) -> Decided:
        part, made = decide_split(loading.known, author, own, context)
        return _decided(made, {"subject": author.id, "other": part.id, "works": tuple(own)})

    return decide


async def _restoring(loading: Loading, gone: Author, into: Author, done: Correction) -> Decide:
    await loading.everything_of(gone, into)
    own = [work for work in loading.known.works if work in done.works]
    return lambda context: _decided(decide_restore(loading.known, into, gone, own, context), {})


async def _rejoining(loading: Loading, whole: Author, part: Author) -> Decide:
    await loading.everything_of(whole, part)

    def decide(context: Context) -> Decided:
        known = loading.known
        for author in decide_apart(whole, part, context, apart=False).authors:
            known.put_author(author)
        return _decided(decide_merge(known, known.authors[part.id], known.authors[whole.id], context), {})

    return decide


async def _renaming(loading: Loading, author: Author, name: str) -> Decide:
    await loading.everything_of(author)
    await loading.catalogue.load_slugs(loading.known, [name], loading.session)
    correction = {"subject": author.id, "name": name, "name_before": author.name}
    return lambda context: _decided(decide_rename(loading.known, author, name, context), correction)


def _telling_apart(one: Author, two: Author, *, apart: bool) -> Decide:
    correction = {"subject": one.id, "other": two.id}
    return lambda context: _decided(decide_apart(one, two, context, apart=apart), correction)


async def _merging_works(loading: Loading, gone: Work, into: Work) -> Decide:
    await loading.people_of(gone, into)
    records = tuple(telling.key for telling in gone.tellings)
    correction = {"subject": gone.id, "other": into.id, "records": records}
    return lambda context: _decided(decide_merge_works(loading.known, gone, into, context), correction)


async def _parting(loading: Loading, work: Work, records: Sequence[str]) -> Decide:
    retired = await loading.catalogue.retired_into(work.id, loading.session)
    await loading.people_of(work, *retired)
    before = next((each for each in retired if {telling.key for telling in each.tellings} == set(records)), None)

    def decide(context: Context) -> Decided:
        made = decide_part(loading.known, work, set(records), before, context)
        return _decided(made, {"subject": work.id, "other": made.works[1].id, "records": tuple(records)})

    return decide


def _decided(made: Corrected | Decision, correction: Mapping[str, object]) -> Decided:
    return Decided(made.works, made.authors, made.events, correction)


def _is_on(author: Author, work: Work) -> bool:
    return any(entry.author_id == author.id for entry in work.byline)
