"""Events to feed the graph views with."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from services.graph.domain.person import Person
from services.graph.views.people import PEOPLE
from shared.events.authors import (
    AuthorCredited,
    AuthorIdentified,
    AuthorRenamed,
    AuthorsMerged,
    AuthorUncredited,
    Coauthor,
)
from shared.events.base import AuthorId, Event, SignatureId, WorkId
from shared.events.works import Byline, Topic, WorkImported, WorkUpdated
from shared.messaging.envelope import Envelope
from shared.messaging.folding import Slot, fold

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
HANNAH = AuthorId("lawrence")
HARDNESS = ("kiani", "le", "lawrence", "jegelka", "weber")
BIAS = ("lawrence", "georgiev", "dienes", "kiani")
LABELS = {
    "arxiv:cs.LG": "Machine Learning",
    "arxiv:cs.DS": "Data Structures and Algorithms",
    "arxiv:math.ST": "Statistics Theory",
    "arxiv:stat.ML": "Machine Learning (statistics)",
    "arxiv:cs.AI": "Artificial Intelligence",
}


def topics(*ids: str) -> tuple[Topic, ...]:
    return tuple(Topic(id=one, label=LABELS.get(one, one)) for one in ids)


def credited(
    author: str, work: str, byline: Sequence[str], published_on: date = date(2024, 1, 3), **changes: Any
) -> AuthorCredited:
    event = AuthorCredited(
        author_id=AuthorId(author),
        author_name=author.title(),
        slug=f"slug-{author}",
        work_id=WorkId(work),
        signature_id=SignatureId(f"{work}-{author}"),
        position=byline.index(author) + 1,
        byline_size=len(byline),
        kind="preprint",
        source="arXiv",
        source_class="moderated",
        year=published_on.year,
        published_on=published_on,
        is_new=False,
        title=f"On {work}",
        topics=(),
        coauthors=tuple(Coauthor(author_id=AuthorId(one), name=one.title()) for one in byline if one != author),
        version_group=work,
        kappa=0.9,
    )
    return event.model_copy(update=changes)


def uncredited(author: str, work: str) -> AuthorUncredited:
    return AuthorUncredited(author_id=AuthorId(author), work_id=WorkId(work), kappa=0.9)


def identified(author: str) -> AuthorIdentified:
    return AuthorIdentified(author_id=AuthorId(author), slug=f"slug-{author}", name=author.title())


def renamed(author: str, name: str) -> AuthorRenamed:
    return AuthorRenamed(author_id=AuthorId(author), slug=name.lower().replace(" ", "-"), name=name)


def merged(author: str, into: str) -> AuthorsMerged:
    return AuthorsMerged(
        author_id=AuthorId(author), into=AuthorId(into), into_slug=f"slug-{into}", into_name=into.title()
    )


def imported(work: str, byline: Sequence[str], affiliations: Sequence[str] = (), **changes: Any) -> WorkImported:
    event = WorkImported(
        work_id=WorkId(work),
        kind="preprint",
        source="arXiv",
        source_class="moderated",
        identifiers=(),
        title=f"On {work}",
        title_text=f"On {work}",
        year=2024,
        published_on=date(2024, 1, 3),
        is_new=False,
        topics=(),
        byline=tuple(
            Byline(
                signature_id=SignatureId(f"{work}-{one}"),
                author_id=AuthorId(one),
                name=one.title(),
                position=place,
                affiliations=tuple(affiliations),
            )
            for place, one in enumerate(byline, start=1)
        ),
    )
    return event.model_copy(update=changes)


def updated(work: str, byline: Sequence[str], *, merged_into: str | None = None) -> WorkUpdated:
    into = WorkId(merged_into) if merged_into else None
    return WorkUpdated(**imported(work, byline).model_dump(), merged_into=into)


THE_TOPICS = {
    "hardness": topics("arxiv:cs.LG", "arxiv:cs.DS", "arxiv:math.ST", "arxiv:stat.ML"),
    "bias": topics("arxiv:cs.LG", "arxiv:cs.AI"),
}


def the_seed(author: str = HANNAH) -> list[Event]:
    """What is known of an author of the seed's two works."""
    hardness = credited(author, "hardness", HARDNESS, topics=THE_TOPICS["hardness"]) if author in HARDNESS else None
    old = date(2021, 10, 12)
    bias = credited(author, "bias", BIAS, old, topics=THE_TOPICS["bias"], year=2022) if author in BIAS else None
    return [identified(author), *(one for one in (hardness, bias) if one)]


def the_works() -> list[Event]:
    return [
        imported("hardness", HARDNESS, topics=THE_TOPICS["hardness"]),
        imported("bias", BIAS, topics=THE_TOPICS["bias"], published_on=date(2021, 10, 12), year=2022),
    ]


def envelopes(*events: Event) -> list[Envelope]:
    """The events as the log gives them out: per topic and subject a sequence without holes."""
    last: dict[tuple[str, str], int] = {}
    sent = []
    for place, event in enumerate(events):
        key = event.topic, event.subject
        last[key] = last.get(key, 0) + 1
        sent.append(Envelope(f"e{place}", "/test", event.subject, last[key], START + timedelta(seconds=place), event))
    return sent


def fold_all(sent: Sequence[Envelope], slot: Slot[Person] | None = None) -> Slot[Person]:
    return fold(PEOPLE, slot or Slot(HANNAH), sent).slot


def person_of(*events: Event) -> Person:
    person = fold_all(envelopes(*events)).value
    assert person is not None
    return person


@st.composite
def arbitrary_events(draw: st.DrawFn) -> list[Event]:
    """Credits of one author, some replaced, some taken back."""
    works = st.sampled_from(["w1", "w2", "w3", "w4", "w5"])
    others = st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), max_size=5, unique=True)
    one = st.one_of(
        st.builds(
            lambda work, names, on, status: credited(HANNAH, work, [HANNAH, *names], on, status=status),
            works,
            others,
            st.dates(date(1990, 1, 1), date(2026, 1, 1)),
            st.sampled_from(["current", "retracted"]),
        ),
        st.builds(lambda work: uncredited(HANNAH, work), works),
    )
    return [identified(HANNAH), *draw(st.lists(one, max_size=12))]
