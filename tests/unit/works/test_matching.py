"""Which records are one work, and what comes of them together."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import permutations

import pytest

from services.works.domain.composing import Telling, compose
from services.works.domain.matching import is_same_work, looks_of, match_keys
from services.works.domain.record import RecordAuthor, SourceRecord
from shared.events.works import WorkRetracted, WorkUpdated, WorkWithdrawn
from tests.unit.works.given import Library, arbitrary_record, credits_in, names_of

TITLE = "On the hardness of learning under symmetries"
LATER = datetime(2024, 9, 1, tzinfo=UTC)


def published(
    title: str = TITLE,
    *,
    doi: str = "10.1000/x",
    authors: Sequence[str] = ("Ada Example", "Bela Example"),
    year: int = 2024,
) -> SourceRecord:
    """The published form of an invented work, as Crossref tells of it."""
    day = datetime(year, 9, 1, tzinfo=UTC)
    return arbitrary_record(title=title, authors=authors, published=day, updated=day).model_copy(
        update={
            "source": "Crossref",
            "source_class": "peer_reviewed",
            "kind": "article",
            "identifiers": (f"doi:{doi}",),
            "version": None,
            "topics": (),
        }
    )


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (published(), True),
        (published("On the Hardness of Learning under Symmetries."), True),
        (published(authors=["A. Example", "Bela Example"]), True),
        (published("On the hardness of learning under symmetries, II"), False),
        (published("On the softness of forgetting under asymmetries"), False),
        (published(authors=["Zoe Else", "Bela Example"]), False),
        (published(year=2031), False),
    ],
)
def test_looks_join_a_preprint_and_its_publication(other: SourceRecord, *, same: bool) -> None:
    library = Library()
    library.take(arbitrary_record(title=TITLE))
    assert library.take(other).outcome == ("merged" if same else "new")


def test_a_short_title_joins_nothing() -> None:
    assert match_keys(looks_of("Editorial", ["Ada Example"], 2024)) == ()
    assert match_keys(looks_of("", [], 2024)) == ()


def test_works_alike_share_a_key() -> None:
    one, other = looks_of(TITLE, ["Ada Example"], 2024), looks_of(f"{TITLE}s", ["A. Example"], 2025)
    assert is_same_work(one, other)
    assert set(match_keys(one)) & set(match_keys(other))


def test_two_publishers_dois_are_two_works() -> None:
    library = Library()
    library.take(published())
    assert library.take(published(doi="10.1000/y")).outcome == "new"


def test_a_doi_of_a_book_does_not_join_its_chapters() -> None:
    library = Library()
    chapter = published("A history of gardens", authors=["Zoe Else"])
    typed = chapter.model_copy(update={"source": "BibTeX", "source_class": "self_import"})
    library.take(published("Sorting networks of small depth"))
    assert library.take(typed).outcome == "new"
    assert library.take(typed).outcome == "unchanged"


def test_a_record_that_shows_two_works_to_be_one_merges_them() -> None:
    library = Library()
    preprint = library.take(arbitrary_record(title="A working title of some length")).work
    article = library.take(published("Another title altogether of this")).work
    decision = library.take(
        arbitrary_record(title="A working title of some length", doi="10.1000/x", updated=LATER, version=2)
    )
    assert preprint is not None
    assert article is not None
    kept, gone = decision.works
    assert (kept.id, gone.id, gone.merged_into) == (preprint.id, article.id, preprint.id)
    assert names_of(decision).count("WorkUpdated") == 2
    assert [event.merged_into for event in decision.events if isinstance(event, WorkUpdated)] == [None, preprint.id]
    works = {author.name: author.works for author in library.known.authors.values() if author.works}
    assert works == {"Ada Example": 1, "Bela Example": 1}


def test_the_order_of_the_tellings_does_not_matter() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    tellings = [
        Telling(record=record, at=at)
        for record in (arbitrary_record(title=TITLE), published(), published(doi="10.1000/y"))
    ]
    assert len({compose(each).model_dump_json() for each in permutations(tellings)}) == 1


def test_each_field_is_the_word_of_the_source_that_stands_for_it() -> None:
    library = Library()
    library.take(arbitrary_record(title=TITLE, categories=["cs.LG"]))
    library.take(published("On the Hardness of Learning Under Symmetries"))
    work = library.decisions[-1].work
    assert work is not None
    assert (work.kind, work.source, work.source_class) == ("article", "Crossref", "peer_reviewed")
    assert (work.texts.title, [topic.id for topic in work.topics]) == (TITLE, ["arxiv:cs.LG"])
    assert {each.field: each.source for each in work.asserted}["title"] == "arXiv"
    assert work.published_on.isoformat() == "2024-01-03"


def test_another_source_tells_who_an_author_is() -> None:
    library = Library()
    library.take(arbitrary_record(title=TITLE))
    known = RecordAuthor(name="Example, A.", orcid="0000-0002-1825-0097")
    library.take(published().model_copy(update={"authors": (known, RecordAuthor(name="Bela Example"))}))
    work = library.decisions[-1].work
    assert work is not None
    assert work.people[0].orcid == "0000-0002-1825-0097"
    assert library.known.authors[work.byline[0].author_id].evidence.orcid == "0000-0002-1825-0097"


def test_a_work_that_is_withdrawn_or_retracted_is_told_as_such() -> None:
    library = Library()
    library.take(arbitrary_record())
    gone = arbitrary_record(version=2, updated=LATER).model_copy(update={"status": "withdrawn"})
    decision = library.take(gone)
    assert any(isinstance(event, WorkWithdrawn) for event in decision.events)
    assert {credit.status for credit in credits_in(decision).values()} == {"withdrawn"}
    library.take(published(title="On examples"))
    retracted = library.take(published(title="On examples").model_copy(update={"status": "retracted"}))
    assert any(isinstance(event, WorkRetracted) for event in retracted.events)
