"""The view per author record: its works, claims, collaborators and followers, and how events change them."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field

from services.trust.domain.inputs import Frozen, Inputs
from shared.events.authors import CROWD, AuthorCredited, AuthorIdentified, AuthorUncredited
from shared.events.base import AuthorId, ClaimId, WorkId
from shared.events.claims import AuthorClaimed, ClaimOpened, ClaimRejected, EvidenceClass
from shared.events.follows import FollowCreated, FollowRemoved
from shared.events.graph import CollaboratorsChanged
from shared.events.trust import TrustChanged
from shared.events.works import SourceClass, WorkStatus
from shared.messaging.envelope import Envelope


class Credit(Frozen):
    """One work, as far as it counts."""

    group: str
    source_class: SourceClass
    status: WorkStatus
    identified: bool
    marks: tuple[str, ...] = ()
    """Topic ids, by which works are linked."""
    coauthors: tuple[AuthorId, ...] = ()


class Claim(Frozen):
    """An account's claim on the record. `counts_from` is set once it was accepted; `cause` is the event that did it."""

    evidence: tuple[EvidenceClass, ...] = ()
    counts_from: datetime | None = None
    cause: str = ""


class Settled(Frozen):
    """The facts as they were weighed last, and what was announced of them."""

    at: datetime
    inputs: Inputs
    announced: TrustChanged


class Record(Frozen):
    """All that trust knows of one author record."""

    author_id: AuthorId
    credits: dict[WorkId, Credit] = Field(default_factory=dict)
    kappa: float = 0.2
    claims: dict[ClaimId, Claim] = Field(default_factory=dict)
    close: tuple[AuthorId, ...] = ()
    followers: int = 0
    settled: Settled | None = None
    works: int = 0
    """How many credits there are."""
    credited: bool = False
    """Whether a work was ever credited to it, even if none is now."""
    due_at: int | None = None
    """When time alone may change the assessment, in whole seconds since 1970; None: never."""


def apply(record: Record | None, envelope: Envelope) -> Record | None:
    """The record after the event; events that say nothing about trust change nothing."""
    known = record or Record(author_id=AuthorId(envelope.subject))
    match envelope.event:
        case AuthorIdentified():
            change: Mapping[str, object] = {}
        case AuthorCredited() as event:
            change = _credits({**known.credits, event.work_id: _credit(event)}, event.kappa)
        case AuthorUncredited() as event:
            left = {work: credit for work, credit in known.credits.items() if work != event.work_id}
            change = _credits(left, event.kappa)
        case ClaimOpened() as event:
            change = _claims(known, event.claim_id, Claim(evidence=event.evidence, cause=envelope.id))
        case AuthorClaimed() as event:
            accepted = Claim(evidence=event.evidence, counts_from=event.counts_from, cause=envelope.id)
            change = _claims(known, event.claim_id, accepted)
        case ClaimRejected() as event:
            change = {"claims": {claim: kept for claim, kept in known.claims.items() if claim != event.claim_id}}
        case CollaboratorsChanged() as event:
            change = {"close": tuple(one.author_id for one in event.close)}
        case FollowCreated() | FollowRemoved() as event:
            change = {"followers": event.followers}
        case _:
            return record
    return known.model_copy(update=change)


def _credits(credited: Mapping[WorkId, Credit], kappa: float) -> Mapping[str, object]:
    return {"credits": credited, "works": len(credited), "kappa": kappa, "credited": True}


def _claims(record: Record, claim_id: ClaimId, claim: Claim) -> Mapping[str, object]:
    return {"claims": {**record.claims, claim_id: claim}}


def _credit(event: AuthorCredited) -> Credit:
    crowd = event.byline_size > CROWD
    others = () if crowd else tuple(one.author_id for one in event.coauthors if one.author_id != event.author_id)
    return Credit(
        group=event.version_group or event.work_id,
        source_class=event.source_class,
        status=event.status,
        identified=bool(event.identifiers),
        marks=tuple(topic.id for topic in event.topics),
        coauthors=others,
    )
