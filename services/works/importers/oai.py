"""arXiv's OAI-PMH replies: the forms `arXiv`, `arXivRaw` and `oai_dc`; and bare records of theirs."""

from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]

from services.works.domain.record import RecordAuthor, Refused, SourceRecord
from services.works.importers.arxiv_record import ArxivFields, authors_in
from services.works.importers.reading import (
    MAX_SAID,
    NotReadable,
    Unfit,
    affiliations_of,
    mail_date_of,
    moment_of,
    name_of,
    xml_events,
)
from services.works.importers.text import one_line, shortened

_BODIES = frozenset({"arXiv", "arXivRaw", "dc"})


def parse_oai(data: bytes) -> Iterator[SourceRecord | Refused]:
    """Each record of the reply, in its order; deleted ones and OAI's own errors are refused with their words.

    Raises NotReadable for what is no OAI-PMH reply or no well-formed XML.
    """
    walk = xml_events(data)
    _, root = next(walk)
    if _tag(root) not in {"OAI-PMH", "record", "ListRecords", "GetRecord"}:
        raise NotReadable(f"This is no OAI-PMH reply: its outermost element is <{_tag(root)}>.")
    place = 0
    for event, element in walk:
        if event != "end":
            continue
        if _tag(element) == "record":
            place += 1
            yield _read(element, place)
            element.clear()
        elif _tag(element) == "error":
            code = element.get("code") or "error"
            yield Refused(shortened(code, MAX_SAID), f"the source answered: {shortened(_all(element), MAX_SAID)}")
        elif _tag(element) == "header" and _parent(element) == "ListIdentifiers":
            place += 1
            name = _text(element, "identifier") or f"record {place}"
            yield Refused(shortened(name, MAX_SAID), "the reply lists its identifier alone; ask with verb=ListRecords")


def resumption_token(data: bytes) -> str | None:
    """The token that asks for the next page; None where this is the last one."""
    for event, element in xml_events(data):
        if event == "end" and _tag(element) == "resumptionToken":
            return (element.text or "").strip() or None
        if event == "end" and _tag(element) == "record":
            element.clear()
    return None


def _read(record: etree._Element, place: int) -> SourceRecord | Refused:
    header = _child(record, "header")
    name = _text(header, "identifier").removeprefix("oai:arXiv.org:") if header is not None else ""
    body = next((each for each in record.iter() if _tag(each) in _BODIES), None)
    named = shortened(name or (_text(body, "id") if body is not None else "") or f"record {place}", MAX_SAID)
    if header is not None and header.get("status") == "deleted":
        return Refused(named, "the source deleted this record")
    if body is None:
        return Refused(named, "it has no metadata in the form arXiv, arXivRaw or oai_dc")
    try:
        return {"arXiv": _arxiv, "arXivRaw": _raw, "dc": _dublin_core}[_tag(body)](body, name)
    except Unfit as unfit:
        return Refused(named, str(unfit))


def _arxiv(body: etree._Element, name: str) -> SourceRecord:
    return ArxivFields(
        _text(body, "id") or name,
        title=_text(body, "title"),
        abstract=_text(body, "abstract"),
        authors=[_author(each) for each in body.iter() if _tag(each) == "author"],
        categories=_text(body, "categories").split(),
        published=moment_of(_text(body, "created")),
        updated=moment_of(_text(body, "updated")),
        comments=_text(body, "comments"),
        journal_ref=_text(body, "journal-ref"),
        doi=_text(body, "doi"),
    ).record()


def _author(author: etree._Element) -> RecordAuthor:
    given, family, suffix = (name_of(_text(author, tag)) for tag in ("forenames", "keyname", "suffix"))
    places = affiliations_of(_all(each) for each in author if _tag(each) == "affiliation")
    name = " ".join(filter(None, (given, family, suffix)))
    return RecordAuthor(name=name, given=given or None, family=family or None, affiliations=places)


def _raw(body: etree._Element, name: str) -> SourceRecord:
    versions = [each for each in body if _tag(each) == "version"]
    dates = [date for each in versions if (date := mail_date_of(_text(each, "date"))) is not None]
    return ArxivFields(
        _text(body, "id") or name,
        title=_text(body, "title"),
        abstract=_text(body, "abstract"),
        authors=authors_in(_text(body, "authors")),
        categories=_text(body, "categories").split(),
        published=min(dates, default=None),
        updated=max(dates, default=None),
        version=len(versions) or None,
        comments=_text(body, "comments"),
        journal_ref=_text(body, "journal-ref"),
        doi=_text(body, "doi"),
    ).record()


def _dublin_core(body: etree._Element, name: str) -> SourceRecord:
    """The first description is the abstract, the others are comments; the first date is that of version 1."""
    dates = [moment for each in _several(body, "date") if (moment := moment_of(each)) is not None]
    descriptions = _several(body, "description")
    ids = _several(body, "identifier")
    return ArxivFields(
        name or next((each for each in ids if "arxiv.org" in each.lower()), ""),
        title=" ".join(_several(body, "title")),
        abstract=descriptions[0] if descriptions else "",
        authors=[_creator(each) for each in _several(body, "creator")],
        categories=[],
        published=min(dates, default=None),
        updated=max(dates, default=None),
        comments=" ".join(descriptions[1:]).removeprefix("Comment: "),
        doi=" ".join(each for each in ids if each.lower().startswith(("doi:", "info:doi", "10."))),
    ).record()


def _creator(text: str) -> RecordAuthor:
    family, _, given = (name_of(part) for part in text.partition(","))
    return RecordAuthor(name=" ".join(filter(None, (given, family))), given=given or None, family=family or None)


def _tag(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _parent(element: etree._Element) -> str:
    parent = element.getparent()
    return _tag(parent) if parent is not None else ""


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((each for each in element if _tag(each) == name), None)


def _all(element: etree._Element) -> str:
    return one_line("".join(element.itertext()))


def _text(element: etree._Element, name: str) -> str:
    found = _child(element, name)
    return "".join(found.itertext()).strip() if found is not None else ""


def _several(element: etree._Element, name: str) -> list[str]:
    return ["".join(each.itertext()).strip() for each in element if _tag(each) == name]
