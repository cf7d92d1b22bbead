"""One work out of what its sources tell: which source's word stands for each field (docs/one-work.md)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar

from services.works.domain.aligning import align
from services.works.domain.record import Frozen, RecordAuthor, SourceRecord
from shared.events.works import SourceClass, Topic, WorkKind, WorkStatus

CLASSES: tuple[SourceClass, ...] = ("peer_reviewed", "moderated", "self_deposit", "self_import")
"""Whose word stands for what kind of work it is: the stronger class first."""
SOURCES = (
    "arXiv", "PMLR", "ACL Anthology", "ML Anthology", "Crossref", "PubMed", "Europe PMC", "DataCite", "OpenAlex",
    "Semantic Scholar", "OpenAIRE", "dblp", "ORCID", "import", "BibTeX", "RIS",
)  # fmt: skip
"""Whose word stands for text and byline: those that keep the authors' own wording first."""
MAX_TOPICS = 50
MAX_REFERENCES = 2_000
T = TypeVar("T")


class Telling(Frozen):
    """What one source last said of a work, and when that was taken in."""

    record: SourceRecord
    at: datetime

    @property
    def key(self) -> str:
        """One for each record of each source: a later version of the record takes the place of an earlier one."""
        return f"{self.record.source}/{self.record.key}"


class Asserted(Frozen):
    """Who says what a field says, and when that was taken in."""

    field: str
    source: str
    at: datetime


class Composed(Frozen):
    """A work's fields, each from the source whose word stands for it."""

    kind: WorkKind
    source: str
    source_class: SourceClass
    source_url: str
    identifiers: tuple[str, ...]
    title: str
    abstract: str
    year: int
    published_on: date
    updated_at: datetime
    topics: tuple[Topic, ...]
    people: tuple[RecordAuthor, ...]
    status: WorkStatus
    comments: str | None
    journal_ref: str | None
    references: tuple[str, ...]
    asserted: tuple[Asserted, ...]


def compose(tellings: Iterable[Telling]) -> Composed:
    """The work that these tellings, of which there is at least one, make together; their order does not matter."""
    by_lead = sorted(tellings, key=_lead_order)
    by_text = sorted(by_lead, key=_text_order)
    lead, latest = by_lead[0], max(each.record.updated_at for each in by_lead)
    titled, told = by_text[0], _first(by_text, lambda record: record.abstract)
    commented, referred = _first(by_text, lambda r: r.comments), _first(by_lead, lambda r: r.journal_ref)
    return Composed(
        **{name: getattr(lead.record, name) for name in ("kind", "source", "source_class", "source_url")},
        identifiers=_all(by_lead, lambda record: record.identifiers),
        title=titled.record.title,
        abstract=told.record.abstract,
        year=_year(lead.record),
        published_on=_published(by_lead).date(),
        updated_at=latest,
        topics=_topics(by_text),
        people=_people([each.record.authors for each in by_text]),
        status=_status(by_lead),
        comments=commented.record.comments,
        journal_ref=referred.record.journal_ref,
        references=_all(by_lead, lambda record: record.references)[:MAX_REFERENCES],
        asserted=_asserted({"kind": lead, "year": lead, "title": titled, "abstract": told, "byline": titled}),
    )


def _lead_order(telling: Telling) -> tuple[int, int, str]:
    return (CLASSES.index(telling.record.source_class), *_text_order(telling))


def _text_order(telling: Telling) -> tuple[int, str]:
    source = telling.record.source
    return SOURCES.index(source) if source in SOURCES else SOURCES.index("import"), telling.key


def _first(tellings: Sequence[Telling], says: Callable[[SourceRecord], object]) -> Telling:
    return next((each for each in tellings if says(each.record)), tellings[0])


def _all(tellings: Iterable[Telling], of: Callable[[SourceRecord], tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(value for each in tellings for value in of(each.record)))


def _year(record: SourceRecord) -> int:
    """A preprint's year is that of the version shown, any other work's that of its publication."""
    return (record.updated_at if record.kind == "preprint" else record.published_at).year


def _published(tellings: Sequence[Telling]) -> datetime:
    """The earliest date of publication; what only people typed counts where nobody else knows."""
    asserted = [each.record.published_at for each in tellings if each.record.source_class != "self_import"]
    return min(asserted or [each.record.published_at for each in tellings])


def _topics(tellings: Sequence[Telling]) -> tuple[Topic, ...]:
    topics = {topic.id: topic for each in reversed(tellings) for topic in each.record.topics}
    order = dict.fromkeys(topic.id for each in tellings for topic in each.record.topics)
    return tuple(topics[key] for key in order)[:MAX_TOPICS]


def _status(tellings: Sequence[Telling]) -> WorkStatus:
    """Retracted when anybody says so; withdrawn when a source does, unless a peer-reviewed version stands."""
    said = {each.record.status for each in tellings}
    if "retracted" in said:
        return "retracted"
    stands = any(each.record.source_class == "peer_reviewed" and each.record.status == "current" for each in tellings)
    return "withdrawn" if "withdrawn" in said and not stands else "current"


def _people(bylines: Sequence[tuple[RecordAuthor, ...]]) -> tuple[RecordAuthor, ...]:
    """The first byline, each name with what the others know of it where they mean the same person."""
    people = list(bylines[0])
    for byline in bylines[1:]:
        for place, other in enumerate(align([each.name for each in people], [each.name for each in byline])):
            if other is not None:
                people[place] = _enriched(people[place], byline[other])
    return tuple(people)


def _enriched(person: RecordAuthor, other: RecordAuthor) -> RecordAuthor:
    if person.orcid and other.orcid and person.orcid != other.orcid:
        return person
    return person.model_copy(
        update={
            "orcid": person.orcid or other.orcid,
            "email_domain": person.email_domain or other.email_domain,
            "affiliations": person.affiliations or other.affiliations,
            "ids": tuple(dict.fromkeys((*person.ids, *other.ids))),
        }
    )


def _asserted(fields: Mapping[str, Telling]) -> tuple[Asserted, ...]:
    return tuple(Asserted(field=field, source=each.record.source, at=each.at) for field, each in fields.items())
