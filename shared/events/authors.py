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
    """A new author record: a name read on a byline that no known record answers to.

    Said again of a record that was merged away, it means that the record stands again: the merge was undone.
    """

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


class AuthorRenamed(AuthorEvent):
    """The record shows another name from now on. Its old slug redirects to the new one for ever."""

    slug: str
    name: str


class AuthorsMerged(AuthorEvent):
    """This record was taken for the same person as another one, and is retired: its id and slug redirect for ever.

    Its credits were taken from it before, and given to `into`, whose slug and name are those at the time.
    """

    into: AuthorId
    into_slug: str
    into_name: str


class AuthorSplit(AuthorEvent):
    """Works of this record turned out to be somebody else's: they are credited to `part` now.

    `part` is a new record, or one that stands again after a merge was undone.
    """

    part: AuthorId
    part_slug: str
    part_name: str
    works: tuple[WorkId, ...]
