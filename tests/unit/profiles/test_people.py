"""The view of people: the same whatever is sent twice, late or in other batches."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.profiles.views.people import PEOPLE, Person
from shared.events.authors import AuthorCredited, AuthorEvent, AuthorIdentified, AuthorUncredited
from shared.events.base import AuthorId, Event, SignatureId, WorkId
from shared.events.trust import TrustChanged, TrustParts
from shared.messaging.envelope import Envelope
from shared.messaging.folding import Slot, fold

ADA = AuthorId("ada")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def credited(work: str, published: date = date(2024, 1, 3), *affiliations: str) -> AuthorCredited:
    return AuthorCredited(
        author_id=ADA, author_name="Ada Example", slug="ada-example", work_id=WorkId(work),
        signature_id=SignatureId(work), position=1, byline_size=1, kind="preprint", source="arXiv",
        source_class="moderated", year=2024, published_on=published, is_new=False, title=work, topics=(),
        coauthors=(), affiliations=affiliations, version_group=work, kappa=0.9,
    )  # fmt: skip


def trusted() -> TrustChanged:
    parts = TrustParts(identity=4, provenance=3, coherence=3, network=2, audience=0)
    return TrustChanged(
        author_id=ADA, score=13, sum=13.28, tier="Unverified", verification_level="L1", claim_status="unclaimed",
        cap=20, parts=parts, model="v1", cause="x",
    )  # fmt: skip


HISTORY: list[AuthorEvent] = [
    AuthorIdentified(author_id=ADA, slug="ada-example", name="Ada Example"),
    credited("w1", date(2020, 1, 1), "Old Place", "Shared"),
    credited("w2"),
    credited("w2", date(2024, 1, 3), "New Place", "Shared"),
    credited("w3"),
    AuthorUncredited(author_id=ADA, work_id=WorkId("w3"), kappa=0.9),
]


def sent(event: Event, sequence: int) -> Envelope:
    return Envelope(f"{event.topic}-{sequence}", "/test", event.subject, sequence, NOW, event)


EVENTS = [*(sent(event, number) for number, event in enumerate(HISTORY, start=1)), sent(trusted(), 1)]


def folded(batches: list[list[Envelope]]) -> Person | None:
    slot: Slot[Person] = Slot(ADA)
    for batch in batches:
        slot = fold(PEOPLE, slot, batch).slot
    return slot.value


def test_a_person_has_the_credits_that_stand_and_the_newest_affiliation_first() -> None:
    person = folded([EVENTS])
    assert person is not None
    assert (person.name, person.slug, person.level, person.works) == ("Ada Example", "ada-example", "L1", 2)
    assert person.affiliations == ("New Place", "Shared", "Old Place")


def test_trust_may_come_before_the_person() -> None:
    person = folded([[sent(trusted(), 1)]])
    assert person is not None
    assert person.name is None


@given(st.permutations([*EVENTS, *EVENTS]), st.integers(1, 5))
def test_any_order_of_duplicates_in_any_batches_gives_the_same(events: list[Envelope], size: int) -> None:
    batches = [events[start : start + size] for start in range(0, len(events), size)]
    assert folded(batches) == folded([EVENTS])
