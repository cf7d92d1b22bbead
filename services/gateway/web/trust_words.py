"""The parts of a trust score: what each asks, its points and its maximum."""

from collections.abc import Mapping, Sequence

from services.gateway.web.answers import Explanation, Trust, TrustParts

ASKED: Mapping[str, str] = {
    "identity": "Who says that this is one real person?",
    "provenance": "Do the works come from sources that check?",
    "coherence": "Do the works hang together?",
    "network": "Are close collaborators known and verified?",
    "audience": "Do verified researchers follow?",
}
MAXIMA: Mapping[str, float] = {"identity": 40, "provenance": 25, "coherence": 10, "network": 20, "audience": 5}
CHECKED: Mapping[str, str] = {
    "L0": "only a name is known",
    "L1": "the works come from a source that checks, but nobody holds the record",
    "L2": "an account is proven, but no third party ties it to a work",
    "L3": "a third party ties the person to a work",
    "L4": "two different kinds of third parties tie the person to works",
    "L5": "an institution's signature, or a chain of trusted people, stands behind the record",
}


def parts_of(trust: Trust) -> Sequence[Explanation]:
    """The parts with their words; from the bare points where the service sent no words."""
    if trust.explanation:
        return trust.explanation
    bare = (trust.parts or TrustParts()).model_dump()
    return [
        Explanation(part=name, label=name.capitalize(), points=bare[name], max=most) for name, most in MAXIMA.items()
    ]


def cap_of(trust: Trust) -> str:
    """Why the number stops where it does."""
    if trust.cap_words:
        return trust.cap_words
    return f"At {trust.verification_level} a record shows {trust.cap} at most." if trust.cap is not None else ""
