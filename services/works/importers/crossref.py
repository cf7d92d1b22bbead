"""Crossref's REST replies: a work, a list of works; errors are refused with Crossref's words."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.works.domain.record import RecordAuthor, Refused, SourceRecord
from services.works.importers.crossref_xml import parse_crossref_xml
from services.works.importers.published import PublishedFields, arxiv_ids, doi_ids, keyword, kind_of
from services.works.importers.reading import (
    Unfit,
    affiliations_of,
    each_read,
    fields_of,
    items_of,
    json_entries,
    moment_from,
    name_of,
    orcid_of,
    text_of,
)
from shared.events.works import SourceClass, WorkKind

KINDS: Mapping[str, WorkKind] = {
    "journal-article": "article", "article-journal": "article", "proceedings-article": "conference_paper",
    "paper-conference": "conference_paper", "posted-content": "preprint", "book-chapter": "chapter",
    "chapter": "chapter", "book-section": "chapter", "book-part": "chapter", "reference-entry": "chapter",
    "book": "book", "monograph": "book", "edited-book": "book", "reference-book": "book", "dissertation": "thesis",
    "dataset": "dataset", "report": "report", "report-component": "report",
}  # fmt: skip
_LISTS = ("items", "results")


def parse_crossref(data: bytes) -> Iterator[SourceRecord | Refused]:
    """Each work as a record, of JSON or of XML (unixref, unixsd). Raises NotReadable for what is neither."""
    if data.lstrip()[:1] == b"<":
        return parse_crossref_xml(data)
    return each_read(((_name(place, entry), entry) for place, entry in _entries(data)), _read)


def _entries(data: bytes) -> Iterator[tuple[str, object]]:
    for place, entry in json_entries(data, *_LISTS):
        message = fields_of(entry).get("message")
        if isinstance(message, dict) and isinstance(message.get("items"), list):
            yield from ((f"item {number}", each) for number, each in enumerate(message["items"], start=1))
        elif fields_of(entry).get("status") == "failed" or isinstance(message, list):
            for each in items_of(message) or [message]:
                said = text_of(fields_of(each).get("message")) or text_of(each) or "an error"
                yield "error", Unfit(f"Crossref answered: {said[:300]}")
        else:
            yield place, message if message is not None else entry


def _name(place: str, entry: object) -> str:
    fields = fields_of(entry)
    return text_of(fields.get("DOI")) or text_of(fields.get("id")) or _label(fields) or place


def _label(fields: dict[str, Any]) -> str:
    return text_of(fields.get("name")) or text_of(fields.get("primary-name")) or text_of(fields.get("title"))


def _read(work: dict[str, Any]) -> SourceRecord:
    doi = text_of(work.get("DOI"))
    if not doi:
        raise Unfit("it has no DOI: it is no work, or a work of which only other fields were asked for")
    kind = kind_of(KINDS, text_of(work.get("type")))
    notices = [text_of(fields_of(each).get("type")) for each in items_of(work.get("updated-by"))]
    return PublishedFields(
        source="Crossref",
        source_class=_class_of(kind),
        kind=kind,
        identifiers=[*doi_ids(doi), *_on_arxiv(work)],
        url=f"https://doi.org/{doi}",
        title=_title(work),
        authors=[_author(fields_of(each)) for each in items_of(work.get("author"))],
        published=_date(work, "published", "issued", "published-print", "published-online", "posted", "created"),
        abstract=text_of(work.get("abstract")),
        topics=[keyword("crossref", text_of(each)) for each in items_of(work.get("subject")) if text_of(each)],
        status="retracted" if "retraction" in notices else "current",
        venue=_first(work.get("container-title")),
        references=[
            identifier
            for each in items_of(work.get("reference"))
            for identifier in doi_ids(text_of(fields_of(each).get("DOI")))[:1]
        ],
    ).record()


def _title(work: dict[str, Any]) -> str:
    title, subtitle = _first(work.get("title")), _first(work.get("subtitle"))
    return f"{title}: {subtitle}" if title and subtitle and subtitle not in title else title


def _first(value: object) -> str:
    return text_of(next(iter(value), "")) if isinstance(value, list) else text_of(value)


def _class_of(kind: WorkKind) -> SourceClass:
    return "peer_reviewed" if kind in {"article", "conference_paper", "chapter", "book"} else "self_deposit"


def _date(work: dict[str, Any], *names: str) -> Any:
    for name in names:
        parts = items_of(fields_of(work.get(name)).get("date-parts"))
        found = moment_from(*items_of(parts[0])[:3]) if parts and items_of(parts[0]) else None
        if found is not None:
            return found
    return None


def _on_arxiv(work: dict[str, Any]) -> list[str]:
    related = items_of(fields_of(work.get("relation")).get("has-preprint"))
    ids = [text_of(fields_of(each).get("id")) for each in related]
    return [found for each in ids if "arxiv" in each.lower() for found in (arxiv_ids(each) or doi_ids(each))]


def _author(author: dict[str, Any]) -> RecordAuthor:
    given, family = name_of(text_of(author.get("given"))), name_of(text_of(author.get("family")))
    suffix, alone = text_of(author.get("suffix")), name_of(text_of(author.get("name")))
    return RecordAuthor(
        name=" ".join(filter(None, (given, family, suffix))) or alone,
        given=given or None,
        family=family or None,
        affiliations=affiliations_of(
            text_of(fields_of(each).get("name")) for each in items_of(author.get("affiliation"))[:30]
        ),
        orcid=orcid_of(author.get("ORCID")),
    )
