"""What records change: given what is known, when a record comes, then these events."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.works.domain.record import SourceRecord
from shared.events.authors import AuthorUncredited
from shared.events.works import WorkImported, WorkUpdated
from tests.unit.works.given import NOW, Library, arbitrary_record, credits_in, names_of

LATER = datetime(2024, 6, 1, tzinfo=UTC)


def test_a_record_of_nothing_known_makes_a_work_and_its_authors() -> None:
    decision = Library().take(arbitrary_record())
    assert decision.outcome == "new"
    assert names_of(decision) == ["WorkImported", *["AuthorIdentified"] * 2, *["AuthorCredited"] * 2]


def test_a_credit_says_all_that_views_need() -> None:
    decision = Library().take(arbitrary_record(affiliations=["Institute of Examples"], doi="10.1000/x"))
    credit = credits_in(decision)["Bela Example"]
    assert (credit.position, credit.byline_size, credit.slug) == (2, 2, "bela-example")
    assert [coauthor.name for coauthor in credit.coauthors] == ["Ada Example"]
    assert credit.affiliations == ("Institute of Examples",)
    assert credit.identifiers == ("arxiv:2401.01869", "doi:10.1000/x")
    assert credit.version_group == credit.work_id
    assert (credit.source, credit.source_class, credit.kind) == ("arXiv", "moderated", "preprint")
    assert credit.kappa == 0.99


def test_the_same_record_again_changes_nothing() -> None:
    library = Library()
    library.take(arbitrary_record())
    again = library.take(arbitrary_record())
    assert (again.outcome, again.work, again.events) == ("unchanged", None, ())


def test_the_same_name_in_other_letters_is_the_same_author() -> None:
    library = Library()
    library.take(arbitrary_record("2401.00001", authors=["José T. Müller"]))
    decision = library.take(arbitrary_record("2401.00002", authors=["JOSE T MULLER"]))
    assert names_of(decision) == ["WorkImported", "AuthorCredited"]


def test_namesakes_on_one_byline_are_two_people() -> None:
    decision = Library().take(arbitrary_record(authors=["Wei Zhang", "Wei Zhang"]))
    assert [author.slug for author in decision.authors] == ["wei-zhang", "wei-zhang-2"]
    assert len({author.id for author in decision.authors}) == 2


@given(st.lists(st.lists(st.sampled_from(["Wei Zhang", "W. Zhang", "WEI ZHANG", "Ada"]), min_size=1), max_size=4))
def test_nobody_is_on_a_byline_twice(bylines: list[list[str]]) -> None:
    library = Library()
    for number, names in enumerate(bylines):
        work = library.take(arbitrary_record(f"2401.{number:05d}", authors=names)).work
        assert work is not None
        assert len({entry.author_id for entry in work.byline}) == len(names)


def test_names_that_share_a_slug_get_numbers() -> None:
    decision = Library().take(arbitrary_record(authors=["J. O'Neil", "J ONeil (2)", "J. O-Neil"]))
    slugs = [author.slug for author in decision.authors]
    assert len(set(slugs)) == len(slugs)


def test_a_newer_version_updates_the_work_and_credits_again() -> None:
    library = Library()
    library.take(arbitrary_record())
    decision = library.take(arbitrary_record(version=2, updated=LATER, title="On better examples"))
    assert decision.outcome == "merged"
    assert names_of(decision) == ["WorkUpdated", "AuthorCredited", "AuthorCredited"]
    assert {credit.title for credit in credits_in(decision).values()} == {"On better examples"}
    assert all(author.works == 1 for author in decision.authors)


def test_a_newer_version_that_says_the_same_credits_nobody_again() -> None:
    library = Library()
    library.take(arbitrary_record())
    decision = library.take(arbitrary_record(version=2, updated=datetime(2024, 2, 1, tzinfo=UTC)))
    assert names_of(decision) == ["WorkUpdated"]


def test_an_older_version_after_the_newer_one_is_kept_and_changes_no_field() -> None:
    library = Library()
    newer = library.take(arbitrary_record(version=2, updated=LATER, title="On better examples")).work
    decision = library.take(arbitrary_record())
    assert (decision.outcome, decision.events) == ("merged", ())
    assert newer is not None
    assert decision.work is not None
    assert decision.work.texts == newer.texts
    assert [version.version for version in decision.work.versions] == [1, 2]
    assert library.take(arbitrary_record()).outcome == "unchanged"


def test_who_leaves_the_byline_is_uncredited_and_who_comes_is_credited() -> None:
    library = Library()
    library.take(arbitrary_record(authors=["Ada Example", "Bela Example"]))
    leaving = library.author("Bela Example")
    decision = library.take(arbitrary_record(version=2, updated=LATER, authors=["Ada Example", "Cleo Example"]))
    assert [event.author_id for event in decision.events if isinstance(event, AuthorUncredited)] == [leaving]
    assert credits_in(decision).keys() == {"Ada Example", "Cleo Example"}
    works = {author.name: author.works for author in library.known.authors.values()}
    assert works == {"Ada Example": 1, "Bela Example": 0, "Cleo Example": 1}


def test_whoever_stays_on_the_byline_keeps_the_signature() -> None:
    library = Library()
    before = credits_in(library.take(arbitrary_record(authors=["Ada Example", "Bela Example"])))
    after = credits_in(
        library.take(arbitrary_record(version=2, updated=LATER, authors=["Bela Example", "Ada Example"]))
    )
    assert {n: c.signature_id for n, c in before.items()} == {n: c.signature_id for n, c in after.items()}
    assert (after["Bela Example"].position, after["Ada Example"].position) == (1, 2)


def test_a_record_that_shares_the_doi_is_the_same_work() -> None:
    library = Library()
    library.take(arbitrary_record(doi="10.1000/x"))
    record = arbitrary_record(doi="10.1000/x", updated=LATER)
    other_source = record.model_copy(
        update={"identifiers": ("doi:10.1000/x",), "source": "Crossref", "source_class": "peer_reviewed"}
    )
    decision = library.take(other_source)
    assert decision.outcome == "merged"
    assert decision.work is not None
    assert decision.work.identifiers == ("doi:10.1000/x", "arxiv:2401.01869")


def test_different_arxiv_identifiers_veto_a_merge_by_doi() -> None:
    library = Library()
    first = library.take(arbitrary_record("2401.00001", doi="10.1000/x")).work
    decision = library.take(arbitrary_record("2401.00002", doi="10.1000/x"))
    assert decision.outcome == "new"
    assert decision.work is not None
    assert decision.work.keys == ("arxiv:2401.00002",)
    assert first is not None
    assert library.known.work_by_key["doi:10.1000/x"] == first.id


def test_a_work_of_the_last_thirty_days_is_new_and_an_older_one_is_backfill() -> None:
    for days, expected in ((0, True), (30, True), (31, False), (3000, False)):
        day = NOW - timedelta(days=days)
        decision = Library().take(arbitrary_record(published=day, updated=day))
        assert {event.is_new for event in decision.events if isinstance(event, WorkImported)} == {expected}
        assert {credit.is_new for credit in credits_in(decision).values()} == {expected}


def test_an_update_never_makes_a_work_new() -> None:
    library = Library()
    day = NOW - timedelta(days=2)
    library.take(arbitrary_record(published=day, updated=day))
    decision = library.take(arbitrary_record(published=day, updated=NOW, version=2, title="Other"))
    assert [event.is_new for event in decision.events if isinstance(event, WorkUpdated)] == [False]
    assert {credit.is_new for credit in credits_in(decision).values()} == {False}


def test_the_year_is_that_of_the_version_shown_and_the_date_is_the_first() -> None:
    record = arbitrary_record(published=datetime(2021, 10, 12, tzinfo=UTC), updated=datetime(2022, 9, 14, tzinfo=UTC))
    work = Library().take(record).work
    assert work is not None
    assert (work.year, work.published_on.isoformat()) == (2022, "2021-10-12")


def test_kappa_follows_what_links_the_works() -> None:
    def kappa_after(second: SourceRecord) -> float:
        library = Library()
        library.take(arbitrary_record("2401.00001", authors=["Ada Example", "Bela Example"], categories=["cs.LG"]))
        return credits_in(library.take(second))["Ada Example"].kappa

    both = arbitrary_record("2401.00002", authors=["Ada Example", "Bela Example"], categories=["cs.LG", "cs.AI"])
    people = arbitrary_record("2401.00002", authors=["Ada Example", "Bela Example"], categories=["cs.AI"])
    topics = arbitrary_record("2401.00002", authors=["Ada Example", "Cleo Example"], categories=["cs.LG"])
    nothing = arbitrary_record("2401.00002", authors=["Ada Example", "Cleo Example"], categories=["cs.AI"])
    assert [kappa_after(record) for record in (both, people, topics, nothing)] == [0.9, 0.8, 0.5, 0.2]


def test_kappa_after_a_change_is_as_if_only_the_last_versions_had_come() -> None:
    library = Library()
    library.take(arbitrary_record("2401.00001", authors=["Ada Example", "Bela Example"]))
    library.take(arbitrary_record("2401.00002", authors=["Ada Example", "Bela Example"]))
    decision = library.take(
        arbitrary_record("2401.00002", version=2, updated=LATER, authors=["Ada Example"], categories=["cs.AI"])
    )
    assert credits_in(decision)["Ada Example"].kappa == 0.2


def test_a_byline_of_more_than_fifty_names_no_coauthors() -> None:
    credit = next(iter(credits_in(Library().take(arbitrary_record(authors=[f"P{n} Q" for n in range(51)]))).values()))
    assert (credit.byline_size, credit.coauthors) == (51, ())


_people = st.lists(st.sampled_from(["Ada Example", "Bela Example", "Cleo Example", "Dana Example"]), min_size=1)
_records = st.builds(
    lambda number, version, people, category: arbitrary_record(
        f"2401.0000{number}",
        version=version,
        updated=datetime(2024, 1, version, tzinfo=UTC),
        authors=people,
        categories=[category],
    ),
    st.integers(1, 3),
    st.integers(1, 3),
    _people,
    st.sampled_from(["cs.LG", "cs.AI", "math.ST"]),
)


@given(st.lists(_records, max_size=8))
def test_taking_everything_a_second_time_changes_nothing(records: list[SourceRecord]) -> None:
    library = Library()
    for record in records:
        library.take(record)
    before = (dict(library.known.works), dict(library.known.authors))
    assert {library.take(record).outcome for record in records} <= {"unchanged"}
    assert (library.known.works, library.known.authors) == before


@given(st.lists(_records, max_size=8))
def test_sequences_count_the_events_of_each_subject(records: list[SourceRecord]) -> None:
    library = Library()
    events = [event for record in records for event in library.take(record).events]
    sequences = {str(work.id): work.sequence for work in library.known.works.values()}
    sequences |= {str(author.id): author.sequence for author in library.known.authors.values()}
    assert sequences == {subject: sum(event.subject == subject for event in events) for subject in sequences}


@given(st.lists(_records, max_size=8))
def test_an_author_record_is_the_sum_of_its_works(records: list[SourceRecord]) -> None:
    library = Library()
    for record in records:
        library.take(record)
    for author in library.known.authors.values():
        works = [w for w in library.known.works.values() if author.id in {entry.author_id for entry in w.byline}]
        assert author.works == len(works)
        assert {t.id: t.works for t in author.topics} == {
            topic.id: sum(topic in work.topics for work in works) for work in works for topic in work.topics
        }
