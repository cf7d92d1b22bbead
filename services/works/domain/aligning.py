"""Which names of two bylines of the same work mean the same person."""

from collections.abc import Sequence

from services.works.domain.names import name_key


def align(names: Sequence[str], others: Sequence[str]) -> list[int | None]:
    """For each name the place among the others that means the same person, each place at most once.

    The same name first, wherever it stands; then a compatible one ("H. Lawrence", "Lawrence, Hannah") in the same
    place, then the only compatible one anywhere.
    """
    keys, other_keys = [name_key(name) for name in names], [name_key(other) for other in others]
    free = dict.fromkeys(range(len(others)))
    found: list[int | None] = [None] * len(names)
    for matches in (_equal, _in_place, _only):
        for place, key in enumerate(keys):
            if found[place] is None and (other := matches(place, key, other_keys, free)) is not None:
                found[place] = other
                del free[other]
    return found


def _equal(place: int, key: str, others: Sequence[str], free: dict[int, None]) -> int | None:
    if place in free and others[place] == key:
        return place
    return next((other for other in free if others[other] == key), None)


def _in_place(place: int, key: str, others: Sequence[str], free: dict[int, None]) -> int | None:
    return place if place in free and compatible(key, others[place]) else None


def _only(_: int, key: str, others: Sequence[str], free: dict[int, None]) -> int | None:
    fitting = [other for other in free if compatible(key, others[other])]
    return fitting[0] if len(fitting) == 1 else None


def compatible(one: str, other: str) -> bool:
    """Whether two name keys can be forms of one name: of the shorter one each word, or its initial, is in the longer,
    and at least one word of more than one letter is in both."""
    short, long = sorted((one.split(), other.split()), key=len)
    left = list(long)
    shared = 0
    for word in sorted(short, key=len, reverse=True):
        match = next((each for each in left if each == word), None) or next(
            (each for each in left if (len(word) == 1 or len(each) == 1) and each[0] == word[0]), None
        )
        if match is None:
            return False
        left.remove(match)
        shared += match == word and len(word) > 1
    return shared > 0
