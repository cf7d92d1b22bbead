"""The record behind every form that tells of a published work by its fields."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import unescape
from typing import NamedTuple

from services.works.domain.record import RecordAuthor, SourceRecord
from services.works.importers.arxiv_ids import parse_arxiv_id
from services.works.importers.doi import find_dois
from services.works.importers.reading import (
    MAX_ABSTRACT,
    MAX_NOTE,
    MAX_REFERENCES,
    MAX_TOPICS,
    Unfit,
    bounded,
    byline_of,
    dates_of,
    few,
    title_of,
)
from services.works.importers.text import one_line, paragraphs, shortened
from shared.events.works import SourceClass, Topic, WorkKind, WorkStatus

_TAG = re.compile(r"<[^<>]{0,300}>")
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
_TEX = re.compile(r"<tex-math[^<>]{0,200}>(.{0,2000}?)</tex-math>", re.DOTALL)
_HEADING = re.compile(r"<jats:title>\s*abstract\s*</jats:title>", re.IGNORECASE)
MAX_LABEL = 200


class PublishedFields(NamedTuple):
    """What a source says of a work, as it is written there."""

    source: str
    source_class: SourceClass
    kind: WorkKind
    identifiers: Sequence[str]
    url: str
    title: str
    authors: Iterable[RecordAuthor]
    published: datetime | None
    updated: datetime | None = None
    abstract: str = ""
    topics: Sequence[Topic] = ()
    status: WorkStatus = "current"
    venue: str = ""
    references: Sequence[str] = ()
    comments: str = ""

    def record(self) -> SourceRecord:
        """The record. Raises Unfit, saying why it cannot be a work."""
        title = title_of(plain(self.title))
        authors = byline_of(self.authors)
        published, updated = dates_of(self.published, updated=self.updated)
        identifiers = tuple(dict.fromkeys(each for each in self.identifiers if each))
        if not identifiers:
            raise Unfit("nothing in it names the work: it has no identifier")
        return SourceRecord(
            source=self.source,
            source_class=self.source_class,
            source_url=self.url,
            kind=self.kind,
            identifiers=tuple(bounded("identifier", each, MAX_NOTE) for each in few("identifiers", identifiers, 50)),
            version=None,
            published_at=published,
            updated_at=updated,
            title=title,
            abstract=bounded("abstract", paragraphs(plain(self.abstract)), MAX_ABSTRACT),
            authors=authors,
            topics=tuple({topic.id: topic for topic in self.topics}.values())[:MAX_TOPICS],
            status=self.status,
            comments=bounded("comment", one_line(self.comments), MAX_NOTE) or None,
            journal_ref=bounded("venue", one_line(plain(self.venue)), MAX_NOTE) or None,
            references=tuple(dict.fromkeys(self.references))[:MAX_REFERENCES],
        )


def plain(text: str) -> str:
    """Text without the markup of a page or of JATS: formulas as LaTeX where they are given so, no tags, no entities."""
    if "<" not in text and "&" not in text:
        return text
    without = _TAG.sub("", _TEX.sub(lambda found: f"${found[1]}$", _HEADING.sub("", text)).replace("</jats:p>", "\n\n"))
    return unescape(without)


def doi_ids(*texts: str) -> list[str]:
    """Identifiers for the DOIs in the texts; one of arXiv's also names the paper there."""
    found: list[str] = []
    for doi in find_dois(" ".join(texts)):
        found.append(f"doi:{doi}")
        arxiv = _ARXIV_DOI.fullmatch(doi)
        found += arxiv_ids(arxiv[1]) if arxiv else []
    return found


def arxiv_ids(text: str) -> list[str]:
    """The identifier for an arXiv id or address, none for anything else."""
    parsed = parse_arxiv_id(text)
    return [f"arxiv:{parsed.base}"] if parsed else []


def keyword(scheme: str, label: str, key: str | None = None) -> Topic:
    """A topic of that scheme; a keyword without an id is named by its words."""
    words = shortened(one_line(label), MAX_LABEL)
    return Topic(id=f"{scheme}:{shortened(key or words.lower(), MAX_LABEL)}", label=words)


def kind_of(kinds: Mapping[str, WorkKind], name: str) -> WorkKind:
    """The kind that the source's word stands for; other where it is none of them."""
    return kinds.get(name.lower().replace(" ", "-"), "other")


def page_url(*candidates: str) -> str:
    """The first that is a web address; empty where there is none. Nothing is ever fetched from it."""
    for each in candidates:
        address = each.strip()
        if address.lower().startswith(("https://", "http://")) and not re.search(r"[\s<>\"]", address):
            return shortened(address, MAX_NOTE)
    return ""
