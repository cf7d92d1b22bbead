"""From events to what profiles knows of an author record."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profiles.views.people import PEOPLE, apply
from shared.events.base import AccountId, Event
from shared.events.follows import FollowCreated
from tests.unit.profiles.given import (
    ADA,
    arbitrary_events,
    credited,
    envelopes,
    fold_all,
    identified,
    person_of,
    trusted,
    uncredited,
)


def test_a_person_has_the_name_of_the_last_event_that_names_one() -> None:
    renamed = identified().model_copy(update={"name": "Ada B. Example", "slug": "ada-b-example"})
    person = person_of(identified(), credited("w1"), renamed)
    assert (person.name, person.slug, person.works) == ("Ada B. Example", "ada-b-example", 1)


@pytest.mark.parametrize("events", [(trusted("L1"), identified()), (identified(), trusted("L1"))])
def test_name_and_level_come_in_any_order(events: tuple[Event, ...]) -> None:
    person = person_of(*events)
    assert (person.name, person.level) == ("Ada Example", "L1")


def test_one_whom_trust_alone_names_has_no_name() -> None:
    assert person_of(trusted("L2")).name is None


def test_affiliations_are_those_of_all_works_once_each_and_the_newest_first() -> None:
    old = credited("w1", "MIT", "ETH", published_on=date(2020, 1, 1))
    new = credited("w2", "ETH", "EPFL", published_on=date(2024, 1, 1))
    assert person_of(old, new).affiliations == ("ETH", "EPFL", "MIT")


def test_a_second_credit_replaces_the_first_of_its_work() -> None:
    person = person_of(credited("w1", "MIT"), credited("w1", "ETH"))
    assert (person.works, person.affiliations) == (1, ("ETH",))


def test_a_credit_that_is_withdrawn_takes_its_affiliations_along() -> None:
    person = person_of(credited("w1", "MIT"), credited("w2", "ETH"), uncredited("w1"), uncredited("unknown"))
    assert (person.works, person.affiliations, person.name) == (1, ("ETH",), "Ada Example")


def test_events_about_other_things_change_nothing() -> None:
    followed = envelopes(FollowCreated(followee_id=ADA, account_id=AccountId("fan"), followers=1))[0]
    person = person_of(identified())
    assert apply(person, followed) is person
    assert apply(None, followed) is None


def test_the_view_is_stored_and_read_without_loss() -> None:
    person = person_of(identified(), credited("w1", "MIT"), trusted("L3"))
    assert PEOPLE.model.model_validate(person.model_dump(mode="json")) == person


@given(st.data())
def test_any_duplication_order_and_batching_equals_one_fold(data: st.DataObject) -> None:
    sent = envelopes(*data.draw(arbitrary_events()))
    mixed = data.draw(st.permutations(sent + data.draw(st.lists(st.sampled_from(sent), max_size=8))))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(mixed)), max_size=4)))
    slot = fold_all([])
    for start, end in zip([0, *cuts], [*cuts, len(mixed)], strict=True):
        slot = fold_all(mixed[start:end], slot)

    once = fold_all(sent)
    assert slot == once
    assert once.value is not None
    assert once.value.works == len(once.value.credits)
