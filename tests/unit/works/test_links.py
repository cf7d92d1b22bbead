"""Groups of linked works: adding one after the other, in any order, finds the same components."""

from hypothesis import given
from hypothesis import strategies as st

from services.works.domain.links import Groups, Links

_members = st.lists(st.frozensets(st.sampled_from("abcdefgh"), max_size=3), max_size=10)


def _components(works: list[frozenset[str]]) -> int:
    parent = list(range(len(works)))

    def root(n: int) -> int:
        return n if parent[n] == n else root(parent[n])

    for left, one in enumerate(works):
        for right, other in enumerate(works):
            if one & other:
                parent[root(left)] = root(right)
    return len({root(n) for n in range(len(works))})


@given(_members)
def test_groups_are_the_connected_components(works: list[frozenset[str]]) -> None:
    groups = Groups()
    for members in works:
        groups = groups.add(members)
    assert len(groups.groups) + groups.loose == _components(works)


@given(_members, st.randoms())
def test_the_order_of_the_works_does_not_matter(works: list[frozenset[str]], random: object) -> None:
    def kappa(ordered: list[frozenset[str]]) -> float:
        links = Links()
        for members in ordered:
            links = links.add(members & set("abcd"), members - set("abcd"))
        return links.kappa()

    shuffled = list(works)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert kappa(works) == kappa(shuffled)


def test_one_work_is_as_good_as_certain() -> None:
    assert Links().add([], []).kappa() == 0.99
