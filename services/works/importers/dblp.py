"""dblp: its XML (dblp.xml and single records), and the replies of its search in XML or JSON."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from services.works.domain.record import RecordAuthor, Refused, SourceRecord
from services.works.importers.published import PublishedFields, arxiv_ids, doi_ids, kind_of
from services.works.importers.reading import (
    MAX_SAID,
    Unfit,
    each_read,
    fields_of,
    items_of,
    json_of,
    moment_of,
    name_of,
    orcid_of,
    text_of,
    xml_events,
)
from services.works.importers.text import shortened
from services.works.importers.xml_parts import each, inner, tag, words
from shared.events.works import WorkKind

KINDS: Mapping[str, WorkKind] = {
    "article": "article", "journal-articles": "article", "inproceedings": "conference_paper",
    "conference-and-workshop-papers": "conference_paper", "incollection": "chapter",
    "parts-in-books-or-collections": "chapter", "book": "book", "books-and-theses": "book", "phdthesis": "thesis",
    "mastersthesis": "thesis", "data": "dataset", "data-and-artifacts": "dataset", "informal-and-other-publications":
    "preprint", "informal-publications": "preprint",
}  # fmt: skip
_RECORDS = frozenset({"article", "inproceedings", "incollection", "book", "phdthesis", "mastersthesis", "data"})
_NUMBERED = re.compile(r"\s\d{4}$")
_NOT_WORKS = frozenset({"proceedings", "www", "person"})


def parse_dblp(data: bytes) -> Iterator[SourceRecord | Refused]:
    """Each publication as a record, or refused with the reason. Raises NotReadable for what is neither form.

    dblp.xml names its letters by entities of its own document type, which is never loaded: they are those of HTML.
    """
    if data.lstrip()[:1] != b"<":
        hits = fields_of(fields_of(fields_of(json_of(data)).get("result")).get("hits"))
        found = [fields_of(hit).get("info") for hit in items_of(hits.get("hit"))]
        entries = ((text_of(fields_of(info).get("key")) or f"hit {n}", info) for n, info in enumerate(found, start=1))
        return each_read(entries, _from_json)
    return _from_xml(data)


def _from_xml(data: bytes) -> Iterator[SourceRecord | Refused]:
    place = 0
    for event, element in xml_events(data, doctype="dblp"):
        name = tag(element)
        if event != "end" or name not in _RECORDS | _NOT_WORKS | {"info"}:
            continue
        place += 1
        key = element.get("key") or inner(element, "key") or f"record {place}"
        if name in _NOT_WORKS:
            yield Refused(shortened(key, MAX_SAID), "it is a volume of proceedings or a person's page, not a work")
        else:
            yield _read(element, key)
        element.clear()


def _read(element: etree._Element, key: str) -> SourceRecord | Refused:
    try:
        kind = inner(element, "type") or tag(element)
        venue = inner(element, "journal") or inner(element, "booktitle") or inner(element, "venue")
        links = [words(found) for found in each(element, "ee")] + [inner(element, "doi")]
        authors = [
            _author(words(author), author.get("pid") or "", author.get("orcid") or "")
            for author in each(element, "author")
        ]
        return _record(key, kind, inner(element, "title"), inner(element, "year"), venue, links, authors)
    except Unfit as unfit:
        return Refused(shortened(key, MAX_SAID), str(unfit))


def _from_json(info: dict[str, Any]) -> SourceRecord:
    listed = fields_of(info.get("authors")).get("author")
    people = [fields_of(person) for person in (listed if isinstance(listed, list) else [listed])]
    authors = [_author(text_of(person.get("text")), text_of(person.get("@pid")), "") for person in people]
    links = [text_of(info.get("ee")), text_of(info.get("doi"))]
    key, kind, title, year = (text_of(info.get(name)) for name in ("key", "type", "title", "year"))
    return _record(key, kind, title, year, text_of(info.get("venue")), links, authors)


def _author(name: str, pid: str, orcid: str) -> RecordAuthor:
    """The name without the number that dblp tells namesakes apart by, which is kept as an id."""
    whole = name_of(unescape(name))
    number = _NUMBERED.search(whole)
    ids = (f"dblp:{pid}",) if pid else (f"dblp:{whole}",) if number else ()
    return RecordAuthor(name=_NUMBERED.sub("", whole), ids=ids, orcid=orcid_of(orcid))


def _record(
    key: str, kind: str, title: str, year: str, venue: str, links: list[str], authors: list[RecordAuthor]
) -> SourceRecord:
    found = kind_of(KINDS, kind)
    found = "preprint" if key.startswith("journals/corr/") else found
    reviewed = found in {"article", "conference_paper", "chapter", "book"}
    ids = [each for link in links for each in (*doi_ids(link), *(arxiv_ids(link) if "arxiv.org" in link else ()))]
    return PublishedFields(
        source="dblp",
        source_class="peer_reviewed" if reviewed else "moderated" if ids and "arxiv" in ids[-1] else "self_deposit",
        kind=found,
        identifiers=[f"dblp:{key}" if key else "", *ids],
        url=f"https://dblp.org/rec/{key}" if key else "",
        title=unescape(title).removesuffix("."),
        authors=authors,
        published=moment_of(year),
        venue=unescape(venue),
    ).record()
