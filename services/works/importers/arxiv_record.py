"""The record behind every form in which arXiv's metadata comes."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from services.works.domain.record import RecordAuthor, SourceRecord
from services.works.importers.arxiv_categories import topics_of
from services.works.importers.arxiv_ids import parse_arxiv_id
from services.works.importers.doi import find_dois
from services.works.importers.reading import (
    MAX_ABSTRACT,
    MAX_BYLINE,
    MAX_DOIS,
    MAX_NOTE,
    MAX_TOPICS,
    Unfit,
    bounded,
    byline_of,
    dates_of,
    few,
    is_somebody,
    name_of,
    title_of,
)
from services.works.importers.text import one_line, paragraphs
from services.works.importers.withdrawn import is_withdrawn

_SPLIT = re.compile(r",(?!\s*(?:Jr|Sr|II|III|IV)\b\.?)|;|&|\band\b", re.IGNORECASE)


class ArxivFields(NamedTuple):
    """What every form says of a paper, as it is written there."""

    name: str
    title: str
    abstract: str
    authors: Sequence[RecordAuthor]
    categories: Sequence[str]
    published: datetime | None
    updated: datetime | None
    version: int | None = None
    comments: str = ""
    journal_ref: str = ""
    doi: str = ""

    def record(self) -> SourceRecord:
        """The record. Raises Unfit, saying why it cannot be a work."""
        arxiv_id = parse_arxiv_id(self.name)
        if arxiv_id is None:
            raise Unfit("its id is no arXiv identifier" if self.name else "it has no id")
        first, last = dates_of(self.published, updated=self.updated)
        text = bounded("abstract", paragraphs(self.abstract), MAX_ABSTRACT)
        note = bounded("comment", one_line(self.comments), MAX_NOTE) or None
        dois = few("DOIs", find_dois(bounded("DOI", self.doi, MAX_NOTE)), MAX_DOIS)
        return SourceRecord(
            source="arXiv",
            source_class="moderated",
            source_url=f"https://arxiv.org/abs/{arxiv_id.base}",
            kind="preprint",
            identifiers=(f"arxiv:{arxiv_id.base}", *(f"doi:{each}" for each in dois)),
            version=arxiv_id.version or self.version,
            published_at=first,
            updated_at=last,
            title=title_of(self.title),
            abstract=text,
            authors=byline_of(self.authors),
            topics=topics_of(few("topics", list(self.categories), MAX_TOPICS)),
            status="withdrawn" if is_withdrawn(text, note) else "current",
            comments=note,
            journal_ref=bounded("journal_ref", one_line(self.journal_ref), MAX_NOTE) or None,
        )


def authors_in(text: str) -> list[RecordAuthor]:
    """The authors of arXiv's one line of them: parted by commas and "and", affiliations in brackets left out."""
    names = (one_line(part) for part in _SPLIT.split(_without_places(bounded("list of authors", text, MAX_BYLINE))))
    return [RecordAuthor(name=name_of(name)) for name in names if is_somebody(name)]


def _without_places(text: str) -> str:
    """The text without what stands in brackets, however deep."""
    depth, kept = 0, []
    for letter in text:
        depth = max(0, depth + (letter == "(") - (letter == ")"))
        kept.append(" " if depth or letter == ")" else letter)
    return "".join(kept)
