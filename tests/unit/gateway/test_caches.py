"""The bounded memory."""

from services.gateway.caches import Bounded


class Hand:
    """A clock that stands still until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_entry_not_used_for_longest_makes_room() -> None:
    held: Bounded[str, int] = Bounded(2)
    held.put("a", 1)
    held.put("b", 2)
    assert held.get("a") == 1
    held.put("c", 3)
    assert [held.get(key) for key in "abc"] == [1, None, 3]
    assert len(held) == 2


def test_an_entry_is_forgotten_when_its_time_is_over() -> None:
    clock = Hand()
    held: Bounded[str, int] = Bounded(2, 30, clock)
    held.put("a", 1)
    clock.now = 29.9
    assert held.get("a") == 1
    clock.now = 30
    assert held.get("a") is None
    assert len(held) == 0


def test_a_dropped_entry_is_gone_and_dropping_twice_is_harmless() -> None:
    held: Bounded[str, int] = Bounded(2)
    held.put("a", 1)
    held.drop("a")
    held.drop("a")
    assert held.get("a") is None
