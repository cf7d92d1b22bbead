"""Why the number is what it is, part by part, in plain words."""

from typing import Literal

from services.trust import model_v1 as model
from services.trust.domain.inputs import Frozen, Inputs
from services.trust.domain.score import Assessment, identity_weights

PartName = Literal["identity", "provenance", "coherence", "network", "audience"]

CLASSES = {
    "curated_source": "a curated source lists the works",
    "deposit": "the works were deposited by an account",
    "orcid_third_party": "an ORCID iD that a third party ties to a work",
    "email_on_paper": "an e-mail address printed on a work",
    "orcid_member_marker": "a work that an ORCID member organisation asserts",
    "arxiv_author_feed": "an arXiv author page",
    "institution_domain": "an address at the institution",
    "signed_credential": "a credential signed by the institution",
    "vouch": "vouches by members",
}


class Explanation(Frozen):
    """One part of the score: its points (2 decimals), the most it can give, and why."""

    part: PartName
    label: str
    points: float
    max: float
    words: str


def explain(inputs: Inputs, assessment: Assessment) -> tuple[Explanation, ...]:
    """The five parts in the order of the formula."""
    parts = assessment.parts
    return (
        _part("identity", "Identity", parts.identity, model.IDENTITY_MAX, _identity(inputs)),
        _part("provenance", "Provenance", parts.provenance, model.PROVENANCE_MAX, _provenance(inputs)),
        _part("coherence", "Coherence", parts.coherence, model.COHERENCE_MAX, _coherence(inputs)),
        _part("network", "Network", parts.network, model.NETWORK_MAX, _network(inputs)),
        _part("audience", "Audience", parts.audience, model.AUDIENCE_MAX, _audience(inputs)),
    )


def explain_cap(assessment: Assessment) -> str:
    """Why the score stops where it does."""
    if assessment.sum > assessment.cap:
        return f"At {assessment.level} a record shows {assessment.cap} at most, whatever its points."
    return f"At {assessment.level} a record can reach {assessment.cap}."


def _part(part: PartName, label: str, points: float, most: float, words: str) -> Explanation:
    return Explanation(part=part, label=label, points=round(points, 2), max=most, words=words)


def _identity(inputs: Inputs) -> str:
    weights = identity_weights(inputs)
    known = ", ".join(CLASSES[name] for name in weights)
    words = f"{_count(len(weights), 'kind')} of evidence: {known}." if weights else "No evidence that counts yet."
    if inputs.claim_status == "pending":
        return f"{words} A claim is pending; it adds nothing until a third party ties the person to a work."
    if inputs.claim_status == "claimed" and not inputs.tripwire_passed:
        return f"{words} The claim was accepted and counts once the waiting time is over."
    return words


def _provenance(inputs: Inputs) -> str:
    counted = [
        (inputs.reviewed, "reviewed work", "1"),
        (inputs.moderated, "preprint", "1/2"),
        (inputs.deposits, "deposited work", "1/5"),
    ]
    said = [f"{_count(number, name)} at {weight} each" for number, name, weight in counted if number]
    if not said:
        return "No work from a source that counts."
    words = f"{', '.join(said)}; each further work adds less."
    if inputs.moderated * model.WORK_WEIGHT["moderated"] > model.MODERATED_MOST:
        words += f" Preprints count for {model.MODERATED_MOST:.0f} at most."
    return words


def _coherence(inputs: Inputs) -> str:
    if not inputs.linked:
        return "No works that could hang together."
    words = (
        f"{_count(inputs.linked, 'work')} linked by shared coauthors or topics; "
        f"the chance that the record is one person is put at {inputs.effective_kappa():.2f}."
    )
    return f"{words} It may be several people." if inputs.may_be_several() else words


def _network(inputs: Inputs) -> str:
    if not inputs.sourced_collaborators and not inputs.vouched_trust:
        return "No close collaborator is known."
    known = _count(inputs.sourced_collaborators, "close collaborator")
    words = f"{known} known from the sources"
    most = model.SOURCED_COLLABORATORS_MOST
    words += f", {most} of them counted" if inputs.sourced_collaborators > most else ""
    verified = "none verified" if not inputs.vouched_trust else f"verified ones add {inputs.vouched_trust:.1f}"
    return f"{words}; {verified}."


def _audience(inputs: Inputs) -> str:
    if inputs.verified_audience:
        return "Followers who hold a verified record count; other followers count nothing."
    if inputs.followers:
        some = _count(inputs.followers, "follower")
        return f"{some}; only followers who hold a verified record count, none is known."
    return "No followers; only followers who hold a verified record would count."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
