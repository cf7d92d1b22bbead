"""Events on the wire: CloudEvents 1.0 in Kafka's binary mode."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.errors import Poison
from shared.events.authors import AuthorIdentified
from shared.events.base import AuthorId
from shared.messaging.envelope import Envelope, from_record, to_headers
from shared.messaging.relay import delivered_prefixes

EVENT = AuthorIdentified(author_id=AuthorId("a1"), slug="ada", name="Ada")
ENVELOPE = Envelope("id-1", "/bzpeer/works", "a1", 7, datetime(2026, 11, 24, 12, 0, 0, 5000, UTC), EVENT, "00-ab-cd-01")


def test_what_is_sent_is_what_is_read() -> None:
    assert from_record(EVENT.model_dump_json().encode(), to_headers(ENVELOPE)) == ENVELOPE


def test_the_headers_are_those_of_cloudevents() -> None:
    headers = dict(to_headers(ENVELOPE))
    assert headers["ce_specversion"] == b"1.0"
    assert headers["ce_type"] == b"AuthorIdentified"
    assert headers["ce_sequence"] == b"7"
    assert headers["ce_time"] == b"2026-11-24T12:00:00.005000Z"
    assert headers["ce_dataschema"] == b"authors.v1/AuthorIdentified.json"
    assert headers["content-type"] == b"application/json"


def test_a_field_that_a_newer_writer_added_is_ignored() -> None:
    value = EVENT.model_dump_json().replace("}", ', "pronouns": "they"}').encode()
    assert from_record(value, to_headers(ENVELOPE)) == ENVELOPE


def test_a_type_of_a_newer_release_is_skipped() -> None:
    headers = [(name, b"AuthorSainted" if name == "ce_type" else raw) for name, raw in to_headers(ENVELOPE)]
    assert from_record(b"{}", headers) is None


@pytest.mark.parametrize(
    ("value", "dropped", "said"),
    [
        (b"{not json", "", "Invalid JSON"),
        (None, "", "Invalid JSON"),
        (b"{}", "", "Field required"),
        (b"{}", "ce_type", "ce_type"),
        (b"{}", "ce_sequence", "ce_sequence"),
    ],
)
def test_what_no_repetition_makes_readable_is_poison(value: bytes | None, dropped: str, said: str) -> None:
    headers = [(name, raw) for name, raw in to_headers(ENVELOPE) if name != dropped]
    if dropped:
        value = EVENT.model_dump_json().encode()
    with pytest.raises(Poison, match=said):
        from_record(value, headers)


def test_a_header_that_is_not_utf8_is_poison() -> None:
    with pytest.raises(Poison, match="decode"):
        from_record(b"{}", [("ce_type", b"\xff")])


def numbered(subject: str, sequence: int) -> dict[str, object]:
    return {"topic": "authors.v1", "subject": subject, "sequence": sequence}


def test_after_a_failed_event_the_aggregates_later_events_are_sent_again() -> None:
    ordered = [numbered("a", 1), numbered("a", 2), numbered("a", 3), numbered("b", 1)]
    delivered = delivered_prefixes(ordered, ["sent", OSError("lost"), "sent", "sent"])
    assert delivered == [numbered("a", 1), numbered("b", 1)]


def test_the_trace_goes_with_the_event() -> None:
    traced = replace(ENVELOPE, tracestate="vendor=1")
    headers = dict(to_headers(traced))
    assert (headers["traceparent"], headers["tracestate"]) == (b"00-ab-cd-01", b"vendor=1")
    assert from_record(EVENT.model_dump_json().encode(), to_headers(traced)) == traced
