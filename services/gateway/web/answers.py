"""The API's answers as typed models. Lenient on purpose: a field that is missing or new never breaks a page."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Model(BaseModel):
    """A frozen part of an answer; what the pages do not show is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Topic(Model):
    """A topic as its source names it."""

    id: str
    label: str


class Credit(Model):
    """One name of a byline."""

    name: str
    slug: str | None = None


class Work(Model):
    """A work. `title_html` and `abstract_html` were made safe by the works service."""

    id: str
    title: str
    title_html: str | None = None
    kind: str = "work"
    year: int | None = None
    published_on: date | None = None
    source: str = ""
    source_url: str | None = None
    abstract: str | None = None
    abstract_html: str | None = None
    abstract_text: str | None = None
    status: str = "current"
    topics: tuple[Topic, ...] = ()
    byline: tuple[Credit, ...] = ()
    identifiers: tuple[str, ...] = ()


class WorkList(Model):
    """One page of works."""

    items: tuple[Work, ...] = ()
    next_cursor: str | None = None


class TrustBrief(Model):
    """Trust in one line."""

    score: int
    tier: str
    verification_level: str
    claim_status: str = "unclaimed"


class Counts(Model):
    """The figures of the quick read; None is a figure that is not known now."""

    works: int | None = None
    followers: int | None = None
    topics: int | None = None
    close_collaborators: int | None = None


class ViewerState(Model):
    """What the person who looks may do here."""

    following: bool = False
    can_claim: bool = False
    can_invite: bool = False
    invite_blocked_by: str | None = None
    is_owner: bool = False


class Researcher(Model):
    """A researcher's page in one answer. A part of a service in `missing` is None, or the last known value."""

    id: str
    slug: str
    name: str
    headline: str | None = None
    bio: str | None = None
    badges: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    orcid: str | None = None
    trust: TrustBrief | None = None
    counts: Counts | None = None
    viewer: ViewerState | None = None
    works: WorkList | None = None
    as_of: dict[str, datetime | None] = Field(default_factory=dict)
    missing: tuple[str, ...] = ()


class TrustParts(Model):
    """Points of the five parts, before rounding."""

    identity: float = 0
    provenance: float = 0
    coherence: float = 0
    network: float = 0
    audience: float = 0


class Explanation(Model):
    """One part of the score in words."""

    part: str
    label: str
    points: float
    max: float
    words: str = ""


class Raise(Model):
    """A change that would raise the score, and to what."""

    what: str
    points: float
    score: int


class LedgerEntry(Model):
    """One change of the score."""

    at: datetime
    score: int
    cause: str | None = None
    model: str = ""


class Trust(Model):
    """The explanation of a score."""

    score: int
    sum: float | None = None
    tier: str
    verification_level: str
    claim_status: str = "unclaimed"
    cap: int | None = None
    cap_words: str | None = None
    model: str = "v1"
    parts: TrustParts | None = None
    explanation: tuple[Explanation, ...] = ()
    raises: tuple[Raise, ...] = ()
    kappa: float | None = None
    may_be_several: bool = False
    ledger: tuple[LedgerEntry, ...] = ()
    as_of: datetime | None = None


NodeKind = Literal["work", "person", "topic", "institution"]


class Node(Model):
    """A node of the graph slice."""

    id: str
    kind: NodeKind
    label: str
    slug: str | None = None
    weight: float = 0


class Edge(Model):
    """An edge of the graph slice; `note` says in words what it rests on."""

    id: str
    source: str
    target: str
    kind: str
    weight: float = 0
    works: tuple[str, ...] = ()
    note: str | None = None


class Slice(Model):
    """What surrounds a person in the research graph. `total` counts what there is by kind, shown or not."""

    centre: str
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    total: dict[str, int] = Field(default_factory=dict)
    as_of: datetime | None = None


class Found(Model):
    """A researcher in a list."""

    slug: str
    name: str
    works: int | None = None


class FoundList(Model):
    """One page of researchers."""

    items: tuple[Found, ...] = ()
    next_cursor: str | None = None


class NoticeWork(Model):
    """The work that a notification is about."""

    work_id: str
    title: str
    year: int | None = None
    source: str = ""


class NoticeReason(Model):
    """Why the notification came."""

    kind: str = "follows_author"
    author_name: str = ""
    slug: str | None = None


class Notice(Model):
    """One notification."""

    id: str
    kind: str = "new_work"
    work: NoticeWork | None = None
    reason: NoticeReason = NoticeReason()
    created_at: datetime
    state: Literal["unseen", "seen", "read"] = "unseen"


class NoticeList(Model):
    """One page of notifications."""

    items: tuple[Notice, ...] = ()
    next_cursor: str | None = None
    unseen: int = 0


class Mail(Model):
    """A mail that the embedded mail catcher holds."""

    to: str
    subject: str = ""
    text: str = ""
    links: tuple[str, ...] = ()
