"""How many works of a record hang together."""

from collections import Counter
from collections.abc import Iterable, Sequence


def largest_linked_group(works: Sequence[Iterable[str]]) -> int:
    """The size of the largest group of works linked, directly or over others, by a shared mark.

    A work's marks are the ids of its coauthors and topics. Linear in the number of marks (union-find with halving).
    """
    parent = list(range(len(works)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    first_with: dict[str, int] = {}
    for place, marks in enumerate(works):
        for mark in marks:
            parent[root(place)] = root(first_with.setdefault(mark, place))
    sizes = Counter(root(place) for place in range(len(works)))
    return max(sizes.values(), default=0)
