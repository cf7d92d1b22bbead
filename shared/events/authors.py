"""authors.v1: author records and what they are credited with. Owner: works. Subject: the author record."""

from datetime import date
from typing import ClassVar

from shared.events.base import AuthorId, Event, SignatureId, Value, WorkId
from shared.events.works import SourceClass, Topic, WorkKind, WorkStatus

CROWD = 50
"""A byline longer than this ties nobody to anybody: its authors need not know each other, and its credits name no
coauthors, which would grow squared."""


class Coauthor(Value):
    """Another author record on the same byline."""

    author_id: AuthorId
    name: str


class AuthorEvent(Event):
    """An event of one author record."""

    topic: ClassVar[str] = "authors.v1"

    author_id: AuthorId

    @property
    def subject(self) -> str:
        return self.author_id


class AuthorIdentified(AuthorEvent):
    """A new author record: a name read on a byline that no known record answers to."""

    slug: str
    name: str


class AuthorCredited(AuthorEvent):
    """A byline names this author record. A second credit for the same work replaces the first.

    Carries all that author-centred views need, so that none has to ask the works service.
    `kappa` is the resolver's chance, 0 to 1, that the record as it now stands is one person.
    """

    author_name: str
    slug: str
    work_id: WorkId
    signature_id: SignatureId
    position: int
    byline_size: int
    kind: WorkKind
    source: str
    source_class: SourceClass
    year: int
    published_on: date
    is_new: bool
    title: str
    topics: tuple[Topic, ...]
    coauthors: tuple[Coauthor, ...]
    affiliations: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    version_group: str
    status: WorkStatus = "current"
    kappa: float


class AuthorUncredited(AuthorEvent):
    """A byline no longer names this author record. `kappa` as in AuthorCredited."""

    work_id: WorkId
    kappa: float
