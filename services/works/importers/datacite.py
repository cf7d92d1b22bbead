"""DataCite: replies of its REST API, its XML (kernels 3 and 4), and Zenodo's records."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from services.works.domain.record import RecordAuthor, Refused, SourceRecord
from services.works.importers.datacite_xml import parse_datacite_xml
from services.works.importers.published import PublishedFields, arxiv_ids, doi_ids, keyword, kind_of, page_url
from services.works.importers.reading import (
    Unfit,
    affiliations_of,
    each_read,
    fields_of,
    items_of,
    json_entries,
    moment_of,
    name_of,
    orcid_of,
    text_of,
)
from shared.events.works import WorkKind

KINDS: Mapping[str, WorkKind] = {
    "journalarticle": "article", "article": "article", "datapaper": "article", "conferencepaper": "conference_paper",
    "preprint": "preprint", "bookchapter": "chapter", "book": "book", "dissertation": "thesis", "thesis": "thesis",
    "dataset": "dataset", "collection": "dataset", "software": "software", "report": "report",
}  # fmt: skip


def parse_datacite(data: bytes) -> Iterator[SourceRecord | Refused]:
    """Each work as a record, of JSON or XML. Raises NotReadable for what is neither."""
    if data.lstrip()[:1] == b"<":
        return parse_datacite_xml(data)
    entries = json_entries(data, "data", "hits")
    return each_read(((_name(place, entry), _inner(entry)) for place, entry in entries), _read)


def _inner(entry: object) -> object:
    """The work itself, out of what replies wrap it in."""
    fields = fields_of(entry)
    return _inner(fields["data"]) if isinstance(fields.get("data"), dict) else entry


def _name(place: str, entry: object) -> str:
    fields = fields_of(_inner(entry))
    return text_of(fields.get("doi")) or text_of(fields.get("id")) or place


def _read(entry: dict[str, Any]) -> SourceRecord:
    if "errors" in entry:
        said = [text_of(fields_of(each).get("title")) for each in items_of(entry["errors"])]
        raise Unfit(f"DataCite answered: {'; '.join(said)[:300]}")
    if isinstance(entry.get("metadata"), dict):
        return _zenodo(entry)
    work = fields_of(entry.get("attributes")) or entry
    doi = text_of(work.get("doi"))
    types = fields_of(work.get("types"))
    kind = kind_of(KINDS, text_of(types.get("resourceTypeGeneral")).lower())
    if kind == "other":
        kind = kind_of(KINDS, text_of(types.get("resourceType")).lower().replace(" ", ""))
    return PublishedFields(
        source="DataCite",
        source_class="self_deposit",
        kind=kind,
        identifiers=[*doi_ids(doi), *_on_arxiv(work)],
        url=f"https://doi.org/{doi}" if doi else "",
        title=_first(work.get("titles"), "title"),
        authors=[_author(fields_of(each)) for each in items_of(work.get("creators"))],
        published=_published(work),
        updated=moment_of(work.get("updated")),
        abstract=_abstract(work),
        topics=[
            keyword("datacite", label)
            for each in items_of(work.get("subjects"))[:30]
            if (label := text_of(fields_of(each).get("subject")))
        ],
        venue=text_of(fields_of(work.get("container")).get("title")) or _publisher(work),
    ).record()


def _publisher(work: dict[str, Any]) -> str:
    publisher = work.get("publisher")
    return text_of(fields_of(publisher).get("name")) or text_of(publisher)


def _first(values: object, name: str) -> str:
    return next((text for each in items_of(values) if (text := text_of(fields_of(each).get(name)))), "")


def _published(work: dict[str, Any]) -> datetime | None:
    dates = {
        text_of(fields_of(each).get("dateType")): fields_of(each).get("date") for each in items_of(work.get("dates"))
    }
    year = moment_of(text_of(work.get("publicationYear")))
    return (
        moment_of(dates.get("Issued")) or year or moment_of(dates.get("Available")) or moment_of(dates.get("Created"))
    )


def _abstract(work: dict[str, Any]) -> str:
    texts = [fields_of(each) for each in items_of(work.get("descriptions"))]
    abstracts = [each for each in texts if text_of(each.get("descriptionType")) == "Abstract"]
    return "\n\n".join(text_of(each.get("description")) for each in abstracts)


def _on_arxiv(work: dict[str, Any]) -> list[str]:
    others = [fields_of(each) for each in items_of(work.get("identifiers"))]
    ids = [text_of(each.get("identifier")) for each in others if text_of(each.get("identifierType")).lower() == "arxiv"]
    return [found for each in ids for found in arxiv_ids(each)]


def _author(creator: dict[str, Any]) -> RecordAuthor:
    given, family = name_of(text_of(creator.get("givenName"))), name_of(text_of(creator.get("familyName")))
    name = name_of(text_of(creator.get("name")))
    last, comma, first = name.partition(",")
    ids = [text_of(fields_of(each).get("nameIdentifier")) for each in items_of(creator.get("nameIdentifiers"))]
    places = [text_of(each) or text_of(fields_of(each).get("name")) for each in items_of(creator.get("affiliation"))]
    return RecordAuthor(
        name=" ".join(filter(None, (given, family))) or (f"{first.strip()} {last}" if comma else name).strip(),
        given=given or (first.strip() if comma else None) or None,
        family=family or (last if comma else None) or None,
        affiliations=affiliations_of(places[:30]),
        orcid=next(filter(None, map(orcid_of, ids)), None),
    )


def _zenodo(entry: dict[str, Any]) -> SourceRecord:
    work = fields_of(entry["metadata"])
    kind = fields_of(work.get("resource_type"))
    return PublishedFields(
        source="DataCite",
        source_class="self_deposit",
        kind=kind_of(KINDS, (text_of(kind.get("subtype")) or text_of(kind.get("type"))).lower()),
        identifiers=doi_ids(text_of(work.get("doi")) or text_of(entry.get("doi"))),
        url=page_url(text_of(entry.get("doi_url")), text_of(fields_of(entry.get("links")).get("html"))),
        title=text_of(work.get("title")),
        authors=[_zenodo_author(fields_of(each)) for each in items_of(work.get("creators"))],
        published=moment_of(work.get("publication_date")) or moment_of(entry.get("created")),
        updated=moment_of(entry.get("modified")),
        abstract=text_of(work.get("description")),
        topics=[keyword("datacite", label) for each in items_of(work.get("keywords"))[:30] if (label := text_of(each))],
    ).record()


def _zenodo_author(creator: dict[str, Any]) -> RecordAuthor:
    return _author(
        {
            "name": creator.get("name"),
            "affiliation": [creator.get("affiliation")],
            "nameIdentifiers": [{"nameIdentifier": creator.get("orcid")}],
        }
    )
