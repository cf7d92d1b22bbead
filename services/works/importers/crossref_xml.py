"""Crossref's XML: unixref and unixsd, of journals, books, conferences, reports, theses, data and posted content."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from lxml import etree  # type: ignore[import-untyped]

from services.works.domain.record import RecordAuthor, Refused, SourceRecord
from services.works.importers.published import PublishedFields, doi_ids
from services.works.importers.reading import (
    MAX_SAID,
    Unfit,
    affiliations_of,
    moment_from,
    name_of,
    orcid_of,
    xml_events,
)
from services.works.importers.text import shortened
from services.works.importers.xml_parts import child, each, inner, tag, words
from shared.events.works import WorkKind

KINDS: Mapping[str, WorkKind] = {
    "journal_article": "article", "conference_paper": "conference_paper", "content_item": "chapter",
    "book_metadata": "book", "book_series_metadata": "book", "book_set_metadata": "book",
    "report-paper_metadata": "report", "report-paper_series_metadata": "report", "dissertation": "thesis",
    "posted_content": "preprint", "dataset": "dataset", "database_metadata": "dataset", "peer_review": "other",
    "component": "other", "standard_metadata": "other", "pending_publication": "other",
}  # fmt: skip
_CONTAINERS = ("full_title", "proceedings_title")


def parse_crossref_xml(data: bytes) -> Iterator[SourceRecord | Refused]:
    """Each record as its innermost work, or refused with the reason. Raises NotReadable for what is no XML."""
    place = 0
    for event, element in xml_events(data):
        if (
            event == "end"
            and tag(element) in {"doi_record", "crossref_result"}
            and not list(each(element, "doi_record"))
        ):
            place += 1
            yield _read(element, place)
            element.clear()


def _read(record: etree._Element, place: int) -> SourceRecord | Refused:
    bodies = [found for found in record.iter() if tag(found) in KINDS]
    body = next((found for found in reversed(bodies) if child(found, "doi_data") is not None), None)
    name = inner(body, "doi_data", "doi")
    try:
        return _record(record, body, name) if body is not None else Refused(f"record {place}", _said(record))
    except Unfit as unfit:
        return Refused(shortened(name or f"record {place}", MAX_SAID), str(unfit))


def _said(record: etree._Element) -> str:
    said = words(next(each(record, "error"), None))
    return f"Crossref answered: {shortened(said, MAX_SAID)}" if said else "it holds no work with a DOI"


def _record(record: etree._Element, body: etree._Element, doi: str) -> SourceRecord:
    kind = KINDS[tag(body)]
    people = [found for found in body.iter() if tag(found) in {"person_name", "organization"}]
    authors = [found for found in people if found.get("contributor_role") in {"author", None}]
    venue = next((words(found) for name in _CONTAINERS for found in each(record, name)), "")
    reviewed = kind in {"article", "conference_paper", "chapter", "book"}
    return PublishedFields(
        source="Crossref",
        source_class="peer_reviewed" if reviewed else "self_deposit",
        kind=kind,
        identifiers=doi_ids(doi),
        url=f"https://doi.org/{doi}",
        title=words(next(each(body, "title"), None)),
        authors=[_author(found) for found in authors],
        published=_date(body) or _date(record),
        abstract="\n\n".join(words(found) for found in each(body, "abstract"))[:200_000],
        venue=venue,
        references=[identifier for found in each(body, "citation") for identifier in doi_ids(inner(found, "doi"))[:1]],
    ).record()


def _author(person: etree._Element) -> RecordAuthor:
    given, family = name_of(inner(person, "given_name")), name_of(inner(person, "surname"))
    alone = name_of(words(person)) if tag(person) == "organization" else ""
    places = [words(found) for name in ("affiliation", "institution_name") for found in each(person, name)]
    return RecordAuthor(
        name=" ".join(filter(None, (given, family, inner(person, "suffix")))) or alone,
        given=given or None,
        family=family or None,
        affiliations=affiliations_of(places[:30]),
        orcid=orcid_of(inner(person, "ORCID")),
    )


def _date(element: etree._Element) -> datetime | None:
    """The earliest date of publication in the element."""
    names = ("publication_date", "posted_date", "approval_date", "review_date", "creation_date", "database_date")
    found = (
        moment_from(inner(date, "year"), inner(date, "month") or None, inner(date, "day") or None)
        or moment_from(inner(date, "year"))
        for name in names
        for date in each(element, name)
    )
    return min(filter(None, found), default=None)
