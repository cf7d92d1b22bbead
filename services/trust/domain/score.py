"""Score, level and tier of a record; the constants are in `model_v1`, worked cases in tests/unit/trust/test_cases.py.

T = min(cap of the level, round(I + P + C + N + A)); halves round up.
"""

from math import exp, floor, prod

from services.trust import model_v1 as model
from services.trust.domain.inputs import Frozen, Inputs
from shared.events.trust import Tier, TrustParts, VerificationLevel


class Assessment(Frozen):
    """What a record is worth. `sum` is the points before rounding and cap, `score` what is shown."""

    score: int
    sum: float
    parts: TrustParts
    level: VerificationLevel
    tier: Tier
    cap: int

    @property
    def capped(self) -> float:
        """The points that count: the sum, but no more than the cap."""
        return min(float(self.cap), self.sum)


def assess(inputs: Inputs) -> Assessment:
    """The record's assessment under version 1 of the model."""
    level = level_of(inputs)
    parts = TrustParts(
        identity=identity(inputs),
        provenance=provenance(inputs),
        coherence=coherence(inputs),
        network=network(inputs),
        audience=audience(inputs),
    )
    total = parts.identity + parts.provenance + parts.coherence + parts.network + parts.audience
    score = min(model.CAPS[level], floor(total + 0.5))
    return Assessment(score=score, sum=total, parts=parts, level=level, tier=tier_of(score), cap=model.CAPS[level])


def level_of(inputs: Inputs) -> VerificationLevel:
    """The highest level whose gate is passed.

    L1: a work from a moderated or reviewed source with an identifier that resolves. L2: such a record with a claim
    that counts for nothing yet. L3: a third party ties the person to a work, no iD clashes, the tripwire has passed.
    L4: a second class of evidence, 90 days without upheld dispute, a second login factor. L5: L4 for 12 months and a
    signed credential or two node-disjoint vouch paths from seeds.

    A claim lifts no record from L0 to L2, or it would raise the cap, and a claim alone must leave the score unchanged.
    """
    if not (inputs.claim_status == "claimed" and inputs.links() and inputs.tripwire_passed and not inputs.id_clash):
        if not inputs.identified:
            return "L0"
        return "L2" if inputs.claim_status in {"pending", "claimed"} else "L1"
    classes = len(inputs.links()) + sum(inputs.evidence.get(one, 0) > 0 for one in model.SUPPORTING)
    if classes < 2 or inputs.undisputed_days < model.L4_UNDISPUTED_DAYS or not inputs.second_factor:
        return "L3"
    anchored = inputs.evidence.get("signed_credential", 0) > 0 or inputs.vouch_paths >= model.L5_VOUCH_PATHS
    return "L5" if anchored and inputs.months_at_l4 >= model.L5_MONTHS_AT_L4 else "L4"


def tier_of(score: int) -> Tier:
    """The tier that a score falls in."""
    return next(tier for bound, tier in model.TIERS if score >= bound)


def identity(inputs: Inputs) -> float:
    """I = 40 (1 - prod(1 - q_e f_e)), one factor per class of evidence.

    The source is one class: curated (.10) if any work is reviewed or moderated, else deposit (.05) if any was
    deposited. All other classes count from L3 on. Vouches weigh 1 - .75^k, k at most 2, faded by their f.
    """
    return model.IDENTITY_MAX * (1 - prod(1 - weight for weight in identity_weights(inputs).values()))


def identity_weights(inputs: Inputs) -> dict[str, float]:
    """q_e f_e of every class that counts now, by name."""
    weights: dict[str, float] = {}
    if inputs.reviewed or inputs.moderated:
        weights["curated_source"] = model.Q_CURATED
    elif inputs.deposits:
        weights["deposit"] = model.Q_DEPOSIT
    if level_of(inputs) in {"L3", "L4", "L5"}:
        weights |= {name: q * inputs.evidence.get(name, 0) for name, q in model.Q_EVIDENCE.items()}
        vouches = min(inputs.vouches, model.VOUCHES_COUNTED)
        weights["vouch"] = (1 - model.VOUCH_DOUBT**vouches) * inputs.evidence.get("vouch", 0)
    return {name: weight for name, weight in weights.items() if weight > 0}


def provenance(inputs: Inputs) -> float:
    """P = 25 (1 - e^(-x/6)), x = reviewed + min(6, moderated/2) + min(1, deposits/5).

    Self-imports, withdrawn and retracted works give nothing.
    """
    weight = model.WORK_WEIGHT
    x = (
        inputs.reviewed * weight["peer_reviewed"]
        + min(model.MODERATED_MOST, inputs.moderated * weight["moderated"])
        + min(model.DEPOSITS_MOST, inputs.deposits * weight["self_deposit"])
    )
    return _saturating(model.PROVENANCE_MAX, x / model.PROVENANCE_SCALE)


def coherence(inputs: Inputs) -> float:
    """C = 10 kappa (1 - e^(-n/4)), n = works of weight 1/2 or more in the largest linked group.

    n and kappa are told apart: two namesakes in one field share topics, so that their works are one linked group (n
    counts them all), while the resolver gives the record a low kappa because nothing but the name ties them.
    """
    return _saturating(model.COHERENCE_MAX * inputs.effective_kappa(), inputs.linked / model.COHERENCE_SCALE)


def network(inputs: Inputs) -> float:
    """N = 20 (1 - e^(-(v + 0.1 u)/4)), u at most 5."""
    sourced = min(inputs.sourced_collaborators, model.SOURCED_COLLABORATORS_MOST)
    reach = inputs.vouched_trust + model.SOURCED_COLLABORATOR * sourced
    return _saturating(model.NETWORK_MAX, reach / model.NETWORK_SCALE)


def audience(inputs: Inputs) -> float:
    """A = 5 (1 - e^(-F/25)), F = T/100 of the followers at L3 or above, summed."""
    return _saturating(model.AUDIENCE_MAX, inputs.verified_audience / model.AUDIENCE_SCALE)


def _saturating(most: float, x: float) -> float:
    return most * (1 - exp(-x))
