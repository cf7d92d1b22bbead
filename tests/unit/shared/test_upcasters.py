"""Events in an old form are read as events of today."""

import json
from typing import Any, ClassVar

import pytest

from shared.errors import Poison
from shared.events.authors import AuthorIdentified
from shared.events.base import AuthorId
from shared.events.decoding import decode_event, earlier_topics
from shared.events.registry import EVENT_TYPES
from shared.events.upcasters import UPCASTERS, Upcaster
from shared.messaging.envelope import Envelope, from_record
from shared.messaging.folding import Projection, Slot, fold

OLD = json.dumps({"author_id": "a1", "slug": "ada", "given_name": "Ada", "family_name": "Example"})


class NamedAuthor(AuthorIdentified):
    """AuthorIdentified as it would be on a second version of its topic."""

    topic: ClassVar[str] = "authors.v2"


def one_name(old: dict[str, Any]) -> dict[str, Any]:
    return {**old, "name": f"{old['given_name']} {old['family_name']}"}


NEW = NamedAuthor(author_id=AuthorId("a1"), slug="ada", name="Ada Example")


@pytest.fixture(autouse=True)
def second_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """AuthorIdentified has moved to authors.v2 and holds one name instead of two."""
    monkeypatch.setitem(EVENT_TYPES, "AuthorIdentified", NamedAuthor)
    monkeypatch.setitem(UPCASTERS, ("authors.v1", "AuthorIdentified"), Upcaster(NamedAuthor, one_name))
    monkeypatch.setitem(UPCASTERS, ("authors.v1", "AuthorBorn"), Upcaster(NamedAuthor, one_name))


def headers(**changes: str) -> list[tuple[str, bytes | None]]:
    known = {
        "ce_id": "id-1",
        "ce_source": "/bzpeer/works",
        "ce_type": "AuthorIdentified",
        "ce_subject": "a1",
        "ce_sequence": "3",
        "ce_time": "2026-11-24T12:00:00Z",
        "ce_dataschema": "authors.v1/AuthorIdentified.json",
    }
    return [(name, value.encode()) for name, value in (known | changes).items()]


def test_the_old_form_becomes_the_event_of_today() -> None:
    assert decode_event("authors.v1", "AuthorIdentified", OLD) == NEW
    assert decode_event("authors.v1", "AuthorIdentified", OLD.encode()) == NEW


def test_the_form_of_today_is_read_as_it_is() -> None:
    assert decode_event("authors.v2", "AuthorIdentified", NEW.model_dump_json()) == NEW


def test_an_event_that_has_another_name_now_is_read_by_its_old_one() -> None:
    assert decode_event("authors.v1", "AuthorBorn", OLD) == NEW


@pytest.mark.parametrize(("topic", "ce_type"), [("authors.v3", "AuthorIdentified"), ("authors.v2", "AuthorBorn")])
def test_a_form_that_is_newer_than_this_release_is_skipped(topic: str, ce_type: str) -> None:
    assert decode_event(topic, ce_type, "{}") is None


def test_an_old_record_belongs_to_the_topic_of_today_and_keeps_its_place_in_the_history() -> None:
    envelope = from_record(OLD.encode(), headers())
    assert envelope is not None
    assert (envelope.event, envelope.topic, envelope.sequence) == (NEW, "authors.v2", 3)


def test_a_view_that_reads_both_topics_sees_one_history() -> None:
    def apply(view: AuthorIdentified | None, envelope: Envelope) -> AuthorIdentified | None:
        return envelope.event if isinstance(envelope.event, NamedAuthor) else view

    names = Projection("names.v1", ("authors.v1", "authors.v2"), AuthorIdentified, apply)
    old = [from_record(OLD.encode(), headers(ce_sequence=sequence)) for sequence in ("1", "2")]
    third = from_record(
        NEW.model_dump_json().encode(),
        headers(ce_sequence="3", ce_dataschema="authors.v2/AuthorIdentified.json"),
    )
    slot = fold(names, Slot("a1"), [one for one in (third, *old) if one]).slot
    assert (dict(slot.seen), slot.is_stale, slot.value) == ({"authors.v2": 3}, False, NEW)


def test_a_schema_that_others_named_says_nothing() -> None:
    envelope = from_record(NEW.model_dump_json().encode(), headers(ce_dataschema="urn:something:else"))
    assert envelope is not None
    assert envelope.event == NEW


def test_a_newer_record_has_its_place_and_says_nothing() -> None:
    envelope = from_record(b"{}", headers(ce_dataschema="authors.v3/AuthorIdentified.json"))
    assert envelope is not None
    assert (envelope.topic, envelope.sequence) == ("authors.v3", 3)
    assert not isinstance(envelope.event, NamedAuthor)


@pytest.mark.parametrize("value", [b"{}", b"[]", b"null", b"7", b"{not json", b"[" * 100_000, b""])
def test_what_is_no_old_form_is_poison(value: bytes) -> None:
    with pytest.raises(Poison):
        from_record(value, headers())


def test_a_topic_knows_where_the_older_parts_of_its_histories_stand() -> None:
    assert earlier_topics("authors.v2") == ("authors.v1",)
    assert earlier_topics("works.v1") == ()
