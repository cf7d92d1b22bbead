"""DataCite's XML, kernels 3 and 4."""

from collections.abc import Iterator, Mapping

from lxml import etree  # type: ignore[import-untyped]

from services.works.domain.record import RecordAuthor, Refused, SourceRecord
from services.works.importers.published import PublishedFields, doi_ids, keyword, kind_of
from services.works.importers.reading import (
    MAX_SAID,
    Unfit,
    affiliations_of,
    moment_of,
    name_of,
    orcid_of,
    xml_events,
)
from services.works.importers.text import shortened
from services.works.importers.xml_parts import child, each, inner, tag, words
from shared.events.works import WorkKind

KINDS: Mapping[str, WorkKind] = {
    "journalarticle": "article", "datapaper": "article", "conferencepaper": "conference_paper", "preprint": "preprint",
    "bookchapter": "chapter", "book": "book", "dissertation": "thesis", "dataset": "dataset", "collection": "dataset",
    "software": "software", "report": "report",
}  # fmt: skip


def parse_datacite_xml(data: bytes) -> Iterator[SourceRecord | Refused]:
    """Each resource as a record, or refused with the reason. Raises NotReadable for what is no XML."""
    place = 0
    for event, element in xml_events(data):
        if event == "end" and tag(element) == "resource":
            place += 1
            yield _read(element, place)
            element.clear()


def _read(resource: etree._Element, place: int) -> SourceRecord | Refused:
    doi = inner(resource, "identifier")
    issued = [words(date) for date in each(resource, "date") if date.get("dateType") == "Issued"]
    kind = child(resource, "resourceType")
    general = (kind.get("resourceTypeGeneral") or "") if kind is not None else ""
    try:
        return PublishedFields(
            source="DataCite",
            source_class="self_deposit",
            kind=kind_of(KINDS, general.lower()),
            identifiers=doi_ids(doi),
            url=f"https://doi.org/{doi}",
            title=words(next(each(resource, "title"), None)),
            authors=[_author(creator) for creator in each(resource, "creator")],
            published=moment_of("".join(issued[:1])) or moment_of(inner(resource, "publicationYear")),
            abstract="\n\n".join(
                words(text) for text in each(resource, "description") if text.get("descriptionType") == "Abstract"
            ),
            topics=[keyword("datacite", words(subject)) for subject in each(resource, "subject") if words(subject)],
            venue=inner(resource, "publisher"),
        ).record()
    except Unfit as unfit:
        return Refused(shortened(doi or f"record {place}", MAX_SAID), str(unfit))


def _author(creator: etree._Element) -> RecordAuthor:
    given, family = name_of(inner(creator, "givenName")), name_of(inner(creator, "familyName"))
    name = name_of(inner(creator, "creatorName"))
    last, comma, first = name.partition(",")
    ids = [words(found) for found in each(creator, "nameIdentifier")]
    return RecordAuthor(
        name=(" ".join(filter(None, (given, family))) or (f"{first} {last}" if comma else name)).strip(),
        given=given or first.strip() or None,
        family=family or (last if comma else None) or None,
        affiliations=affiliations_of(words(found) for found in list(each(creator, "affiliation"))[:30]),
        orcid=next(filter(None, map(orcid_of, ids)), None),
    )
