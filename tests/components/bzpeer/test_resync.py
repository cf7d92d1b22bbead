"""`bzpeer resync`: the owner publishes again."""

import json
from collections.abc import Mapping

import pytest

from tests.components.bzpeer.conftest import Run
from tests.components.bzpeer.fakes import FakeService

Services = Mapping[str, FakeService]


async def test_the_events_of_one_aggregate_are_published_again(services: Services, run: Run) -> None:
    services["works"].events = 1200
    done = await run("resync", "works", "--subject", "ada", "--topic", "authors.v1")
    assert (done.exit_code, done.stdout.startswith("1,200 events of works are published again")) == (0, True)
    assert services["works"].wanted == [{"topic": "authors.v1", "subject": "ada", "after": 0, "upto": None}]


async def test_everything_needs_a_yes(services: Services, run: Run) -> None:
    services["trust"].events = 3
    assert (await run("resync", "trust")).exit_code == 2
    assert services["trust"].wanted == []
    done = await run("resync", "trust", "--yes", "--json")
    assert (done.exit_code, json.loads(done.stdout)) == (0, {"service": "trust", "events": 3})
    assert services["trust"].wanted == [{"topic": None, "subject": None, "after": 0, "upto": None}]


async def test_an_aggregate_without_events_is_said(run: Run) -> None:
    done = await run("resync", "works", "--subject", "nobody")
    assert (done.exit_code, done.stdout) == (3, "There are no such events in the log of works.\n")


@pytest.mark.parametrize("words", [["gateway"], ["works", "--topic", "trust.v1"], []])
async def test_wrong_usage_is_said(run: Run, words: list[str]) -> None:
    assert (await run("resync", *words)).exit_code == 2
