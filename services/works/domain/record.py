"""What a source says about one work: the one model behind all importers."""

import hashlib
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from shared.events.works import SourceClass, Topic, WorkKind, WorkStatus


class Frozen(BaseModel):
    """A model that never changes after it is made."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class RecordAuthor(Frozen):
    """One name on the byline as the source prints it, in reading order: "Hannah Lawrence", "ATLAS Collaboration".

    `given` and `family` where the source parts them. `orcid` is the bare iD, its check digit right.
    `ids` are the source's own names for the person, "openalex:A5023888391"; they are hints and no proof.
    `email_domain` is what stands after the @ of a printed address; the address itself is never kept.
    """

    name: str
    affiliations: tuple[str, ...] = ()
    given: str | None = None
    family: str | None = None
    orcid: str | None = None
    ids: tuple[str, ...] = ()
    email_domain: str | None = None


class SourceRecord(Frozen):
    """One work as one source describes it. Text has its LaTeX as given; only white space is settled.

    `identifiers` name the work in schemes, the source's own first: "arxiv:2401.01869", "doi:10.1103/…" (lower case).
    `version` is the source's number of this version, None where it counts none; `updated_at` is that version's time,
    or that of publication where the source gives none. A date known to the month or year alone is its first day.
    `references` are identifiers of works that this one cites; `status` is "retracted" where the source says so.
    """

    source: str
    source_class: SourceClass
    source_url: str
    kind: WorkKind
    identifiers: tuple[str, ...]
    version: int | None
    published_at: datetime
    updated_at: datetime
    title: str
    abstract: str
    authors: tuple[RecordAuthor, ...]
    topics: tuple[Topic, ...]
    status: WorkStatus = "current"
    comments: str | None = None
    journal_ref: str | None = None
    references: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The source's own identifier, for people: what a refusal names."""
        return self.identifiers[0]

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same content, whenever and in whatever file it arrives."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:32]


class Refused(NamedTuple):
    """A record that cannot be a work, and why, in words for whoever brought it."""

    record: str
    reason: str
