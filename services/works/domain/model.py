"""The state of the works service: works with their versions, and author records with what they are credited with."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from services.works.domain.composing import Asserted, Telling
from services.works.domain.links import IDENTITY_COAUTHORS, Links
from services.works.domain.names import name_key
from services.works.domain.record import Frozen, RecordAuthor
from services.works.domain.resolution.evidence import Evidence, Signature
from services.works.domain.resolution.names import block_keys
from shared.events.base import AccountId, AuthorId, ClaimId, WorkId
from shared.events.works import Byline, SourceClass, Topic, WorkKind, WorkStatus

MAX_BLOCKS = 12
"""Keys under which one record is a candidate, over all forms of its name."""


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
    """A version group: what its sources tell, one telling for each of their records, and what comes of it together.

    `keys` are those identifiers that no other work has, `match_keys` what works alike share; `seen` the contents
    already taken in. `people` are the names of the byline with all that is known of them, in its order. `apart` names
    works that somebody said are not this one; `merged_into` the work that this one turned out to be. `sequence` is
    that of its last event; `rev` counts every change, also those that no event tells of.
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
    people: tuple[RecordAuthor, ...] = ()
    status: WorkStatus
    comments: str | None
    journal_ref: str | None
    references: tuple[str, ...] = ()
    versions: tuple[Version, ...]
    tellings: tuple[Telling, ...] = ()
    asserted: tuple[Asserted, ...] = ()
    match_keys: tuple[str, ...] = ()
    seen: tuple[str, ...]
    apart: tuple[WorkId, ...] = ()
    merged_into: WorkId | None = None
    as_of: datetime
    sequence: int = 0
    rev: int = 0


class Credit(Frozen):
    """What one work adds to an author record."""

    work_id: WorkId
    coauthors: tuple[AuthorId, ...]
    topics: tuple[Topic, ...]
    affiliations: tuple[str, ...]
    signature: Signature


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
    """An author record: a set of signatures that are taken for one person.

    `key` is its name as resolution compares names, `blocks` the keys under which it is a candidate, `evidence` what its
    signatures say together. `old_slugs` lead here. `not_same` names records that somebody said are other people; `into`
    the record that this one was merged into, which retires it.
    """

    id: AuthorId
    name: str
    key: str
    slug: str
    slug_stem: str
    words: tuple[str, ...]
    blocks: tuple[str, ...] = ()
    evidence: Evidence = Evidence()
    old_slugs: tuple[str, ...] = ()
    not_same: tuple[AuthorId, ...] = ()
    into: AuthorId | None = None
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
                "evidence": self.evidence.with_signature(credit.signature),
                "blocks": _blocks(self.blocks, credit.signature),
            }
        )

    def with_credits(self, credits_: Sequence[Credit]) -> "Author":
        """The record with exactly these works."""
        empty = {"works": 0, "topics": (), "affiliations": (), "links": Links(), "evidence": Evidence()}
        author = self.model_copy(update=empty)
        for credit in credits_:
            author = author.with_credit(credit)
        return author


def credits_of(work: Work) -> dict[AuthorId, Credit]:
    """What the work adds to each author on its byline."""
    first = [entry.author_id for entry in work.byline[: IDENTITY_COAUTHORS + 1]]
    signatures = signatures_of(work)
    return {
        entry.author_id: Credit(
            work_id=work.id,
            coauthors=tuple(other for other in first if other != entry.author_id)[:IDENTITY_COAUTHORS],
            topics=work.topics,
            affiliations=entry.affiliations,
            signature=signatures[entry.position - 1],
        )
        for entry in work.byline
    }


def signatures_of(work: Work) -> list[Signature]:
    """Each place of the byline as resolution compares it."""
    return signatures_on(work.people, work)


def signatures_on(people: Sequence[RecordAuthor], work: Work) -> list[Signature]:
    """Each of these people as resolution compares them, as the byline of that work."""
    keys = [name_key(person.name) for person in people]
    first = keys[: IDENTITY_COAUTHORS + 1]
    topics = tuple(topic.id for topic in work.topics)
    return [
        Signature(
            **person.model_dump(include={"name", "given", "family", "orcid", "ids", "email_domain", "affiliations"}),
            coauthors=(*first[:place], *first[place + 1 :])[:IDENTITY_COAUTHORS],
            topics=topics,
            year=work.published_on.year,
            work_id=work.id,
        )
        for place, person in enumerate(people)
    ]


def _blocks(known: tuple[str, ...], signature: Signature) -> tuple[str, ...]:
    new = block_keys(signature.name, signature.given, signature.family)
    return tuple(dict.fromkeys((*known, *new)))[:MAX_BLOCKS]


def _count(counted: tuple[Counted, ...], more: Iterable[tuple[str, str]]) -> tuple[Counted, ...]:
    counts = {item.id: item for item in counted}
    for key, label in more:
        known = counts.get(key)
        counts[key] = Counted(id=key, label=label, works=known.works + 1 if known else 1)
    return tuple(counts.values())
