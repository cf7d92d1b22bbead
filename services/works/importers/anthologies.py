"""Anthologies: ML Anthology's files, the ACL Anthology repacked as JSON lines, and PMLR's records."""

from collections.abc import Iterator
from typing import Any

import yaml

from services.works.domain.record import RecordAuthor, Refused, SourceRecord
from services.works.importers.published import PublishedFields, doi_ids, page_url
from services.works.importers.reading import (
    NotReadable,
    each_read,
    fields_of,
    items_of,
    json_entries,
    json_lines,
    moment_of,
    name_of,
    text_of,
)

MAX_DEPTH = 8
MAX_RECORD = 200_000
"""Bytes of one PMLR record; its YAML may have no aliases, which could make much of little."""


def parse_mlanthology(data: bytes) -> Iterator[SourceRecord | Refused]:
    """Each work of a volume's file, or of JSON lines, as a record. Raises NotReadable for what is neither."""
    entries = json_entries(data, "papers")
    return each_read(
        ((text_of(fields_of(each).get("bibtex_key")) or place, each) for place, each in entries), _mlanthology
    )


def _mlanthology(work: dict[str, Any]) -> SourceRecord:
    key = text_of(work.get("bibtex_key"))
    journal = text_of(work.get("venue_type")) == "journal"
    return PublishedFields(
        source="ML Anthology",
        source_class="peer_reviewed",
        kind="article" if journal else "conference_paper",
        identifiers=[f"mlanthology:{key}" if key else "", *doi_ids(text_of(work.get("doi")))],
        url=page_url(text_of(work.get("venue_url")), text_of(work.get("pdf_url")), text_of(work.get("openreview_url"))),
        title=text_of(work.get("title")),
        authors=[_split(fields_of(each), "given", "family") for each in items_of(work.get("authors"))],
        published=moment_of(text_of(work.get("year"))),
        abstract=text_of(work.get("abstract")),
        venue=text_of(work.get("venue_name")) or f"{text_of(work.get('venue')).upper()} {text_of(work.get('year'))}",
    ).record()


def parse_acl(data: bytes) -> Iterator[SourceRecord | Refused]:
    """Each line as a record, or refused with its reason, in the file's order."""
    lines = json_lines(data)
    return each_read(((text_of(fields_of(each).get("id")) or f"line {number}", each) for number, each in lines), _acl)


def _acl(paper: dict[str, Any]) -> SourceRecord:
    key, title = text_of(paper.get("id")), text_of(paper.get("title"))
    journal = text_of(paper.get("journal"))
    return PublishedFields(
        source="ACL Anthology",
        source_class="peer_reviewed",
        kind="article" if journal else "conference_paper",
        identifiers=[f"acl:{key}" if key else "", *doi_ids(text_of(paper.get("doi")))],
        url=f"https://aclanthology.org/{key}",
        title=title,
        authors=[_acl_author(fields_of(each)) for each in items_of(paper.get("authors"))],
        published=moment_of(text_of(paper.get("year"))) or moment_of(_year_in(key)),
        abstract=text_of(paper.get("abstract")),
        venue=journal or text_of(paper.get("booktitle")),
    ).record()


def _acl_author(author: dict[str, Any]) -> RecordAuthor:
    person, whole = text_of(author.get("id")), text_of(author.get("full"))
    split = _split(author, "first", "last")
    return split.model_copy(update={"name": split.name or name_of(whole), "ids": (f"acl:{person}",) if person else ()})


def _year_in(key: str) -> str:
    """The year in an identifier of before 2020: P19-1001 is of 2019."""
    digits = key[1:3]
    return f"{'19' if digits > '50' else '20'}{digits}" if digits.isdecimal() else ""


def parse_pmlr(data: bytes) -> Iterator[SourceRecord | Refused]:
    """The record in the head of a PMLR page. Raises NotReadable for what has no such head."""
    text = data[:MAX_RECORD].decode("utf-8", "replace").replace("\r\n", "\n")
    parts = text.split("---\n", 2)
    if len(parts) < 3 or parts[0].strip() or len(data) > MAX_RECORD:
        raise NotReadable("The file does not begin with a record between lines of three hyphens.")
    try:
        _check(parts[1])
        record = yaml.load(parts[1], Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise NotReadable(f"The record is not well-formed YAML: {str(error)[:200]}") from error
    return each_read([(text_of(fields_of(record).get("id")) or "the record", record)], _pmlr)


def _check(text: str) -> None:
    """Raises NotReadable for YAML that refers to itself, or is nested deeper than any record."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        opens = isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent)
        depth += opens - isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent)
        if isinstance(event, yaml.AliasEvent) or depth > MAX_DEPTH:
            raise NotReadable("The record refers to parts of itself, or is nested too deep, which is not taken.")


def _pmlr(record: dict[str, Any]) -> SourceRecord:
    key, volume = text_of(record.get("id")), text_of(record.get("volume"))
    issued = items_of(fields_of(record.get("issued")).get("date-parts"))
    date = str(record.get("date") or "")
    return PublishedFields(
        source="PMLR",
        source_class="peer_reviewed",
        kind="conference_paper",
        identifiers=[f"pmlr:v{volume}/{key}" if key and volume else ""],
        url=page_url(text_of(record.get("pdf"))),
        title=text_of(record.get("tex_title")) or text_of(record.get("title")),
        authors=[_split(fields_of(each), "given", "family") for each in items_of(record.get("author"))],
        published=moment_of(date) or moment_of("-".join(f"{part}" for part in issued[:1])),
        abstract=text_of(record.get("abstract")),
        venue=text_of(record.get("booktitle")),
    ).record()


def _split(author: dict[str, Any], first: str, last: str) -> RecordAuthor:
    given, family = name_of(text_of(author.get(first))), name_of(text_of(author.get(last)))
    return RecordAuthor(name=" ".join(filter(None, (given, family))), given=given or None, family=family or None)
