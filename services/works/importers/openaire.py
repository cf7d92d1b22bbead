"""OpenAIRE: replies of its Graph API."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.works.domain.record import RecordAuthor, Refused, SourceRecord
from services.works.importers.published import PublishedFields, arxiv_ids, doi_ids, keyword, page_url
from services.works.importers.reading import (
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
    "article": "article", "review": "article", "conference object": "conference_paper", "preprint": "preprint",
    "part of book or chapter of book": "chapter", "book": "book", "thesis": "thesis", "doctoral thesis": "thesis",
    "master thesis": "thesis", "dataset": "dataset", "software": "software", "report": "report",
}  # fmt: skip


def parse_openaire(data: bytes) -> Iterator[SourceRecord | Refused]:
    """Each result as a record, or refused with the reason. Raises NotReadable for what is no JSON."""
    entries = json_entries(data, "results")
    return each_read(((text_of(fields_of(each).get("id")) or place, each) for place, each in entries), _read)


def _read(result: dict[str, Any]) -> SourceRecord:
    key = text_of(result.get("id"))
    pids = [fields_of(each) for each in items_of(result.get("pids"))]
    instances = [fields_of(each) for each in items_of(result.get("instances"))]
    kinds = (KINDS.get(text_of(each.get("type")).lower()) for each in instances)
    kind: WorkKind = next(filter(None, kinds), "other")
    urls = [text_of(url) for each in instances for url in items_of(each.get("urls"))]
    reviewed = kind in {"article", "conference_paper", "chapter", "book"}
    subjects = [fields_of(fields_of(each).get("subject")) for each in items_of(result.get("subjects"))]
    return PublishedFields(
        source="OpenAIRE",
        source_class="peer_reviewed" if reviewed else "self_deposit",
        kind=kind,
        identifiers=[f"openaire:{key}" if key else "", *(found for each in pids for found in _identifier(each))],
        url=page_url(*urls),
        title=text_of(result.get("mainTitle")),
        authors=[_author(fields_of(each)) for each in items_of(result.get("authors"))],
        published=moment_of(result.get("publicationDate")),
        abstract="\n\n".join(text_of(each) for each in items_of(result.get("descriptions"))[:1]),
        topics=[keyword("openaire", label) for each in subjects[:30] if (label := text_of(each.get("value")))],
        venue=text_of(fields_of(result.get("container")).get("name")),
    ).record()


def _identifier(pid: dict[str, Any]) -> list[str]:
    scheme, value = text_of(pid.get("scheme")).lower(), text_of(pid.get("value"))
    if scheme == "doi":
        return doi_ids(value)
    if scheme == "arxiv":
        return arxiv_ids(value)
    return [f"pmid:{value}"] if scheme == "pmid" and value.isdecimal() else []


def _author(author: dict[str, Any]) -> RecordAuthor:
    given, family = name_of(text_of(author.get("name"))), name_of(text_of(author.get("surname")))
    last, comma, first = name_of(text_of(author.get("fullName"))).partition(",")
    if comma:
        given, family = first.strip(), last.strip()
    pid = fields_of(fields_of(author.get("pid")).get("id"))
    return RecordAuthor(
        name=" ".join(filter(None, (given, family))) or last,
        given=given or None,
        family=family or None,
        orcid=orcid_of(text_of(pid.get("value"))) if "orcid" in text_of(pid.get("scheme")).lower() else None,
    )
