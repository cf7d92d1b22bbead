"""arXiv's Atom feeds, in the shape of 2026 and in the older ones."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO

from lxml import etree  # type: ignore[import-untyped]

from services.works.domain.record import RecordAuthor, Refused, SourceRecord
from services.works.importers.arxiv_categories import topics_of
from services.works.importers.arxiv_ids import ArxivId, parse_arxiv_id
from services.works.importers.doi import find_dois
from services.works.importers.text import one_line, paragraphs, shortened
from services.works.importers.withdrawn import is_withdrawn
from services.works.rendering import render

ATOM = "{http://www.w3.org/2005/Atom}"
ARXIV = "{http://arxiv.org/schemas/atom}"
TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
MAX_TITLE = 5_000
MAX_ABSTRACT = 100_000
MAX_NAME = 300
MAX_AUTHORS = 5_500
"""More than any work of arXiv has."""
MAX_BYLINE = 1_000_000
"""Characters of all names and affiliations: an event that tells of them still fits into a Kafka message."""
MAX_AFFILIATION = 1_000
MAX_AFFILIATIONS = 50
MAX_DOIS = 20
MAX_TOPICS = 50
MAX_NOTE = 10_000
MAX_SAID = 300
_NOBODY = frozenset({"et al", "others", "and others"})


class NotReadable(ValueError):  # noqa: N818 - said of a file, not of the program
    """The file as a whole cannot be read as this source's format. The message says where and why."""


class _Unfit(ValueError):  # noqa: N818 - as above
    """This entry cannot be a work; the message is the reason."""


def parse_arxiv(data: bytes) -> Iterator[SourceRecord | Refused]:
    """Each entry of the feed as a record, or refused with its reason, in the feed's order.

    Raises NotReadable for what is no Atom feed or no well-formed XML; entities, the network and huge trees are off.
    """
    for place, entry in enumerate(_entries(data), start=1):
        yield _read(entry, place)


def total_results(data: bytes) -> int:
    """How many results arXiv has for the query that this feed answers, 0 where it does not say."""
    for _, element in _walk(data, TOTAL):
        text = (element.text or "").strip()
        return int(text) if text.isdecimal() else 0
    return 0


def _entries(data: bytes) -> Iterator[etree._Element]:
    if not data.strip():
        raise NotReadable("The file is empty.")
    for _, element in _walk(data, f"{ATOM}entry"):
        yield element
        element.clear()


def _walk(data: bytes, tag: str) -> Iterator[tuple[str, etree._Element]]:
    walk = etree.iterparse(
        BytesIO(data), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        _, root = next(walk)
        if root.getroottree().docinfo.doctype:
            raise NotReadable("The file declares a document type, which an Atom feed of arXiv never does.")
        if root.tag != f"{ATOM}feed":
            raise NotReadable(f"This is no Atom feed: its outermost element is <{etree.QName(root).localname}>.")
        for event, element in walk:
            if event == "end" and element.tag == tag:
                yield event, element
    except etree.XMLSyntaxError as error:
        raise NotReadable(f"The file is not well-formed XML: {error.msg}.") from error
    except StopIteration:
        raise NotReadable("The file holds no XML element.") from None


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
    except _Unfit as error:
        return Refused(name, str(error))


def _record(entry: etree._Element, arxiv_id: ArxivId) -> SourceRecord:
    published, updated = _dates(entry)
    abstract = _bounded("abstract", paragraphs(_text(entry, f"{ATOM}summary")), MAX_ABSTRACT)
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
        title=_title(entry),
        abstract=abstract,
        authors=_authors(entry),
        topics=topics_of(_few("topics", _categories(entry), MAX_TOPICS)),
        status="withdrawn" if is_withdrawn(abstract, comments) else "current",
        comments=comments,
        journal_ref=_note(entry, "journal_ref"),
    )


def _note(entry: etree._Element, name: str) -> str | None:
    return _bounded(name, one_line(_text(entry, f"{ARXIV}{name}")), MAX_NOTE) or None


def _dois(entry: etree._Element) -> Sequence[str]:
    written = " ".join(element.text or "" for element in entry.findall(f"{ARXIV}doi"))
    return _few("DOIs", find_dois(_bounded("DOI", written, MAX_NOTE)), MAX_DOIS)


def _title(entry: etree._Element) -> str:
    title = one_line(_text(entry, f"{ATOM}title"))
    if not title:
        raise _Unfit("it has no title")
    return _bounded("title", title, MAX_TITLE)


def _authors(entry: etree._Element) -> tuple[RecordAuthor, ...]:
    printed = [(_name(author), author) for author in entry.findall(f"{ATOM}author")]
    authors = tuple(
        RecordAuthor(name=name, affiliations=_affiliations(author))
        for name, author in printed
        if any(map(str.isalpha, name)) and name.casefold().strip(". ") not in _NOBODY
    )
    if not authors:
        raise _Unfit("it names no author")
    if len(authors) > MAX_AUTHORS:
        raise _Unfit(f"it names {len(authors):,} authors; the most taken is {MAX_AUTHORS:,}")
    _bounded("byline", "".join(part for author in authors for part in (author.name, *author.affiliations)), MAX_BYLINE)
    return authors


def _name(author: etree._Element) -> str:
    printed = _bounded("name of an author", one_line(_text(author, f"{ATOM}name")), MAX_NAME)
    return one_line(render(printed).text) if "\\" in printed else printed


def _affiliations(author: etree._Element) -> tuple[str, ...]:
    printed = (one_line(element.text or "") for element in author.findall(f"{ARXIV}affiliation"))
    named = tuple(_bounded("affiliation", each, MAX_AFFILIATION) for each in dict.fromkeys(filter(None, printed)))
    return tuple(_few("affiliations of an author", named, MAX_AFFILIATIONS))


def _categories(entry: etree._Element) -> list[str]:
    primary = entry.find(f"{ARXIV}primary_category")
    all_of_them = [primary, *entry.findall(f"{ATOM}category")]
    return [term for element in all_of_them if element is not None and (term := (element.get("term") or "").strip())]


def _dates(entry: etree._Element) -> tuple[datetime, datetime]:
    published = _date(_text(entry, f"{ATOM}published"))
    updated = _date(_text(entry, f"{ATOM}updated"))
    first = published or updated
    if first is None:
        raise _Unfit("it has no date of publication that can be read")
    return first, max(updated or first, first)


def _date(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _bounded(what: str, text: str, limit: int) -> str:
    if len(text) > limit:
        raise _Unfit(f"its {what} is {len(text):,} characters long; the most taken is {limit:,}")
    return text


def _few(what: str, many: Sequence[str], limit: int) -> Sequence[str]:
    if len(many) > limit:
        raise _Unfit(f"it has {len(many):,} {what}; the most taken is {limit:,}")
    return many


def _text(element: etree._Element, tag: str) -> str:
    found = element.find(tag)
    return "".join(found.itertext()).strip() if found is not None else ""
