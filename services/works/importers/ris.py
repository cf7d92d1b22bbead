"""RIS files, as reference managers write them."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import rispy

from services.works.domain.record import RecordAuthor, Refused, SourceRecord
from services.works.importers.published import PublishedFields, doi_ids, keyword, page_url
from services.works.importers.reading import (
    MAX_SAID,
    NotReadable,
    Unfit,
    each_read,
    fields_of,
    items_of,
    moment_from,
    name_of,
    text_of,
)
from services.works.importers.text import one_line, shortened
from shared.events.works import WorkKind

_TAG = re.compile(r"([A-Z][A-Z0-9])  - ?")
KINDS: Mapping[str, WorkKind] = {
    "JOUR": "article", "EJOUR": "article", "MGZN": "article", "CONF": "conference_paper", "CPAPER": "conference_paper",
    "CHAP": "chapter", "ECHAP": "chapter", "BOOK": "book", "EBOOK": "book", "THES": "thesis", "RPRT": "report",
    "UNPB": "preprint", "INPR": "preprint", "DATA": "dataset", "COMP": "software",
}  # fmt: skip


def parse_ris(data: bytes) -> Iterator[SourceRecord | Refused]:
    """Each reference as a record, or refused with the reason. Raises NotReadable for what is no RIS file."""
    text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    references = list(_references(text))
    if not references:
        raise NotReadable("The file has no reference: none begins with a line `TY  - `.")
    named = enumerate(map(_parsed, references), start=1)
    return each_read(((_title(fields_of(each)) or f"reference {place}", each) for place, each in named), _read)


def _references(text: str) -> Iterator[str]:
    """The text of each reference, lines that go on joined to the one before."""
    lines: list[list[str]] = []
    for line in text.split("\n"):
        tag = _TAG.match(line)
        if tag and tag[1] == "TY":
            lines = [[line]]
        elif tag and tag[1] == "ER":
            if lines:
                yield "\n".join(" ".join(parts) for parts in lines) + "\nER  - \n"
            lines = []
        elif tag and lines:
            lines.append([line])
        elif lines and line.strip():
            lines[-1].append(line.strip())


def _parsed(reference: str) -> object:
    try:
        return rispy.loads(reference)[0]
    except Exception as error:  # noqa: BLE001 - the library raises whatever it stumbles over
        return Unfit(f"it is not well-formed RIS: {shortened(one_line(str(error)), MAX_SAID)}")


def _read(reference: dict[str, Any]) -> SourceRecord:
    title, doi = _title(reference), text_of(reference.get("doi"))
    names = items_of(reference.get("authors")) or items_of(reference.get("first_authors"))
    written = (
        text_of(reference.get("date")) or text_of(reference.get("publication_year")) or text_of(reference.get("year"))
    )
    content = "|".join([title, *map(text_of, names), written])
    urls = items_of(reference.get("urls")) or [reference.get("url")]
    return PublishedFields(
        source="RIS",
        source_class="self_import",
        kind=KINDS.get(text_of(reference.get("type_of_reference")).upper(), "other"),
        identifiers=doi_ids(doi) or [f"ris:{sha256(content.encode()).hexdigest()[:24]}"],
        url=page_url(*map(text_of, urls), f"https://doi.org/{doi}" if doi_ids(doi) else ""),
        title=title,
        authors=[_author(text_of(name)) for name in names],
        published=_date(written),
        abstract=text_of(reference.get("abstract")) or text_of(reference.get("notes_abstract")),
        topics=[keyword("ris", label) for each in items_of(reference.get("keywords"))[:30] if (label := text_of(each))],
        venue=next(filter(None, (text_of(reference.get(n)) for n in ("journal_name", "secondary_title"))), ""),
    ).record()


def _title(reference: dict[str, Any]) -> str:
    return text_of(reference.get("title")) or text_of(reference.get("primary_title"))


def _author(written: str) -> RecordAuthor:
    family, comma, rest = name_of(written).partition(",")
    given, _, suffix = rest.partition(",")
    name = " ".join(filter(None, (given.strip(), family.strip(), suffix.strip()))) if comma else family
    return RecordAuthor(name=name, given=given.strip() or None, family=family.strip() if comma else None)


def _date(written: str) -> datetime | None:
    """The date of RIS, `2021/03/05/`, or of its kin."""
    parts = [part for part in written.replace("-", "/").split("/")[:3] if part.strip().isdecimal()]
    return (moment_from(*parts) or moment_from(parts[0])) if parts else None
