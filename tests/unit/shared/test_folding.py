"""A view's document comes out the same whatever is sent twice, late, early, or cut into other batches."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from shared.events.authors import AuthorIdentified
from shared.events.base import AuthorId
from shared.events.trust import TrustChanged, TrustParts
from shared.messaging.envelope import Envelope
from shared.messaging.folding import ASIDE_MOST, Projection, Slot, fold, hear

START = datetime(2026, 1, 1, tzinfo=UTC)


class Seen(BaseModel):
    """The order in which events were applied, per topic."""

    authors: tuple[int, ...] = ()
    trust: tuple[int, ...] = ()


def apply(view: Seen | None, envelope: Envelope) -> Seen:
    view = view or Seen()
    if envelope.topic == "authors.v1":
        return view.model_copy(update={"authors": (*view.authors, envelope.sequence)})
    return view.model_copy(update={"trust": (*view.trust, envelope.sequence)})


STRICT = Projection("test.strict.v1", ("authors.v1", "trust.v1"), Seen, apply)
LOOSE = Projection("test.loose.v1", ("authors.v1",), Seen, apply, key=lambda envelope: envelope.subject)


def identified(sequence: int) -> Envelope:
    event = AuthorIdentified(author_id=AuthorId("a"), slug="a", name="A")
    return Envelope(f"a{sequence}", "/test", "a", sequence, START + timedelta(seconds=sequence), event)


def changed(sequence: int) -> Envelope:
    parts = TrustParts(identity=0, provenance=0, coherence=0, network=0, audience=0)
    event = TrustChanged(
        author_id=AuthorId("a"),
        score=1,
        sum=1.0,
        tier="Unverified",
        verification_level="L1",
        claim_status="unclaimed",
        cap=20,
        parts=parts,
        model="v1",
        cause="x",
    )
    return Envelope(f"t{sequence}", "/test", "a", sequence, START + timedelta(seconds=sequence), event)


def folded(projection: Projection[Seen], *batches: list[Envelope]) -> Slot[Seen]:
    slot: Slot[Seen] = Slot("a")
    for batch in batches:
        slot = fold(projection, slot, batch).slot
    return slot


def test_an_event_sent_twice_is_applied_once() -> None:
    slot = folded(STRICT, [identified(1), identified(1)], [identified(1), identified(2)])
    assert slot.value == Seen(authors=(1, 2))
    assert slot.seen == {"authors.v1": 2}


def test_an_event_after_a_hole_is_kept_aside_until_the_hole_is_filled() -> None:
    early = fold(STRICT, Slot("a"), [identified(1), identified(3)])
    assert early.slot.is_stale
    assert early.slot.missing() == [("authors.v1", 1, 2)]
    assert early.slot.value == Seen(authors=(1,))
    assert [one.sequence for one in early.slot.aside] == [3]

    healed = fold(STRICT, early.slot, [identified(2)])
    assert healed.slot.value == Seen(authors=(1, 2, 3))
    assert [one.sequence for one in healed.applied] == [2, 3]
    assert healed.slot.aside == ()
    assert not healed.slot.is_stale


def test_what_does_not_fit_aside_is_asked_for_again() -> None:
    slot = fold(STRICT, Slot("a"), [identified(n) for n in range(2, ASIDE_MOST + 10)]).slot
    assert len(slot.aside) == ASIDE_MOST
    after = fold(STRICT, slot, [identified(1)]).slot
    assert after.missing() == [("authors.v1", ASIDE_MOST + 1, ASIDE_MOST + 9)]


def test_an_event_that_is_only_heard_of_makes_a_document_stale_until_it_comes() -> None:
    slot = folded(STRICT, [identified(1)])
    heard = hear(slot, "authors.v1", 2)
    assert heard.missing() == [("authors.v1", 1, 2)]
    assert not fold(STRICT, heard, [identified(2)]).slot.is_stale
    assert hear(slot, "authors.v1", 1) == slot


def test_a_hole_in_one_topic_does_not_stop_the_other() -> None:
    slot = folded(STRICT, [identified(2), changed(1)])
    assert slot.value == Seen(trust=(1,))


def test_a_document_that_gets_only_some_of_a_subjects_events_expects_no_gapless_sequence() -> None:
    slot = folded(LOOSE, [identified(9), identified(3)], [identified(2)])
    assert slot.value == Seen(authors=(3, 9))
    assert slot.aside == ()


def test_a_document_is_as_of_its_last_event() -> None:
    assert folded(STRICT, [identified(1), identified(2)]).as_of == START + timedelta(seconds=2)


def test_nothing_new_changes_nothing() -> None:
    slot = folded(STRICT, [identified(1)])
    again = fold(STRICT, slot, [identified(1)])
    assert again.applied == ()
    assert again.slot == slot


@given(st.data())
def test_any_duplication_order_and_batching_equals_one_fold(data: st.DataObject) -> None:
    envelopes = [identified(n) for n in range(1, 6)] + [changed(n) for n in range(1, 4)]
    extra = data.draw(st.lists(st.sampled_from(envelopes), max_size=10))
    sent = data.draw(st.permutations(envelopes + extra))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(sent)), max_size=5)))
    batches = [sent[start:end] for start, end in zip([0, *cuts], [*cuts, len(sent)], strict=True)]
    slot = folded(STRICT, *batches)
    assert slot == folded(STRICT, envelopes)
