"""The state of the works service: works with their versions, and author records with what they are credited with."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from services.works.domain.links import IDENTITY_COAUTHORS, Links
from services.works.domain.record import Frozen
from shared.events.base import AccountId, AuthorId, ClaimId, WorkId
from shared.events.works import Byline, SourceClass, Topic, WorkKind, WorkStatus


class Version(Frozen):
    """One version of a work that a source told of."""

    source: str
    version: int | None
    updated_at: datetime


class Texts(Frozen):
    """A work's title and abstract as given (with LaTeX), as plain text, and as safe HTML."""

    title: str
    title_text: str
    title_html: str
    abstract: str
    abstract_text: str
    abstract_html: str


class Work(Frozen):
    """A version group. `keys` are those identifiers that no other work has; `seen` the contents already taken in.

    `sequence` is that of its last event; `rev` counts every change, also those that no event tells of.
    """

    id: WorkId
    kind: WorkKind
    source: str
    source_class: SourceClass
    source_url: str
    identifiers: tuple[str, ...]
    keys: tuple[str, ...]
    texts: Texts
    year: int
    published_on: date
    updated_at: datetime
    topics: tuple[Topic, ...]
    byline: tuple[Byline, ...]
    status: WorkStatus
    comments: str | None
    journal_ref: str | None
    versions: tuple[Version, ...]
    seen: tuple[str, ...]
    as_of: datetime
    sequence: int = 0
    rev: int = 0


class Credit(Frozen):
    """What one work adds to an author record."""

    work_id: WorkId
    coauthors: tuple[AuthorId, ...]
    topics: tuple[Topic, ...]
    affiliations: tuple[str, ...]


class Counted(Frozen):
    """A topic or an affiliation of an author, and how many works have it."""

    id: str
    label: str
    works: int


class Claim(Frozen):
    """The account that holds the record, by which claim, as of which event."""

    account_id: AccountId
    claim_id: ClaimId
    sequence: int


class Author(Frozen):
    """An author record: a set of signatures that are taken for one person. `key` is what resolution found it by."""

    id: AuthorId
    name: str
    key: str
    slug: str
    slug_stem: str
    words: tuple[str, ...]
    works: int = 0
    topics: tuple[Counted, ...] = ()
    affiliations: tuple[Counted, ...] = ()
    links: Links = Links()
    claim: Claim | None = None
    as_of: datetime
    sequence: int = 0
    rev: int = 0

    def with_credit(self, credit: Credit) -> "Author":
        """The record with one more work."""
        return self.model_copy(
            update={
                "works": self.works + 1,
                "topics": _count(self.topics, ((topic.id, topic.label) for topic in credit.topics)),
                "affiliations": _count(self.affiliations, ((name, name) for name in credit.affiliations)),
                "links": self.links.add(credit.coauthors, (topic.id for topic in credit.topics)),
            }
        )

    def with_credits(self, credits_: Sequence[Credit]) -> "Author":
        """The record with exactly these works."""
        author = self.model_copy(update={"works": 0, "topics": (), "affiliations": (), "links": Links()})
        for credit in credits_:
            author = author.with_credit(credit)
        return author


def credits_of(work: Work) -> dict[AuthorId, Credit]:
    """What the work adds to each author on its byline."""
    first = [entry.author_id for entry in work.byline[: IDENTITY_COAUTHORS + 1]]
    return {
        entry.author_id: Credit(
            work_id=work.id,
            coauthors=tuple(other for other in first if other != entry.author_id)[:IDENTITY_COAUTHORS],
            topics=work.topics,
            affiliations=entry.affiliations,
        )
        for entry in work.byline
    }


def _count(counted: tuple[Counted, ...], more: Iterable[tuple[str, str]]) -> tuple[Counted, ...]:
    counts = {item.id: item for item in counted}
    for key, label in more:
        known = counts.get(key)
        counts[key] = Counted(id=key, label=label, works=known.works + 1 if known else 1)
    return tuple(counts.values())
