"""What is known while a chunk of records is decided on: the part of the state that the chunk can touch."""

from dataclasses import dataclass, field

from services.works.domain.model import Author, Credit, Work, credits_of
from services.works.domain.record import SourceRecord
from shared.events.base import AuthorId, WorkId


@dataclass
class Known:
    """Loaded before the chunk, and kept up while its records are decided on one after the other.

    `history` holds all credits of those authors whose credits a newer version may change or take away.
    """

    works: dict[WorkId, Work] = field(default_factory=dict)
    work_by_key: dict[str, WorkId] = field(default_factory=dict)
    authors: dict[AuthorId, Author] = field(default_factory=dict)
    author_by_key: dict[str, AuthorId] = field(default_factory=dict)
    slugs: set[str] = field(default_factory=set)
    history: dict[AuthorId, dict[WorkId, Credit]] = field(default_factory=dict)

    def put_work(self, work: Work) -> None:
        """Remember the work as it now stands, also in the histories of its authors."""
        before = self.works.get(work.id)
        for author_id in {entry.author_id for entry in before.byline} if before else ():
            self.history.get(author_id, {}).pop(work.id, None)
        for author_id, credit in credits_of(work).items():
            if author_id in self.history:
                self.history[author_id][work.id] = credit
        self.works[work.id] = work
        self.work_by_key.update(dict.fromkeys(work.keys, work.id))

    def put_author(self, author: Author) -> None:
        """Remember the author record as it now stands."""
        self.authors[author.id] = author
        self.author_by_key[author.key] = author.id
        self.slugs.add(author.slug)

    def find_work(self, record: SourceRecord) -> Work | None:
        """The work that one of the record's identifiers names, unless identifiers contradict each other."""
        for identifier in record.identifiers:
            work_id = self.work_by_key.get(identifier)
            if work_id is not None and not contradict(record.identifiers, self.works[work_id].identifiers):
                return self.works[work_id]
        return None


def contradict(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether both have an arXiv identifier and not the same: then a shared DOI is a slip, and the works are two."""
    left = {each for each in some if each.startswith("arxiv:")}
    right = {each for each in others if each.startswith("arxiv:")}
    return bool(left and right and left.isdisjoint(right))
