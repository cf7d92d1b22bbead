"""One set measured: the model as signatures arrive and from scratch, beside names alone."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from bzpeer.bench.identity.labelled import Labelled
from bzpeer.bench.identity.measures import Figures, b_cubed, pairwise
from services.works.domain.resolution.clustering import Arrivals, cluster
from services.works.domain.resolution.constants import COMMON_FAMILIES
from services.works.domain.resolution.names import parse_name

Groups = Sequence[object]
FREQUENT = 20
"""A name is frequent when so many signatures of its set have its family name and first initial."""


class Row(BaseModel):
    """How one way of grouping did on one set, or on the signatures of one facet of it."""

    model_config = ConfigDict(frozen=True)

    set: str
    way: str
    facet: str
    signatures: int
    people: int
    pairwise: Figures | None
    """None for a facet, of which pairs lead out."""
    b_cubed: Figures


def measure(name: str, labelled: Sequence[Labelled]) -> Iterator[Row]:
    """Every way on the set as a whole, and the model by facet."""
    ordered = sorted(labelled, key=lambda each: each.order)
    people = [each.person for each in ordered]
    for way, group in WAYS.items():
        groups = group(ordered)
        yield Row(
            set=name,
            way=way,
            facet="all",
            signatures=len(people),
            people=len(set(people)),
            pairwise=pairwise(people, groups),
            b_cubed=b_cubed(people, groups),
        )
        for facet, places in facets(ordered).items() if way == ARRIVING else ():
            of = len({people[place] for place in places})
            figures = b_cubed(people, groups, places)
            yield Row(set=name, way=way, facet=facet, signatures=len(places), people=of, pairwise=None, b_cubed=figures)


def arriving(labelled: Sequence[Labelled]) -> Groups:
    """The model, on each signature as it comes."""
    arrivals = Arrivals()
    for place, each in enumerate(labelled):
        arrivals.take(place, each.signature)
    return _groups(len(labelled), arrivals.members.values())


def from_scratch(labelled: Sequence[Labelled]) -> Groups:
    """The model, on all signatures at once."""
    return _groups(len(labelled), cluster([each.signature for each in labelled]))


def by_full_name(labelled: Sequence[Labelled]) -> Groups:
    """The same full name, in plain letters, is the same person."""
    return [_name(each) for each in labelled]


def by_initial(labelled: Sequence[Labelled]) -> Groups:
    """The same family name and first initial is the same person."""
    return [each.block for each in labelled]


ARRIVING = "model, one at a time"
WAYS: Mapping[str, Callable[[Sequence[Labelled]], Groups]] = {
    ARRIVING: arriving,
    "model, from scratch": from_scratch,
    "same full name": by_full_name,
    "initial and family name": by_initial,
}


def facets(labelled: Sequence[Labelled]) -> dict[str, list[int]]:
    """Places of signatures by what is hard about them."""
    blocks = Counter(each.block for each in labelled)
    works = Counter(each.person for each in labelled)
    found: dict[str, list[int]] = {}
    for place, each in enumerate(labelled):
        family = _name(each)[1]
        east_asian = bool(family) and family[-1] in COMMON_FAMILIES
        for facet in (
            "name: common in East Asia" if east_asian else "name: other",
            "name: frequent" if blocks[each.block] >= FREQUENT else "name: rare",
            _size(works[each.person]),
        ):
            found.setdefault(facet, []).append(place)
    return dict(sorted(found.items()))


def _size(works: int) -> str:
    return "works: 1" if works == 1 else "works: 2–9" if works < 10 else "works: 10 and more"


def _name(each: Labelled) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return parse_name(each.signature.name, each.signature.given, each.signature.family)


def _groups(number: int, members: Iterable[Sequence[int]]) -> Groups:
    groups: list[object] = [None] * number
    for group, places in enumerate(members):
        for place in places:
            groups[place] = group
    return groups
