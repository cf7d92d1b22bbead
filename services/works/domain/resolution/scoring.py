"""How likely two bodies of evidence are of one person: a logistic model over features that can be read."""

from collections.abc import Iterable, Mapping
from math import exp, log1p
from types import MappingProxyType
from typing import NamedTuple

from services.works.domain.resolution.constants import COMMON_FAMILIES
from services.works.domain.resolution.evidence import Evidence
from services.works.domain.resolution.names import Likeness, likeness
from services.works.domain.resolution.weights import FITTED, SET

NAMES = ("initial", "initials", "printed", "near", "same", "whole", "long")
"""How the given names fit: an initial, several, the very same several initials, a short form, the same first name, all
the same, all of several or long ones."""
FEATURES = (
    *NAMES, *(f"common_{name}" for name in NAMES), "crowd", "crowd_backed", "size", "size_backed", "one_coauthor",
    "two_coauthors", "three_coauthors", "strangers", "place", "place_initial", "exclusive", "alike", "elsewhere",
    "topics", "off_topic", "domain", "id",
)  # fmt: skip
"""Names of the features, in the order of the weights; docs/identity.md says what each is."""
LONG = 6
"""Given names of so many letters are borne by few."""
WEIGHTS = tuple({**FITTED, **SET}[name] for name in FEATURES)
SCHEMES_THAT_NAME_ONE = ("acl:", "dblp:")
"""Person ids given by hand: two of them are two people."""


class Crowd(NamedTuple):
    """How common a name is among the records around it: how many given names there are beside its family name, and
    with how many of these each word of an affiliation comes."""

    given: int = 0
    places: Mapping[str, int] = MappingProxyType({})


class Pair(NamedTuple):
    """Two bodies of evidence, and the crowd that their name is in."""

    one: Evidence
    other: Evidence
    crowd: Crowd = Crowd()


def crowd_of(evidence: Evidence, others: Iterable[Evidence]) -> Crowd:
    """The crowd around these names."""
    families = {form.family for form in evidence.forms}
    given: set[tuple[str, ...]] = set()
    places: dict[str, set[tuple[str, ...]]] = {token: set() for token in evidence.sets[0]}
    for other in others:
        names = {form.given for form in other.forms if form.family in families}
        given |= names
        for token in places.keys() & other.sets[0] if names else ():
            places[token] |= names
    return Crowd(len(given), {token: len(names) for token, names in places.items()})


def vetoed(one: Evidence, other: Evidence) -> bool:
    """Whether identifiers or names say that these are two people."""
    if one.orcids and other.orcids and not set(one.orcids) & set(other.orcids):
        return True
    return name_likeness(one, other) is Likeness.CONTRADICTORY or _ids_differ(one, other)


def name_likeness(one: Evidence, other: Evidence) -> Likeness:
    """The closest fit of their forms, unless some forms contradict each other."""
    fits = [likeness(left, right) for left in one.forms for right in other.forms]
    if not fits or min(fits) is Likeness.CONTRADICTORY:
        return Likeness.CONTRADICTORY
    return max(fits)


def features(pair: Pair) -> tuple[float, ...]:
    """The features' values, in the order of FEATURES."""
    one, other = pair.one, pair.other
    (tokens, people, topics), (tokens_too, people_too, topics_too) = one.sets, other.sets
    shared_tokens = tokens & tokens_too
    coauthors, shared_topics = len(people & people_too), len(topics & topics_too)
    rarest = min((pair.crowd.places.get(token, 1) for token in shared_tokens), default=0)
    strangers = not coauthors and len(people) > 1 and len(people_too) > 1
    crowd, size = log1p(pair.crowd.given), log1p(max(one.works, other.works))
    backed = bool(coauthors or shared_tokens)
    names = _name_features(one, other)
    return (
        *names,
        0.0 if backed else crowd,
        crowd if backed else 0.0,
        0.0 if backed else size,
        size if backed else 0.0,
        float(coauthors == 1),
        float(coauthors == 2),
        float(coauthors > 2),
        float(strangers),
        float(bool(shared_tokens)),
        float(bool(shared_tokens) and bool(names[0] or names[1] or names[len(NAMES)] or names[len(NAMES) + 1])),
        1 / rarest if rarest else 0.0,
        len(shared_tokens) / max(1, min(len(tokens), len(tokens_too))),
        float(not shared_tokens and bool(tokens and tokens_too)),
        float(min(shared_topics, 3)),
        float(not shared_topics and bool(topics and topics_too)),
        float(bool(set(one.domains) & set(other.domains))),
        float(bool(set(one.ids) & set(other.ids))),
    )


def _name_features(one: Evidence, other: Evidence) -> tuple[float, ...]:
    fit = name_likeness(one, other)
    letters = min(max((len("".join(form.given)) for form in side.forms), default=0) for side in (one, other))
    initials = min(max((len(form.given) for form in side.forms), default=0) for side in (one, other)) > 1
    kind = {
        Likeness.INITIAL: "printed"
        if initials and _printed_alike(one, other)
        else "initials"
        if initials
        else "initial",
        Likeness.NEAR: "near",
        Likeness.SAME: "same",
    }.get(fit, "long" if letters >= LONG or initials else "whole")
    common = any(form.family[-1] in COMMON_FAMILIES for form in one.forms if form.family)
    own = tuple(float(kind == name) for name in NAMES)
    return (*(0.0 if common else value for value in own), *(value if common else 0.0 for value in own))


def _printed_alike(one: Evidence, other: Evidence) -> bool:
    """Whether the same initials, several of them, are printed on both."""
    return any(len(form.given) > 1 for form in set(one.forms) & set(other.forms))


def chance(pair: Pair) -> float:
    """The chance, 0 to 1, that both are of one person; 0 where something vetoes it."""
    if set(pair.one.orcids) & set(pair.other.orcids):
        return 1.0
    if vetoed(pair.one, pair.other):
        return 0.0
    return logistic(sum(weight * value for weight, value in zip(WEIGHTS, features(pair), strict=True)))


def logistic(score: float) -> float:
    """1 / (1 + e^-score), for any size of score."""
    return 1 / (1 + exp(-max(-40.0, min(40.0, score))))


def _ids_differ(one: Evidence, other: Evidence) -> bool:
    for scheme in SCHEMES_THAT_NAME_ONE:
        left, right = ({each for each in side.ids if each.startswith(scheme)} for side in (one, other))
        if left and right and left.isdisjoint(right):
            return True
    return False
