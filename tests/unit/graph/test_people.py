"""From events to the person's document."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.graph.domain.closeness import close_collaborators
from services.graph.views.works import WORKS
from shared.events.authors import Coauthor
from shared.events.base import Event, WorkId
from shared.messaging.folding import Slot, fold
from tests.unit.graph.given import (
    HANNAH,
    arbitrary_events,
    credited,
    envelopes,
    fold_all,
    identified,
    imported,
    person_of,
    the_seed,
    uncredited,
)


def test_a_person_is_called_as_the_last_credit_says() -> None:
    person = person_of(identified(HANNAH), credited(HANNAH, "w", [HANNAH], slug="new-slug", author_name="H. Lawrence"))

    assert (person.name, person.slug) == ("H. Lawrence", "new-slug")


def test_a_second_credit_for_a_work_replaces_the_first() -> None:
    person = person_of(
        credited(HANNAH, "w", [HANNAH, "a", "b"]),
        credited(HANNAH, "w", [HANNAH, "b", "c"]),
    )

    assert person.works == 1
    assert set(person.names) == {"b", "c"}


def test_an_uncredited_work_leaves_nothing_behind() -> None:
    person = person_of(*the_seed(), uncredited(HANNAH, "hardness"), uncredited(HANNAH, "unknown"))

    assert list(person.credits) == ["bias"]
    assert set(person.names) == {"georgiev", "dienes", "kiani"}


def test_an_author_is_no_coauthor_of_themselves() -> None:
    event = credited(HANNAH, "w", [HANNAH, "a"])
    herself = Coauthor(author_id=HANNAH, name="Lawrence")
    twice = event.model_copy(update={"coauthors": (*event.coauthors, *event.coauthors, herself)})

    assert close_collaborators(person_of(twice))[1] == 1


def test_five_thousand_works_are_folded() -> None:
    works = [credited(HANNAH, f"w{n}", [HANNAH, f"a{n % 70}"], date(2000 + n % 20, 1, 1)) for n in range(5_000)]

    assert person_of(*works).works == 5_000


def test_of_a_crowd_a_work_keeps_only_the_size() -> None:
    work = fold(WORKS, Slot("w"), envelopes(imported("w", [f"a{n}" for n in range(1_000)]))).slot.value

    assert work is not None
    assert (work.byline, work.byline_size) == ((), 1_000)


def test_a_retracted_work_says_so() -> None:
    person = person_of(credited(HANNAH, "w", [HANNAH, "a"], status="retracted"))

    assert person.credits[WorkId("w")].status == "retracted"


@given(st.data())
def test_any_duplication_and_batching_equals_one_fold(data: st.DataObject) -> None:
    sent = envelopes(*data.draw(arbitrary_events()))
    extra = data.draw(st.lists(st.sampled_from(sent), max_size=8))
    mixed = data.draw(st.permutations(sent + extra))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(mixed)), max_size=4)))
    slot = None
    for start, end in zip([0, *cuts], [*cuts, len(mixed)], strict=True):
        slot = fold_all(mixed[start:end], slot)

    assert slot == fold_all(sent)


@given(arbitrary_events())
def test_names_are_kept_of_exactly_the_coauthors_there_are(events: list[Event]) -> None:
    person = person_of(*events)

    assert set(person.names) == {one for credit in person.credits.values() for one in credit.coauthors}
