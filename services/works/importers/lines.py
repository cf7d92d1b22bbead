"""BZPEER's own form: one JSON object a line (docs/importing.md)."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, cast, get_args

from services.works.domain.record import RecordAuthor, Refused, SourceRecord
from services.works.importers.arxiv_ids import parse_arxiv_id
from services.works.importers.published import PublishedFields, doi_ids, keyword, page_url
from services.works.importers.reading import (
    Unfit,
    affiliations_of,
    each_read,
    fields_of,
    items_of,
    json_lines,
    moment_of,
    name_of,
    orcid_of,
    text_of,
)
from shared.events.works import Topic, WorkKind, WorkStatus

DEFAULT_SOURCE = "import"


def parse_lines(data: bytes) -> Iterator[SourceRecord | Refused]:
    """Each line as a record, or refused with its reason, in the file's order."""
    return each_read(((_name(number, line), line) for number, line in json_lines(data)), _read)


def _name(number: int, line: object) -> str:
    name = text_of(fields_of(line).get("id"))
    return f"line {number}" + (f" ({name})" if name else "")


def _read(line: dict[str, Any]) -> SourceRecord:
    title, doi = text_of(line.get("title")), text_of(line.get("doi"))
    published = moment_of(line.get("published")) or moment_of(text_of(line.get("year")))
    return PublishedFields(
        source=DEFAULT_SOURCE,
        source_class="self_import",
        kind=cast(WorkKind, _one_of("kind", line, get_args(WorkKind), "article")),
        identifiers=_identifiers(line, title),
        url=page_url(text_of(line.get("url")), f"https://doi.org/{doi}" if doi else ""),
        title=title,
        authors=[_author(each) for each in _list("authors", line)],
        published=published,
        updated=moment_of(line.get("updated")),
        abstract=text_of(line.get("abstract")),
        topics=[topic for each in items_of(line.get("topics")) if (topic := _topic(each))],
        status=cast(WorkStatus, _one_of("status", line, get_args(WorkStatus), "current")),
        venue=text_of(line.get("venue")),
        references=[text_of(each) for each in items_of(line.get("references")) if ":" in text_of(each)],
    ).record()


def _identifiers(line: dict[str, Any], title: str) -> list[str]:
    own, doi, arxiv = (text_of(line.get(name)) for name in ("id", "doi", "arxiv"))
    dois, paper = doi_ids(doi), parse_arxiv_id(arxiv) if arxiv else None
    if doi and not dois:
        raise Unfit(f"its doi {doi[:100]!r} is no DOI: it looks like 10.1000/182")
    if arxiv and paper is None:
        raise Unfit(f"its arxiv {arxiv[:100]!r} is no arXiv identifier: it looks like 2401.01869")
    found = [*dois, *([f"arxiv:{paper.base}"] if paper else [])]
    content = "|".join([title, *(_written(each) for each in items_of(line.get("authors")))])
    return [f"import:{own}", *found] if own else found or [f"import:{sha256(content.encode()).hexdigest()[:24]}"]


def _list(name: str, line: dict[str, Any]) -> list[Any]:
    if not isinstance(line.get(name), list):
        raise Unfit(f"its {name} is no list")
    return items_of(line[name])


def _one_of(name: str, line: dict[str, Any], known: tuple[str, ...], otherwise: str) -> str:
    value = line.get(name, otherwise)
    if value not in known:
        raise Unfit(f"its {name} {str(value)[:100]!r} is none of {', '.join(known)}")
    return str(value)


def _written(author: object) -> str:
    return text_of(author) or text_of(fields_of(author).get("name")) or text_of(fields_of(author).get("family"))


def _author(author: object) -> RecordAuthor:
    fields = fields_of(author)
    given, family = name_of(text_of(fields.get("given"))), name_of(text_of(fields.get("family")))
    name = name_of(text_of(author) or text_of(fields.get("name"))) or " ".join(filter(None, (given, family)))
    last, comma, first = name.partition(",")
    return RecordAuthor(
        name=f"{first.strip()} {last.strip()}" if comma else name,
        given=given or (first.strip() if comma else None) or None,
        family=family or (last.strip() if comma else None) or None,
        orcid=orcid_of(text_of(fields.get("orcid"))),
        affiliations=affiliations_of(text_of(each) for each in items_of(fields.get("affiliations"))),
    )


def _topic(topic: object) -> Topic | None:
    label = text_of(topic) or text_of(fields_of(topic).get("label"))
    key = text_of(fields_of(topic).get("id"))
    if not label:
        return None
    return Topic(id=key, label=label) if ":" in key else keyword("import", label, key or None)
