"""arXiv's Atom feeds, in the shape of 2026 and in the older ones."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from lxml import etree  # type: ignore[import-untyped]

from services.works.domain.record import RecordAuthor, Refused, SourceRecord
from services.works.importers.arxiv_categories import topics_of
from services.works.importers.arxiv_ids import ArxivId, parse_arxiv_id
from services.works.importers.doi import find_dois
from services.works.importers.reading import (
    MAX_ABSTRACT,
    MAX_DOIS,
    MAX_NOTE,
    MAX_SAID,
    MAX_TOPICS,
    NotReadable,
    Unfit,
    affiliations_of,
    bounded,
    byline_of,
    dates_of,
    few,
    moment_of,
    name_of,
    title_of,
    xml_events,
)
from services.works.importers.text import one_line, paragraphs, shortened
from services.works.importers.withdrawn import is_withdrawn

ATOM = "{http://www.w3.org/2005/Atom}"
ARXIV = "{http://arxiv.org/schemas/atom}"
TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"


def parse_arxiv(data: bytes) -> Iterator[SourceRecord | Refused]:
    """Each entry of the feed as a record, or refused with its reason, in the feed's order.

    Raises NotReadable for what is no Atom feed or no well-formed XML; entities, the network and huge trees are off.
    """
    for place, entry in enumerate(_entries(data), start=1):
        yield _read(entry, place)


def total_results(data: bytes) -> int:
    """How many results arXiv has for the query that this feed answers, 0 where it does not say."""
    for element in _walk(data, TOTAL):
        text = (element.text or "").strip()
        return int(text) if text.isdecimal() else 0
    return 0


def _entries(data: bytes) -> Iterator[etree._Element]:
    for element in _walk(data, f"{ATOM}entry"):
        yield element
        element.clear()


def _walk(data: bytes, tag: str) -> Iterator[etree._Element]:
    walk = xml_events(data)
    _, root = next(walk)
    if root.tag != f"{ATOM}feed":
        raise NotReadable(f"This is no Atom feed: its outermost element is <{etree.QName(root).localname}>.")
    for event, element in walk:
        if event == "end" and element.tag == tag:
            yield element


def _read(entry: etree._Element, place: int) -> SourceRecord | Refused:
    address = _text(entry, f"{ATOM}id")
    name = shortened(one_line(address), MAX_SAID) or f"entry {place}"
    if "/api/errors" in address:
        _, _, anchor = address.partition("#")
        said = one_line(_text(entry, f"{ATOM}summary")) or one_line(_text(entry, f"{ATOM}title"))
        return Refused(shortened(anchor, MAX_SAID) or name, f"arXiv answered: {shortened(said, MAX_SAID)}")
    arxiv_id = parse_arxiv_id(address)
    if arxiv_id is None:
        return Refused(name, "its id is no arXiv identifier" if address else "it has no id")
    try:
        return _record(entry, arxiv_id)
    except Unfit as error:
        return Refused(name, str(error))


def _record(entry: etree._Element, arxiv_id: ArxivId) -> SourceRecord:
    published, updated = _dates(entry)
    abstract = bounded("abstract", paragraphs(_text(entry, f"{ATOM}summary")), MAX_ABSTRACT)
    comments = _note(entry, "comment")
    return SourceRecord(
        source="arXiv",
        source_class="moderated",
        source_url=f"https://arxiv.org/abs/{arxiv_id.base}",
        kind="preprint",
        identifiers=(f"arxiv:{arxiv_id.base}", *(f"doi:{doi}" for doi in _dois(entry))),
        version=arxiv_id.version,
        published_at=published,
        updated_at=updated,
        title=title_of(_text(entry, f"{ATOM}title")),
        abstract=abstract,
        authors=_authors(entry),
        topics=topics_of(few("topics", _categories(entry), MAX_TOPICS)),
        status="withdrawn" if is_withdrawn(abstract, comments) else "current",
        comments=comments,
        journal_ref=_note(entry, "journal_ref"),
    )


def _note(entry: etree._Element, name: str) -> str | None:
    return bounded(name, one_line(_text(entry, f"{ARXIV}{name}")), MAX_NOTE) or None


def _dois(entry: etree._Element) -> Sequence[str]:
    written = " ".join(element.text or "" for element in entry.findall(f"{ARXIV}doi"))
    return few("DOIs", find_dois(bounded("DOI", written, MAX_NOTE)), MAX_DOIS)


def _authors(entry: etree._Element) -> tuple[RecordAuthor, ...]:
    return byline_of(
        RecordAuthor(name=name_of(_text(author, f"{ATOM}name")), affiliations=_affiliations(author))
        for author in entry.findall(f"{ATOM}author")
    )


def _affiliations(author: etree._Element) -> tuple[str, ...]:
    return affiliations_of(element.text or "" for element in author.findall(f"{ARXIV}affiliation"))


def _categories(entry: etree._Element) -> list[str]:
    primary = entry.find(f"{ARXIV}primary_category")
    all_of_them = [primary, *entry.findall(f"{ATOM}category")]
    return [term for element in all_of_them if element is not None and (term := (element.get("term") or "").strip())]


def _dates(entry: etree._Element) -> tuple[datetime, datetime]:
    published = moment_of(_text(entry, f"{ATOM}published"))
    return dates_of(published, updated=moment_of(_text(entry, f"{ATOM}updated")))


def _text(element: etree._Element, tag: str) -> str:
    found = element.find(tag)
    return "".join(found.itertext()).strip() if found is not None else ""
