"""Weigh a record again, and say so when something that is shown has changed."""

from collections.abc import Sequence

from services.trust import model_v1 as model
from services.trust.domain.inputs import Inputs
from services.trust.domain.score import Assessment, assess
from services.trust.views.facts import accepted_claim, due_at, inputs_of
from services.trust.views.record import Record, Settled, apply
from shared.events.trust import TrustChanged, TrustParts
from shared.messaging.envelope import Envelope
from shared.messaging.folding import Moment, Projection

SWEEP = "time"
"""What a settling is caused by when no event came; the ledger then names the event whose time has come."""


def settle(record: Record, moment: Moment) -> tuple[Record, Sequence[TrustChanged]]:
    """The record weighed now, with TrustChanged if its score, sum, level, tier, claim, cap or parts are not as before.

    A record is first weighed when it was credited with a work: a follower or a claim that is seen sooner says nothing
    yet. One whose only work is gone again is weighed, in whatever batches it was seen.
    """
    if record.settled is None and not record.credited:
        return record, ()
    inputs = inputs_of(record, moment.now)
    before = record.settled.announced if record.settled else None
    fresh = announce(record, inputs, _cause(record, moment))
    changed = before is None or _shown(before) != _shown(fresh)
    settled = Settled(at=moment.now, inputs=inputs, announced=fresh if changed or before is None else before)
    after = record.model_copy(update={"settled": settled, "due_at": due_at(record, moment.now)})
    return after, (fresh,) if changed else ()


def resume(record: Record, envelope: Envelope | None) -> Record:
    """The record as TrustChanged last told of it."""
    event = envelope.event if envelope is not None else None
    if envelope is None or not isinstance(event, TrustChanged):
        return record.model_copy(update={"settled": None})
    told = Settled(at=envelope.time, inputs=inputs_of(record, envelope.time), announced=event)
    return record.model_copy(update={"settled": told})


def announce(record: Record, inputs: Inputs, cause: str) -> TrustChanged:
    """The event that tells of these inputs' assessment; points to 2 decimals, as they are shown."""
    assessment = assess(inputs)
    return TrustChanged(
        author_id=record.author_id,
        score=assessment.score,
        sum=round(assessment.sum, 2),
        tier=assessment.tier,
        verification_level=assessment.level,
        claim_status=inputs.claim_status,
        cap=assessment.cap,
        parts=_rounded(assessment),
        model=model.VERSION,
        cause=cause,
    )


def _rounded(assessment: Assessment) -> TrustParts:
    return TrustParts(**{name: round(points, 2) for name, points in assessment.parts.model_dump().items()})


def _shown(event: TrustChanged) -> TrustChanged:
    return event.model_copy(update={"cause": ""})


def _cause(record: Record, moment: Moment) -> str:
    claim = accepted_claim(record)
    return claim.cause if moment.cause == SWEEP and claim else moment.cause


RECORDS = Projection(
    name="trust.records.v1",
    topics=("authors.v1", "claims.v1", "follows.v1", "graph.v1"),
    model=Record,
    apply=apply,
    settle=settle,
    resume=resume,
    tells=TrustChanged.topic,
    timed=("settled.at", "settled.inputs", "settled.announced.cause", "due_at"),
    indexes=("due_at",),
)
"""One document per author record."""
