"""arXiv's snapshot: one JSON object a line, with its versions and the authors taken apart."""

from collections.abc import Iterator
from typing import Any

from services.works.domain.record import RecordAuthor, Refused, SourceRecord
from services.works.importers.arxiv_record import ArxivFields, authors_in
from services.works.importers.reading import (
    each_read,
    fields_of,
    items_of,
    json_lines,
    mail_date_of,
    moment_of,
    name_of,
    text_of,
)


def parse_arxiv_lines(data: bytes) -> Iterator[SourceRecord | Refused]:
    """Each line as a record, or refused with its reason, in the file's order."""
    return each_read(((_named(number, line), line) for number, line in json_lines(data)), _read)


def _named(number: int, line: object) -> str:
    return text_of(fields_of(line).get("id")) or f"line {number}"


def _read(line: dict[str, Any]) -> SourceRecord:
    versions = [fields_of(each) for each in items_of(line.get("versions"))]
    dates = [date for each in versions if (date := mail_date_of(each.get("created"))) is not None]
    parsed = [_author(each) for each in items_of(line.get("authors_parsed"))]
    return ArxivFields(
        text_of(line.get("id")),
        title=text_of(line.get("title")),
        abstract=text_of(line.get("abstract")),
        authors=[each for each in parsed if each] or authors_in(text_of(line.get("authors"))),
        categories=text_of(line.get("categories")).split(),
        published=min(dates, default=None),
        updated=max(dates, default=moment_of(line.get("update_date"))),
        version=len(versions) or None,
        comments=text_of(line.get("comments")),
        journal_ref=text_of(line.get("journal-ref")),
        doi=text_of(line.get("doi")),
    ).record()


def _author(parts: object) -> RecordAuthor | None:
    family, given, suffix = ([name_of(text_of(part)) for part in items_of(parts)[:3]] + [""] * 3)[:3]
    name = " ".join(filter(None, (given, family, suffix)))
    return RecordAuthor(name=name, given=given or None, family=family or None) if name else None
