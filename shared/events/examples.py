"""One realistic example of every event, from one story: two works are imported on 5 January 2024.

`bzpeer docs` writes them to `shared/events/examples/<topic>/<Type>.json`. Ids mean the same in all of them.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from shared.events.accounts import AccountRegistered
from shared.events.authors import (
    AuthorCredited,
    AuthorIdentified,
    AuthorRenamed,
    AuthorsMerged,
    AuthorSplit,
    AuthorUncredited,
    Coauthor,
)
from shared.events.base import AccountId, AuthorId, ClaimId, Event, SignatureId, WorkId
from shared.events.claims import AuthorClaimed, ClaimOpened, ClaimRejected
from shared.events.follows import FollowCreated, FollowRemoved
from shared.events.graph import Collaborator, CollaboratorsChanged
from shared.events.notifications import FollowsAuthor, NotificationCreated, NotifiedWork
from shared.events.schemas import schema_path
from shared.events.trust import TrustChanged, TrustParts
from shared.events.works import Byline, Topic, WorkImported, WorkRetracted, WorkUpdated, WorkWithdrawn

FOLDER = Path(__file__).parent / "examples"

HARDNESS = WorkId("018cd8f5-3dc0-752e-89a7-834df2a74de4")
IMPLICIT_BIAS = WorkId("018cd8f5-3dc1-7651-8317-1ff4a6a3a450")

KIANI = AuthorId("018cd8f5-3dc2-7128-a24b-e40ad23f0824")
LE = AuthorId("018cd8f5-3dc2-7181-a54c-66175d9dc9f8")
LAWRENCE = AuthorId("018cd8f5-3dc2-70ed-a079-d3bde8e25d94")
JEGELKA = AuthorId("018cd8f5-3dc2-736f-8580-28d6099950d8")
WEBER = AuthorId("018cd8f5-3dc2-76f0-8478-82e36b0d549b")
GEORGIEV = AuthorId("018cd8f5-3dc2-73d9-a344-5bb31738f7d9")
DIENES = AuthorId("018cd8f5-3dc2-76ca-b4eb-252b0f21ddb6")
KIANI_WITHOUT_T = AuthorId("018cd8f5-3dc2-790c-bca3-04171fb17c23")
"""A second record, made for a byline that left the initial out."""

NAMES = {
    KIANI: "Bobak T. Kiani",
    LE: "Thien Le",
    LAWRENCE: "Hannah Lawrence",
    JEGELKA: "Stefanie Jegelka",
    WEBER: "Melanie Weber",
    GEORGIEV: "Kristian Georgiev",
    DIENES: "Andrew Dienes",
}
HANNAH, READER = AccountId("018cc982-29c0-71a6-a48e-9cda94e3bf91"), AccountId("018ccea8-85c0-7a38-97d5-5c80301850c5")
HER_CLAIM, NO_CLAIM = ClaimId("018cd92c-2c40-718f-ad93-39088c38fb29"), ClaimId("018cd963-1ac0-7101-83d0-816d907a70c3")
NEW_WORK = "018cd8f5-4784-79e7-9fc5-414934b9b5df"

LEARNING = Topic(id="arxiv:cs.LG", label="Machine Learning")
DATA_STRUCTURES = Topic(id="arxiv:cs.DS", label="Data Structures and Algorithms")
STATISTICS = Topic(id="arxiv:math.ST", label="Statistics Theory")
STATISTICAL_LEARNING = Topic(id="arxiv:stat.ML", label="Machine Learning (Statistics)")
INTELLIGENCE = Topic(id="arxiv:cs.AI", label="Artificial Intelligence")

SIGNATURES = {
    (HARDNESS, KIANI): "018cd8f5-3dc3-7392-a827-ddada170b338",
    (HARDNESS, LE): "018cd8f5-3dc3-7953-83f5-8c3cf29d0da9",
    (HARDNESS, LAWRENCE): "018cd8f5-3dc3-793b-9963-368595e60af5",
    (HARDNESS, JEGELKA): "018cd8f5-3dc3-70cb-8e26-3464f9ebdacc",
    (HARDNESS, WEBER): "018cd8f5-3dc3-70be-b6f1-25b28e81973e",
    (IMPLICIT_BIAS, LAWRENCE): "018cd8f5-3dc3-7221-9ad3-2c904a23d596",
    (IMPLICIT_BIAS, GEORGIEV): "018cd8f5-3dc3-724e-8789-e8708a6a63ec",
    (IMPLICIT_BIAS, DIENES): "018cd8f5-3dc3-7922-a3db-41564ef8aa38",
    (IMPLICIT_BIAS, KIANI): "018cd8f5-3dc3-7d0e-8b91-0562ae97ba94",
}


def _byline(work: WorkId) -> tuple[Byline, ...]:
    signed = [(author, SignatureId(id_)) for (of, author), id_ in SIGNATURES.items() if of == work]
    return tuple(
        Byline(signature_id=id_, author_id=author, name=NAMES[author], position=position)
        for position, (author, id_) in enumerate(signed, start=1)
    )


_HARDNESS_TOLD: Mapping[str, Any] = {
    "work_id": HARDNESS,
    "kind": "preprint",
    "source": "arXiv",
    "source_class": "moderated",
    "identifiers": ("arxiv:2401.01869",),
    "title": "On the hardness of learning under symmetries",
    "title_text": "On the hardness of learning under symmetries",
    "year": 2024,
    "published_on": date(2024, 1, 3),
    "topics": (LEARNING, DATA_STRUCTURES, STATISTICS, STATISTICAL_LEARNING),
    "byline": _byline(HARDNESS),
}

EXAMPLES: tuple[Event, ...] = (
    WorkImported(**_HARDNESS_TOLD, is_new=True),
    WorkWithdrawn(**_HARDNESS_TOLD, is_new=False, status="withdrawn"),
    WorkRetracted(**_HARDNESS_TOLD, is_new=False, status="retracted"),
    WorkUpdated(
        work_id=IMPLICIT_BIAS,
        kind="preprint",
        source="arXiv",
        source_class="moderated",
        identifiers=("arxiv:2110.06084",),
        title="Implicit Bias of Linear Equivariant Networks",
        title_text="Implicit Bias of Linear Equivariant Networks",
        year=2022,
        published_on=date(2021, 10, 12),
        is_new=False,
        topics=(LEARNING, INTELLIGENCE),
        byline=_byline(IMPLICIT_BIAS),
    ),
    AuthorIdentified(author_id=LAWRENCE, slug="hannah-lawrence", name=NAMES[LAWRENCE]),
    AuthorCredited(
        author_id=LAWRENCE,
        author_name=NAMES[LAWRENCE],
        slug="hannah-lawrence",
        work_id=HARDNESS,
        signature_id=SignatureId(SIGNATURES[HARDNESS, LAWRENCE]),
        position=3,
        byline_size=5,
        kind="preprint",
        source="arXiv",
        source_class="moderated",
        year=2024,
        published_on=date(2024, 1, 3),
        is_new=True,
        title="On the hardness of learning under symmetries",
        topics=(LEARNING, DATA_STRUCTURES, STATISTICS, STATISTICAL_LEARNING),
        coauthors=tuple(Coauthor(author_id=one, name=NAMES[one]) for one in (KIANI, LE, JEGELKA, WEBER)),
        affiliations=("MIT EECS",),
        identifiers=("arxiv:2401.01869",),
        version_group=HARDNESS,
        kappa=0.99,
    ),
    AuthorUncredited(author_id=KIANI_WITHOUT_T, work_id=IMPLICIT_BIAS, kappa=0.9),
    AuthorsMerged(author_id=KIANI_WITHOUT_T, into=KIANI, into_slug="bobak-t-kiani", into_name=NAMES[KIANI]),
    AuthorSplit(
        author_id=KIANI,
        part=KIANI_WITHOUT_T,
        part_slug="bobak-kiani",
        part_name="Bobak Kiani",
        works=(IMPLICIT_BIAS,),
    ),
    AuthorRenamed(author_id=KIANI_WITHOUT_T, slug="bobak-kiani", name="Bobak Kiani"),
    AccountRegistered(account_id=READER),
    ClaimOpened(claim_id=HER_CLAIM, author_id=LAWRENCE, account_id=HANNAH, evidence=("email_on_paper",)),
    AuthorClaimed(
        claim_id=HER_CLAIM,
        author_id=LAWRENCE,
        account_id=HANNAH,
        evidence=("email_on_paper",),
        counts_from=datetime(2024, 1, 9, 10, 30, tzinfo=UTC),
    ),
    ClaimRejected(claim_id=NO_CLAIM, author_id=LE, account_id=READER),
    FollowCreated(followee_id=LAWRENCE, account_id=READER, followers=1),
    FollowRemoved(followee_id=LAWRENCE, account_id=READER, followers=0),
    TrustChanged(
        author_id=LAWRENCE,
        score=13,
        sum=13.28,
        tier="Unverified",
        verification_level="L1",
        claim_status="unclaimed",
        cap=20,
        parts=TrustParts(identity=4.0, provenance=3.84, coherence=3.54, network=1.9, audience=0.0),
        model="v1",
        cause="018cd8f5-3e2c-7c1d-9a53-7f6be1c2d0aa",
    ),
    CollaboratorsChanged(
        author_id=LAWRENCE,
        close=(
            Collaborator(author_id=KIANI, name=NAMES[KIANI], strength=0.451),
            Collaborator(author_id=JEGELKA, name=NAMES[JEGELKA], strength=0.25),
            Collaborator(author_id=LE, name=NAMES[LE], strength=0.25),
            Collaborator(author_id=WEBER, name=NAMES[WEBER], strength=0.25),
        ),
        collaborators=6,
    ),
    NotificationCreated(
        notification_id=NEW_WORK,
        account_id=READER,
        work=NotifiedWork(
            work_id=HARDNESS, title="On the hardness of learning under symmetries", year=2024, source="arXiv"
        ),
        reason=FollowsAuthor(author_id=LAWRENCE, author_name=NAMES[LAWRENCE], slug="hannah-lawrence"),
        created_at=datetime(2024, 1, 5, 9, 30, 2, 500000, tzinfo=UTC),
    ),
)
"""Add one for each new event."""


def generated() -> Iterator[tuple[Path, str]]:
    """Each example's file and what should stand in it."""
    for event in EXAMPLES:
        yield FOLDER / schema_path(type(event).__name__, event.topic), event.model_dump_json(indent=1) + "\n"
