"""OpenAlex: works one by one, in lists, and as JSON lines; in the shapes of 2023 to 2026."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.works.domain.record import RecordAuthor, Refused, SourceRecord
from services.works.importers.published import PublishedFields, arxiv_ids, doi_ids, keyword, kind_of, page_url
from services.works.importers.reading import (
    MAX_ABSTRACT,
    NotReadable,
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
from shared.events.works import SourceClass, Topic, WorkKind

_HOME = "https://openalex.org/"
_NOT_WORKS = {
    "A": "an author", "I": "an institution", "S": "a source", "T": "a topic", "C": "a concept", "P": "a publisher",
    "F": "a funder",
}  # fmt: skip
KINDS: Mapping[str, WorkKind] = {
    "article": "article", "journal-article": "article", "review": "article", "letter": "article",
    "proceedings-article": "conference_paper", "preprint": "preprint", "posted-content": "preprint",
    "book-chapter": "chapter", "book": "book", "monograph": "book", "dissertation": "thesis", "dataset": "dataset",
    "report": "report", "software": "software",
}  # fmt: skip
MAX_WORDS = 20_000


def parse_openalex(data: bytes) -> Iterator[SourceRecord | Refused]:
    """Each work as a record; what is no work is refused as what it is. Raises NotReadable for what is no JSON."""
    if data.lstrip().startswith(b"merge_date,"):
        lines = data.decode("utf-8", "replace").splitlines()[1:]
        yield from (Refused(line[:100], "it tells of merged ids, not of a work") for line in lines if line.strip())
        return
    if not data.strip():
        raise NotReadable("The file is empty.")
    yield from each_read(((_name(place, entry), entry) for place, entry in json_entries(data, "results")), _read)


def _name(place: str, entry: object) -> str:
    fields = fields_of(entry)
    return text_of(fields.get("id")).removeprefix(_HOME) or text_of(fields.get("doi")) or place


def _read(work: dict[str, Any]) -> SourceRecord:
    key = text_of(work.get("id")).removeprefix(_HOME)
    if key[:1] in _NOT_WORKS:
        raise Unfit(f"it is {_NOT_WORKS[key[:1]]}, not a work")
    if not key.startswith("W"):
        raise Unfit("it has no OpenAlex id; ask for whole works, with their `id`")
    ids = fields_of(work.get("ids"))
    kind, source_class = _class_of(work)
    pmid = text_of(ids.get("pmid")).rstrip("/").rpartition("/")[2]
    return PublishedFields(
        source="OpenAlex",
        source_class=source_class,
        kind=kind,
        identifiers=[
            f"openalex:{key}",
            *doi_ids(text_of(work.get("doi"))),
            *([f"pmid:{pmid}"] if pmid.isdecimal() else []),
            *_on_arxiv(work),
        ],
        url=f"{_HOME}{key}",
        title=text_of(work.get("title")) or text_of(work.get("display_name")),
        authors=[_author(fields_of(each)) for each in items_of(work.get("authorships"))],
        published=moment_of(work.get("publication_date")) or moment_of(text_of(work.get("publication_year"))),
        updated=moment_of(work.get("updated_date")) or moment_of(work.get("updated")),
        abstract=_abstract(work.get("abstract_inverted_index")),
        topics=_topics(work),
        status="retracted" if work.get("is_retracted") is True else "current",
        venue=_venue(work),
        references=[f"openalex:{text_of(each).removeprefix(_HOME)}" for each in items_of(work.get("referenced_works"))],
    ).record()


def _class_of(work: dict[str, Any]) -> tuple[WorkKind, SourceClass]:
    kind = kind_of(KINDS, text_of(work.get("type")))
    venue = fields_of(_place(work).get("source")) or fields_of(work.get("host_venue"))
    if text_of(venue.get("type")) == "repository":
        kind = "preprint" if kind == "article" else kind
        on_arxiv = "arxiv" in text_of(venue.get("display_name")).lower()
        return kind, "moderated" if on_arxiv else "self_deposit"
    reviewed = kind in {"article", "conference_paper", "chapter", "book"} and bool(venue)
    return kind, "peer_reviewed" if reviewed else "self_deposit"


def _place(work: dict[str, Any]) -> dict[str, Any]:
    return fields_of(work.get("primary_location"))


def _venue(work: dict[str, Any]) -> str:
    place = fields_of(_place(work).get("source")) or fields_of(work.get("host_venue"))
    return text_of(place.get("display_name"))


def _on_arxiv(work: dict[str, Any]) -> list[str]:
    places = [_place(work), *map(fields_of, items_of(work.get("locations")))]
    addresses = [page_url(text_of(place.get("landing_page_url"))) for place in places]
    return [found for address in addresses if "arxiv.org" in address for found in arxiv_ids(address)][:1]


def _author(authorship: dict[str, Any]) -> RecordAuthor:
    author = fields_of(authorship.get("author"))
    key = text_of(author.get("id")).removeprefix(_HOME)
    name = text_of(authorship.get("raw_author_name")) or text_of(author.get("display_name"))
    family, comma, given = name.partition(",")
    places = [text_of(fields_of(each).get("display_name")) for each in items_of(authorship.get("institutions"))]
    printed = [text_of(each) for each in items_of(authorship.get("raw_affiliation_strings"))]
    return RecordAuthor(
        name=name_of(f"{given} {family}" if comma else name),
        affiliations=affiliations_of((places or printed)[:20]),
        orcid=orcid_of(author.get("orcid")),
        ids=(f"openalex:{key}",) if key.startswith("A") and key[1:].isdecimal() else (),
    )


def _abstract(index: object) -> str:
    """The abstract from its inverted index: each word with the places where it stands."""
    words: dict[int, str] = {}
    for word, places in fields_of(index).items():
        for place in items_of(places):
            if isinstance(place, int) and 0 <= place < MAX_WORDS:
                words[place] = word
    text = " ".join(words[place] for place in sorted(words))
    if len(text) > MAX_ABSTRACT:
        raise Unfit(f"its abstract is longer than {MAX_ABSTRACT:,} characters")
    return text


def _topics(work: dict[str, Any]) -> list[Topic]:
    topics = []
    for each in map(fields_of, items_of(work.get("topics")) or items_of(work.get("concepts"))):
        key, label = text_of(each.get("id")).removeprefix(_HOME), text_of(each.get("display_name"))
        if key and label and _counts(each.get("score")):
            topics.append(keyword("openalex", label, key))
    return topics[:20]


def _counts(score: object) -> bool:
    """Whether a topic of that score, 0 to 1, says something; concepts come with many that do not."""
    return not isinstance(score, int | float) or score >= 0.3
