"""From a record to the inputs of the model, at one moment."""

from datetime import datetime, timedelta
from math import ceil

from services.trust import model_v1 as model
from services.trust.domain.inputs import Inputs
from services.trust.views.linking import largest_linked_group
from services.trust.views.record import Claim, Credit, Record
from shared.events.claims import EvidenceClass
from shared.events.trust import ClaimStatus


def inputs_of(record: Record, now: datetime) -> Inputs:
    """The facts that count now.

    v and F are 0: there are no seeds yet, so no trust propagates, and no follower's level is known. u counts the close
    collaborators who share a work of weight 1/2 or more: works that anybody can deposit make no collaborators.
    """
    groups = _best_of_groups(record)
    by_class = dict.fromkeys(model.WORK_WEIGHT, 0)
    for credit in groups:
        by_class[credit.source_class] += 1
    weighty = [credit for credit in groups if _weight(credit) >= model.COHERENT_WEIGHT]
    coauthors = {one for credit in weighty for one in credit.coauthors}
    claim = accepted_claim(record)
    passed = claim is not None and claim.counts_from is not None and claim.counts_from <= now
    return Inputs(
        reviewed=by_class["peer_reviewed"],
        moderated=by_class["moderated"],
        deposits=by_class["self_deposit"],
        identified=sum(credit.identified for credit in weighty),
        linked=largest_linked_group([(*credit.marks, *credit.coauthors) for credit in weighty]),
        kappa=record.kappa,
        claim_status=_claim_status(record),
        tripwire_passed=passed,
        evidence=_evidence(claim, now) if claim else {},
        vouches=claim.evidence.count("vouch") if claim else 0,
        sourced_collaborators=sum(one in coauthors for one in record.close),
        followers=record.followers,
    )


def accepted_claim(record: Record) -> Claim | None:
    """The accepted claim that counts first, if any was accepted."""
    accepted = [claim for claim in record.claims.values() if claim.counts_from]
    return min(accepted, key=lambda claim: (claim.counts_from, claim.cause), default=None)


def due_at(record: Record, now: datetime) -> int | None:
    """When the passing of time next changes the inputs, in whole seconds since 1970, rounded up."""
    claim = accepted_claim(record)
    if claim is None or claim.counts_from is None:
        return None
    start = claim.counts_from
    times = [start]
    if "institution_domain" in claim.evidence:
        times.append(start + timedelta(days=model.INSTITUTION_MONTHS * model.MONTH_DAYS))
    if "vouch" in claim.evidence:
        times.append(start + timedelta(days=(_months(start, now) + 1) * model.MONTH_DAYS))
    return min((ceil(time.timestamp()) for time in times if time > now), default=None)


def _best_of_groups(record: Record) -> list[Credit]:
    best: dict[str, Credit] = {}
    for credit in record.credits.values():
        if credit.status != "current":
            continue
        rival = best.get(credit.group)
        if rival is None or (_weight(credit), credit.identified) > (_weight(rival), rival.identified):
            best[credit.group] = credit
    return list(best.values())


def _weight(credit: Credit) -> float:
    return model.WORK_WEIGHT[credit.source_class]


def _claim_status(record: Record) -> ClaimStatus:
    if not record.claims:
        return "unclaimed"
    return "claimed" if accepted_claim(record) else "pending"


def _evidence(claim: Claim, now: datetime) -> dict[EvidenceClass, float]:
    return {name: left for name in claim.evidence if (left := _left(name, claim, now)) > 0}


def _left(name: EvidenceClass, claim: Claim, now: datetime) -> float:
    """f_e: an institution's address 1 for 12 months, then 0; a vouch halves in 24 months, by whole months; else 1."""
    months = _months(claim.counts_from or now, now)
    if name == "institution_domain":
        return 1.0 if months < model.INSTITUTION_MONTHS else 0.0
    return float(0.5 ** (months / model.VOUCH_HALF_LIFE_MONTHS)) if name == "vouch" else 1.0


def _months(start: datetime, now: datetime) -> int:
    return max(0, int((now - start) / timedelta(days=model.MONTH_DAYS)))
