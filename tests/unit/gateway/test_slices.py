"""A number of nodes as quotas by kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.gateway.researchers.slices import MOST_NODES, SliceLimits, quotas


def test_nothing_said_leaves_the_limits_to_the_graph_service() -> None:
    assert quotas(SliceLimits()) == {}


def test_the_most_there_is_stays_below_the_services_own_limits() -> None:
    assert quotas(SliceLimits(limit=MOST_NODES)) == {
        "works": 94,
        "people": 94,
        "topics": 60,
        "institutions": 39,
        "edges": 1000,
    }


def test_kinds_that_are_not_wanted_get_none() -> None:
    assert quotas(SliceLimits(kinds="work, person")) == {"topics": 0, "institutions": 0}


def test_depth_one_has_no_topics() -> None:
    assert quotas(SliceLimits(depth=1)) == {"topics": 0}


def test_an_unknown_kind_is_refused_with_the_kinds_there_are() -> None:
    with pytest.raises(ValidationError, match="journal; there are work, person, topic, institution"):
        SliceLimits(kinds="work,journal")


@given(st.integers(1, MOST_NODES), st.sampled_from(["", "work", "topic,person", "work,person,topic,institution"]))
def test_the_quotas_and_the_person_are_never_more_than_the_limit(limit: int, kinds: str) -> None:
    asked = quotas(SliceLimits(limit=limit, kinds=kinds))
    assert sum(number for name, number in asked.items() if name != "edges") + 1 <= limit
