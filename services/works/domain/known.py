"""What is known while a chunk of records is decided on: the part of the state that the chunk can touch."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from services.works.domain.matching import (
    Looks,
    contradict,
    contradict_as_lookalikes,
    is_same_work,
    looks_of,
    looks_of_record,
    match_keys,
    shares_a_book_only,
)
from services.works.domain.model import Author, Credit, Work, credits_of
from services.works.domain.record import SourceRecord
from shared.events.base import AuthorId, WorkId


@dataclass
class Known:
    """Loaded before the chunk, and kept up while its records are decided on one after the other.

    `history` holds all credits of those authors whose credits may change or be taken away. Whoever is retired is in
    `authors` and in no other map.
    """

    works: dict[WorkId, Work] = field(default_factory=dict)
    work_by_key: dict[str, WorkId] = field(default_factory=dict)
    works_by_match: dict[str, set[WorkId]] = field(default_factory=dict)
    authors: dict[AuthorId, Author] = field(default_factory=dict)
    authors_by_block: dict[str, set[AuthorId]] = field(default_factory=dict)
    slugs: set[str] = field(default_factory=set)
    history: dict[AuthorId, dict[WorkId, Credit]] = field(default_factory=dict)

    def put_work(self, work: Work) -> None:
        """Remember the work as it now stands, also in the histories of its authors."""
        before = self.works.get(work.id)
        if before is not None:
            self._forget(before)
        for author_id, credit in credits_of(work).items():
            if author_id in self.history:
                self.history[author_id][work.id] = credit
        self.works[work.id] = work
        self.work_by_key.update(dict.fromkeys(work.keys, work.id))
        for key in work.match_keys:
            self.works_by_match.setdefault(key, set()).add(work.id)

    def _forget(self, work: Work) -> None:
        for entry in work.byline:
            self.history.get(entry.author_id, {}).pop(work.id, None)
        for key in work.keys:
            if self.work_by_key.get(key) == work.id:
                del self.work_by_key[key]
        for key in work.match_keys:
            self.works_by_match[key].discard(work.id)

    def put_author(self, author: Author) -> None:
        """Remember the author record as it now stands."""
        self.authors[author.id] = author
        self.slugs.update((author.slug, *author.old_slugs))
        for block in author.blocks:
            members = self.authors_by_block.setdefault(block, set())
            (members.discard if author.into else members.add)(author.id)

    def find_works(self, record: SourceRecord) -> list[Work]:
        """The works that this record tells of: normally none or one; several where it shows that these are one.

        The first of them is the one to keep. Works that somebody said are different are never found together.
        """
        found = self._by_identifiers(record) or self._by_looks(record)
        own = f"{record.source}/{record.key}"
        found.sort(key=lambda work: (all(telling.key != own for telling in work.tellings), work.id))
        return [work for work in found if work is found[0] or found[0].id not in work.apart]

    def _by_identifiers(self, record: SourceRecord) -> list[Work]:
        ids = filter(None, map(self.work_by_key.get, lookup_keys(record)))
        found = {work_id: self.works[work_id] for work_id in ids}
        return [work for work in found.values() if record.fingerprint in work.seen or _is_of(record, work)]

    def _by_looks(self, record: SourceRecord) -> list[Work]:
        looks = looks_of_record(record)
        ids = sorted({work_id for key in match_keys(looks) for work_id in self.works_by_match.get(key, ())})
        fitting = (
            work
            for work in map(self.works.__getitem__, ids)
            if not contradict_as_lookalikes(record.identifiers, work.identifiers)
            and is_same_work(looks, looks_of_work(work))
        )
        return [work for work in (next(fitting, None),) if work is not None]

    def candidates(self, blocks: Iterable[str]) -> list[Author]:
        """The author records that share a block, in the order of their ids."""
        ids = sorted({author_id for block in blocks for author_id in self.authors_by_block.get(block, ())})
        return [self.authors[author_id] for author_id in ids]


def _is_of(record: SourceRecord, work: Work) -> bool:
    """Whether a record that shares an identifier with the work is of it: the source's own record of it surely is."""
    if contradict(record.identifiers, work.identifiers):
        return False
    own = f"{record.source}/{record.key}"
    if record.source_class != "self_import" and any(telling.key == own for telling in work.tellings):
        return True
    return not shares_a_book_only(looks_of_record(record), looks_of_work(work))


def looks_of_work(work: Work) -> Looks:
    """What the work is recognised by beside its identifiers."""
    return looks_of(work.texts.title, (entry.name for entry in work.byline), work.published_on.year)


def lookup_keys(record: SourceRecord) -> tuple[str, ...]:
    """All keys by which the record's work can be known."""
    return (*record.identifiers, seen_key(record))


def seen_key(record: SourceRecord) -> str:
    """The key of a work that has no identifier of its own: the content that it was made of."""
    return f"seen:{record.fingerprint}"
