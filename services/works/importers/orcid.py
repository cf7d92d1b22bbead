"""ORCID: works of a person one by one, in summaries, in bulk, and in whole records; JSON and XML, versions 2 and 3.

The person whose record it is stands on a byline only where a contributor is that person, or where the document names
the person and no contributor at all. E-mail addresses are never read.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from services.works.domain.names import name_key
from services.works.domain.record import RecordAuthor, Refused, SourceRecord
from services.works.importers.orcid_xml import to_json_shape
from services.works.importers.published import PublishedFields, arxiv_ids, doi_ids, kind_of, page_url
from services.works.importers.reading import (
    Unfit,
    each_read,
    fields_of,
    items_of,
    json_of,
    moment_from,
    name_of,
    orcid_of,
    text_of,
)
from shared.events.works import WorkKind

KINDS: Mapping[str, WorkKind] = {
    "journal-article": "article", "conference-paper": "conference_paper", "conference-proceedings": "conference_paper",
    "preprint": "preprint", "working-paper": "preprint", "book-chapter": "chapter", "book": "book",
    "edited-book": "book", "dissertation": "thesis", "dissertation-thesis": "thesis", "supervised-student-publication":
    "thesis", "data-set": "dataset", "software": "software", "report": "report", "technical-report": "report",
}  # fmt: skip
_AUTHOR_ROLES = frozenset({"", "author", "co-author", "coauthor", "writing-original-draft", "writing - original draft"})


class Owner(NamedTuple):
    """Whose record it is, as far as the document says."""

    orcid: str | None
    name: str
    given: str | None = None
    family: str | None = None


def parse_orcid(data: bytes) -> Iterator[SourceRecord | Refused]:
    """Each work as a record; what is no work is refused as what it is. Raises NotReadable for what is neither form."""
    document = to_json_shape(data) if data.lstrip()[:1] == b"<" else json_of(data)
    fields = fields_of(document)
    owner = _owner(fields)
    return each_read(_works(fields), lambda work: _read(work, owner))


def _works(document: dict[str, Any]) -> Iterator[tuple[str, object]]:
    activities = fields_of(document.get("activities-summary"))
    groups = items_of(document.get("group")) or items_of(fields_of(activities.get("works")).get("group"))
    if groups:
        for group in groups:
            for summary in items_of(fields_of(group).get("work-summary"))[:1]:
                yield _named(summary), summary
    elif isinstance(document.get("bulk"), list):
        for place, each in enumerate(document["bulk"], start=1):
            work = fields_of(each).get("work")
            yield (_named(work), work) if work else (f"work {place}", Unfit(_said(fields_of(each).get("error"))))
    elif "put-code" in document or ("external-ids" in document and "title" in document):
        yield _named(document), document
    elif "result" in document or "expanded-result" in document:
        for each in items_of(document.get("result")) or items_of(document.get("expanded-result")):
            person = text_of(fields_of(fields_of(each).get("orcid-identifier")).get("path"))
            yield (
                person or "a person",
                Unfit("it names a person who was found, and no works; ask for that person's works"),
            )
    else:
        yield _path(document) or "the document", Unfit("it describes a person, or other activities, and no works")


def _said(error: object) -> str:
    return f"ORCID answered: {text_of(fields_of(error).get('developer-message')) or 'an error'}"[:300]


def _named(work: object) -> str:
    fields = fields_of(work)
    return text_of(fields.get("path")) or f"work {text_of(fields.get('put-code'))}"


def _path(document: dict[str, Any]) -> str:
    return text_of(document.get("path")) or text_of(fields_of(document.get("orcid-identifier")).get("path"))


def _owner(document: dict[str, Any]) -> Owner:
    name = fields_of(fields_of(document.get("person")).get("name")) or fields_of(document.get("name"))
    given, family = name_of(_value(name.get("given-names"))), name_of(_value(name.get("family-name")))
    printed = name_of(_value(name.get("credit-name"))) or " ".join(filter(None, (given, family)))
    path = _path(document)
    return Owner(orcid_of(path), printed, given or None, family or None)


def _value(field: object) -> str:
    return text_of(fields_of(field).get("value")) if isinstance(field, dict) else text_of(field)


def _read(work: dict[str, Any], owner: Owner) -> SourceRecord:
    own = orcid_of(text_of(work.get("path"))) or owner.orcid
    title = fields_of(work.get("title"))
    put_code = text_of(work.get("put-code"))
    ids = [fields_of(each) for each in items_of(fields_of(work.get("external-ids")).get("external-id"))]
    return PublishedFields(
        source="ORCID",
        source_class="self_import",
        kind=kind_of(KINDS, text_of(work.get("type")).lower().replace("_", "-")),
        identifiers=[f"orcid-work:{own}/{put_code}" if own and put_code else "", *_identifiers(ids)],
        url=page_url(_value(work.get("url")), f"https://orcid.org/{own}" if own else ""),
        title=": ".join(filter(None, (_value(title.get("title")), _value(title.get("subtitle"))))),
        authors=_authors(work, owner._replace(orcid=own)),
        published=_date(fields_of(work.get("publication-date"))),
        abstract=text_of(work.get("short-description")),
        venue=_value(work.get("journal-title")),
    ).record()


def _identifiers(ids: list[dict[str, Any]]) -> list[str]:
    found: list[str] = []
    for each in ids:
        if text_of(each.get("external-id-relationship")).lower().replace("_", "-") not in {"", "self"}:
            continue
        kind, value = text_of(each.get("external-id-type")).lower(), text_of(each.get("external-id-value"))
        if kind == "doi":
            found += doi_ids(value)
        elif kind == "arxiv":
            found += arxiv_ids(value)
        elif kind == "pmid" and value.isdecimal():
            found.append(f"pmid:{value}")
    return found


def _authors(work: dict[str, Any], owner: Owner) -> list[RecordAuthor]:
    listed = [fields_of(each) for each in items_of(fields_of(work.get("contributors")).get("contributor"))]
    authors = [_contributor(each, owner) for each in listed if _is_author(each)]
    if any(author.name for author in authors):
        return authors
    if not owner.name:
        raise Unfit("it names no author: the summary of a work has none, and the document does not name the person")
    return [RecordAuthor(name=owner.name, given=owner.given, family=owner.family, orcid=owner.orcid)]


def _is_author(contributor: dict[str, Any]) -> bool:
    role = text_of(fields_of(contributor.get("contributor-attributes")).get("contributor-role"))
    return role.rstrip("/").rpartition("/")[2].lower().replace("_", "-") in _AUTHOR_ROLES


def _contributor(contributor: dict[str, Any], owner: Owner) -> RecordAuthor:
    name = name_of(_value(contributor.get("credit-name")))
    person = fields_of(contributor.get("contributor-orcid"))
    orcid = orcid_of(text_of(person.get("path")) or text_of(person.get("uri")))
    is_owner = bool(owner.name) and name_key(name) == name_key(owner.name)
    return RecordAuthor(name=name, orcid=orcid or (owner.orcid if is_owner else None))


def _date(date: dict[str, Any]) -> datetime | None:
    year, month, day = (_value(date.get(name)) or None for name in ("year", "month", "day"))
    return moment_from(year, month, day) or moment_from(year)
