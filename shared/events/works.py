"""works.v1: what is known of a work. Owner: works. Subject: the work."""

from datetime import date
from typing import ClassVar, Literal

from shared.events.base import AuthorId, Event, SignatureId, Value, WorkId

WorkKind = Literal[
    "preprint", "article", "conference_paper", "chapter", "book", "thesis", "dataset", "software", "report", "other"
]
WorkStatus = Literal["current", "withdrawn", "retracted"]
SourceClass = Literal["peer_reviewed", "moderated", "self_deposit", "self_import"]


class Topic(Value):
    """A subject term with its scheme, such as `arxiv:cs.LG`, and a label for people."""

    id: str
    label: str


class Byline(Value):
    """One author's place on a work: `position` counts from 1, `affiliations` are as the source prints them."""

    signature_id: SignatureId
    author_id: AuthorId
    name: str
    position: int
    affiliations: tuple[str, ...] = ()


class WorkEvent(Event):
    """The whole public state of a work after the event, without its abstract."""

    topic: ClassVar[str] = "works.v1"

    work_id: WorkId
    kind: WorkKind
    source: str
    source_class: SourceClass
    identifiers: tuple[str, ...]
    title: str
    title_text: str
    year: int
    published_on: date
    is_new: bool
    topics: tuple[Topic, ...]
    byline: tuple[Byline, ...]
    status: WorkStatus = "current"

    @property
    def subject(self) -> str:
        return self.work_id


class WorkImported(WorkEvent):
    """A work came in for the first time. `is_new`: published within 30 days before the import."""


class WorkUpdated(WorkEvent):
    """A newer version or another source changed a work. Never makes a work new.

    `merged_into`: this work turned out to be that one; its byline is empty, nobody is credited with it any more, and
    its id redirects. A later WorkUpdated without it says that the merge was undone.
    """

    merged_into: WorkId | None = None


class WorkWithdrawn(WorkEvent):
    """Its authors or its source withdrew the work. It stays listed, and says so wherever it appears."""


class WorkRetracted(WorkEvent):
    """Its publisher retracted the work. It stays listed, and says so wherever it appears."""
