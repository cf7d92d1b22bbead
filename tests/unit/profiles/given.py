"""Events about people, as profiles hears them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from services.profiles.views.people import PEOPLE, Person
from shared.events.authors import AuthorCredited, AuthorIdentified, AuthorRenamed, AuthorsMerged, AuthorUncredited
from shared.events.base import AuthorId, Event, SignatureId, WorkId
from shared.events.trust import TrustChanged, TrustParts, VerificationLevel
from shared.messaging.envelope import Envelope
from shared.messaging.folding import Slot, fold

ADA = AuthorId("ada")
START = datetime(2026, 1, 1, 12, tzinfo=UTC)
LEVELS: tuple[VerificationLevel, ...] = ("L0", "L1", "L2", "L3", "L4", "L5")


def identified(author: str = ADA) -> AuthorIdentified:
    return AuthorIdentified(author_id=AuthorId(author), slug=f"{author}-example", name=f"{author.title()} Example")


def credited(work: str, *affiliations: str, author: str = ADA, published_on: date = date(2024, 1, 3)) -> AuthorCredited:
    return AuthorCredited(
        author_id=AuthorId(author),
        author_name=f"{author.title()} Example",
        slug=f"{author}-example",
        work_id=WorkId(work),
        signature_id=SignatureId(f"signature-{work}"),
        position=1,
        byline_size=1,
        kind="preprint",
        source="arXiv",
        source_class="moderated",
        year=2024,
        published_on=published_on,
        is_new=False,
        title=f"On {work}",
        topics=(),
        coauthors=(),
        affiliations=affiliations,
        version_group=work,
        kappa=0.9,
    )


def uncredited(work: str) -> AuthorUncredited:
    return AuthorUncredited(author_id=ADA, work_id=WorkId(work), kappa=0.9)


def merged(author: str, into: str) -> AuthorsMerged:
    return AuthorsMerged(
        author_id=AuthorId(author),
        into=AuthorId(into),
        into_slug=f"{into}-example",
        into_name=f"{into.title()} Example",
    )


def renamed(name: str, author: str = ADA) -> AuthorRenamed:
    return AuthorRenamed(author_id=AuthorId(author), slug=name.lower().replace(" ", "-"), name=name)


def trusted(level: VerificationLevel, author: str = ADA) -> TrustChanged:
    return TrustChanged(
        author_id=AuthorId(author),
        score=13,
        sum=13.28,
        tier="Unverified",
        verification_level=level,
        claim_status="unclaimed",
        cap=29,
        parts=TrustParts(identity=0, provenance=0, coherence=0, network=0, audience=0),
        model="v1",
        cause="cause",
    )


def envelopes(*events: Event) -> list[Envelope]:
    """The events as the log gives them out: per topic and subject a sequence without holes."""
    last: dict[tuple[str, str], int] = {}
    sent = []
    for place, event in enumerate(events):
        of = event.topic, event.subject
        last[of] = last.get(of, 0) + 1
        sent.append(
            Envelope(f"event-{place}", "/test", event.subject, last[of], START + timedelta(seconds=place), event)
        )
    return sent


def fold_all(sent: Sequence[Envelope], slot: Slot[Person] | None = None) -> Slot[Person]:
    return fold(PEOPLE, slot or Slot(ADA), sent).slot


def person_of(*events: Event) -> Person:
    person = fold_all(envelopes(*events)).value
    assert person is not None
    return person


def arbitrary_events() -> st.SearchStrategy[list[Event]]:
    """Any events of one author record."""
    works = st.sampled_from(["w1", "w2", "w3"])
    places = st.lists(st.sampled_from(["ETH", "MIT", "EPFL"]), max_size=2, unique=True)
    days = st.sampled_from([date(2020, 1, 1), date(2024, 1, 3)])
    one: st.SearchStrategy[Event] = st.one_of(
        st.builds(identified),
        st.builds(lambda work, some, day: credited(work, *some, published_on=day), works, places, days),
        st.builds(uncredited, works),
        st.builds(renamed, st.sampled_from(["Ada B.", "Ada C."])),
        st.builds(merged, st.just(str(ADA)), st.sampled_from(["bo", "cy"])),
        st.builds(trusted, st.sampled_from(LEVELS)),
    )
    return st.lists(one, min_size=1, max_size=12)
