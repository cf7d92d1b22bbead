"""Semantic Scholar's Graph API: papers one by one, in lists, of an author, and as citations."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.works.domain.record import RecordAuthor, Refused, SourceRecord
from services.works.importers.published import PublishedFields, arxiv_ids, doi_ids, keyword, kind_of
from services.works.importers.reading import (
    Unfit,
    affiliations_of,
    each_read,
    fields_of,
    items_of,
    json_entries,
    moment_of,
    name_of,
    orcid_of,
    text_of,
)
from shared.events.works import SourceClass, WorkKind

KINDS: Mapping[str, WorkKind] = {
    "journalarticle": "article", "review": "article", "conference": "conference_paper", "book": "book",
    "booksection": "chapter", "dataset": "dataset",
}  # fmt: skip


def parse_semanticscholar(data: bytes) -> Iterator[SourceRecord | Refused]:
    """Each paper as a record; what is no paper is refused as what it is. Raises NotReadable for what is no JSON."""
    entries = ((place, _paper(entry)) for place, entry in json_entries(data, "data", "papers"))
    return each_read(((_name(place, entry), entry) for place, entry in entries), _read)


def _paper(entry: object) -> object:
    """The paper itself, where the entry is a citation of it or a reference to it."""
    fields = fields_of(entry)
    return next((fields[name] for name in ("citingPaper", "citedPaper") if name in fields), entry)


def _name(place: str, entry: object) -> str:
    fields = fields_of(entry)
    return text_of(fields.get("paperId")) or text_of(fields.get("title")) or text_of(fields.get("authorId")) or place


def _read(paper: dict[str, Any]) -> SourceRecord:
    if "error" in paper or "message" in paper:
        raise Unfit(f"the source answered: {text_of(paper.get('error')) or text_of(paper.get('message'))}"[:300])
    if "authorId" in paper and "paperId" not in paper:
        raise Unfit("it is an author, not a paper")
    key, ids = text_of(paper.get("paperId")), fields_of(paper.get("externalIds"))
    kind = _kind(paper, ids)
    return PublishedFields(
        source="Semantic Scholar",
        source_class=_class_of(kind, ids),
        kind=kind,
        identifiers=[f"s2:{key}" if key else "", *_identifiers(ids)],
        url=f"https://www.semanticscholar.org/paper/{key}" if key else "",
        title=text_of(paper.get("title")),
        authors=[_author(fields_of(each)) for each in items_of(paper.get("authors"))],
        published=moment_of(paper.get("publicationDate")) or moment_of(text_of(paper.get("year"))),
        abstract=text_of(paper.get("abstract")),
        topics=[
            keyword("s2", label)
            for each in items_of(paper.get("s2FieldsOfStudy"))
            if (label := text_of(fields_of(each).get("category")))
        ],
        venue=text_of(fields_of(paper.get("journal")).get("name")) or text_of(paper.get("venue")),
        references=[
            f"s2:{cited}"
            for each in items_of(paper.get("references"))
            if (cited := text_of(fields_of(each).get("paperId")))
        ],
    ).record()


def _identifiers(ids: dict[str, Any]) -> list[str]:
    pmid, acl, dblp = (text_of(ids.get(name)) for name in ("PubMed", "ACL", "DBLP"))
    return [
        *doi_ids(text_of(ids.get("DOI"))),
        *arxiv_ids(text_of(ids.get("ArXiv"))),
        f"pmid:{pmid}" if pmid.isdecimal() else "",
        f"acl:{acl}" if acl else "",
        f"dblp:{dblp}" if dblp else "",
    ]


def _kind(paper: dict[str, Any], ids: dict[str, Any]) -> WorkKind:
    kinds = [kind_of(KINDS, text_of(each)) for each in items_of(paper.get("publicationTypes"))]
    if "arxiv" in text_of(paper.get("venue")).lower() or (not kinds and ids.get("ArXiv")):
        return "preprint"
    return next((kind for kind in kinds if kind != "other"), "other")


def _class_of(kind: WorkKind, ids: dict[str, Any]) -> SourceClass:
    if kind in {"article", "conference_paper", "chapter", "book"}:
        return "peer_reviewed"
    return "moderated" if kind == "preprint" and ids.get("ArXiv") else "self_deposit"


def _author(author: dict[str, Any]) -> RecordAuthor:
    key = text_of(author.get("authorId"))
    return RecordAuthor(
        name=name_of(text_of(author.get("name"))),
        affiliations=affiliations_of(text_of(each) for each in items_of(author.get("affiliations"))[:20]),
        orcid=orcid_of(text_of(fields_of(author.get("externalIds")).get("ORCID"))),
        ids=(f"s2:{key}",) if key.isdecimal() else (),
    )
