"""Events to feed the trust view with."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from services.trust.views.record import Record
from services.trust.views.settling import RECORDS, settle
from shared.events.authors import AuthorCredited, AuthorIdentified, AuthorsMerged, AuthorUncredited, Coauthor
from shared.events.base import AccountId, AuthorId, ClaimId, Event, SignatureId, WorkId
from shared.events.claims import AuthorClaimed, ClaimOpened, ClaimRejected, EvidenceClass
from shared.events.follows import FollowCreated
from shared.events.graph import Collaborator, CollaboratorsChanged
from shared.events.trust import TrustChanged
from shared.events.works import Topic
from shared.messaging.envelope import Envelope
from shared.messaging.folding import Moment, Slot, fold

HANNAH = AuthorId("hannah")
START = datetime(2026, 1, 1, 12, tzinfo=UTC)
COUNTS_FROM = START + timedelta(hours=72)


def identified() -> AuthorIdentified:
    return AuthorIdentified(author_id=HANNAH, slug="hannah-lawrence", name="Hannah Lawrence")


def credited(work: str, coauthors: Sequence[str] = (), topics: Sequence[str] = (), **changes: Any) -> AuthorCredited:
    event = AuthorCredited(
        author_id=HANNAH,
        author_name="Hannah Lawrence",
        slug="hannah-lawrence",
        work_id=WorkId(work),
        signature_id=SignatureId(f"signature-{work}"),
        position=1,
        byline_size=len(coauthors) + 1,
        kind="preprint",
        source="arXiv",
        source_class="moderated",
        year=2024,
        published_on=date(2024, 1, 3),
        is_new=False,
        title=f"On {work}",
        topics=tuple(Topic(id=topic, label=topic) for topic in topics),
        coauthors=tuple(Coauthor(author_id=AuthorId(name), name=name) for name in coauthors),
        identifiers=(f"arxiv:{work}",),
        version_group=work,
        kappa=0.9,
    )
    return event.model_copy(update=changes)


def uncredited(work: str, kappa: float = 0.99) -> AuthorUncredited:
    return AuthorUncredited(author_id=HANNAH, work_id=WorkId(work), kappa=kappa)


def merged(into: str) -> AuthorsMerged:
    return AuthorsMerged(author_id=HANNAH, into=AuthorId(into), into_slug=into, into_name=into.title())


def collaborators(*names: str) -> CollaboratorsChanged:
    close = tuple(Collaborator(author_id=AuthorId(name), name=name, strength=1.0) for name in names)
    return CollaboratorsChanged(author_id=HANNAH, close=close, collaborators=len(names))


def opened(claim: str = "claim") -> ClaimOpened:
    return ClaimOpened(claim_id=ClaimId(claim), author_id=HANNAH, account_id=AccountId("account"))


def claimed(*evidence: EvidenceClass, counts_from: datetime = COUNTS_FROM, claim: str = "claim") -> AuthorClaimed:
    return AuthorClaimed(
        claim_id=ClaimId(claim),
        author_id=HANNAH,
        account_id=AccountId("account"),
        evidence=evidence,
        counts_from=counts_from,
    )


def rejected(claim: str = "claim") -> ClaimRejected:
    return ClaimRejected(claim_id=ClaimId(claim), author_id=HANNAH, account_id=AccountId("account"))


def followed(followers: int) -> FollowCreated:
    return FollowCreated(followee_id=HANNAH, account_id=AccountId("fan"), followers=followers)


THE_SEED: tuple[Event, ...] = (
    identified(),
    credited("2401.01869", ["kiani", "le", "jegelka", "weber"], ["cs.LG", "cs.DS", "math.ST", "stat.ML"]),
    credited("2110.06084", ["georgiev", "dienes", "kiani"], ["cs.LG", "cs.AI"], published_on=date(2021, 10, 12)),
    collaborators("kiani", "le", "jegelka", "weber"),
)


def envelopes(*events: Event) -> list[Envelope]:
    """The events as the log gives them out: per topic a sequence without holes."""
    last: dict[str, int] = {}
    sent = []
    for place, event in enumerate(events):
        last[event.topic] = last.get(event.topic, 0) + 1
        time = START + timedelta(seconds=place)
        sent.append(Envelope(f"event-{place}", "/test", event.subject, last[event.topic], time, event))
    return sent


def fold_all(sent: Sequence[Envelope], slot: Slot[Record] | None = None) -> Slot[Record]:
    return fold(RECORDS, slot or Slot(HANNAH), sent).slot


def record_of(*events: Event) -> Record:
    record = fold_all(envelopes(*events)).value
    assert record is not None
    return record


def settled(*events: Event, now: datetime = START, cause: str = "cause") -> tuple[Record, Sequence[TrustChanged]]:
    return settle(record_of(*events), Moment(now, cause))


@st.composite
def arbitrary_events(draw: st.DrawFn) -> list[Event]:
    works = st.sampled_from(["w1", "w2", "w3", "w4"])
    names = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=3, unique=True)
    topics = st.lists(st.sampled_from(["cs.LG", "math.ST"]), max_size=2, unique=True)
    claims = st.sampled_from(["c1", "c2"])
    one = st.one_of(
        st.builds(
            credited,
            works,
            names,
            topics,
            status=st.sampled_from(["current", "retracted", "withdrawn"]),
            source_class=st.sampled_from(["peer_reviewed", "moderated", "self_deposit", "self_import"]),
            kappa=st.sampled_from([0.2, 0.5, 0.9, 0.99]),
        ),
        st.builds(uncredited, works),
        st.builds(opened, claims),
        st.builds(lambda claim: claimed("orcid_third_party", claim=claim), claims),
        st.builds(rejected, claims),
        st.builds(followed, st.integers(0, 9)),
        st.builds(lambda some: collaborators(*some), names),
    )
    return [identified(), *draw(st.lists(one, max_size=14))]
