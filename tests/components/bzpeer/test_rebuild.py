"""`bzpeer rebuild`: a view made anew, compared in words, and swapped."""

import json
from collections.abc import Mapping

import pytest

from tests.components.bzpeer.conftest import Run
from tests.components.bzpeer.fakes import FakeService, result, view
from tests.components.gateway.serving import closed_address

Services = Mapping[str, FakeService]


@pytest.fixture
def graph(services: Services) -> FakeService:
    """The graph service with two views."""
    services["graph"].views = [view("graph.people.v1"), view("graph.works.v2")]
    return services["graph"]


@pytest.mark.parametrize("word", ["graph.people", "graph.people.v1"])
async def test_a_view_is_rebuilt_by_its_name_with_or_without_version(graph: FakeService, run: Run, word: str) -> None:
    graph.results = [result()]
    done = await run("rebuild", word)
    assert (done.exit_code, graph.rebuilds) == (0, [("graph.people.v1", True)])
    assert done.stdout == "graph.people.v1: old and new agree in all 4 documents. The new one serves from now on.\n"


async def test_what_differs_is_said_and_exits_with_three(graph: FakeService, run: Run) -> None:
    examples = [{"id": f"a{n}", "what": "names: \x1b[2J1, not 2"} for n in range(12)]
    graph.results = [result(equal=3, differing=12, missing=1, extra=2, swapped=False, examples=examples)]
    done = await run("rebuild", "graph.people", "--check")
    assert (done.exit_code, graph.rebuilds) == (3, [("graph.people.v1", False)])
    first, *shown = done.stdout.splitlines()
    assert first == (
        "graph.people.v1: old and new do not agree: 3 documents are equal, 12 differ, 1 are only in the old, "
        "2 only in the new. The old one serves on."
    )
    assert shown == [f"    a{n}: names: [2J1, not 2" for n in range(10)]


async def test_all_views_of_a_service_are_rebuilt_one_after_another(graph: FakeService, run: Run) -> None:
    graph.results = [result(), result(missing=1)]
    done = await run("rebuild", "graph", "--json")
    assert done.exit_code == 3
    items = json.loads(done.stdout)["items"]
    assert [(each["name"], each["agree"]) for each in items] == [("graph.people.v1", True), ("graph.works.v2", False)]


async def test_a_rebuild_that_came_to_nothing_fails_and_the_others_go_on(graph: FakeService, run: Run) -> None:
    graph.views[1]["last"] = result(finished_at="2026-11-20T12:00:00Z")
    done = await run("rebuild", "graph.works", "--json")
    assert (done.exit_code, "was cancelled" in done.stderr) == (1, True)
    assert list(json.loads(done.stdout)["failed"]) == ["graph.works.v2"]


async def test_a_rebuild_that_runs_already_is_followed(graph: FakeService, run: Run) -> None:
    graph.views[0]["building"] = {"generation": 2, "started_at": "", "state": "folding", "read": 0, "of": 3}
    graph.results = [result()]
    done = await run("rebuild", "graph.people")
    assert (done.exit_code, graph.rebuilds, "runs already" in done.stderr) == (0, [], True)


async def test_a_rebuild_is_cancelled(graph: FakeService, run: Run) -> None:
    graph.views[0]["building"] = {"generation": 2, "started_at": "", "state": "folding", "read": 0, "of": 3}
    ended = await run("rebuild", "graph", "--cancel")
    assert (ended.exit_code, graph.views[0]["building"]) == (0, None)
    assert ended.stdout.splitlines() == [
        "Cancelled the rebuild of graph.people.v1; the old generation serves on.",
        "No rebuild of graph.works.v2 runs.",
    ]


async def test_without_a_name_the_views_are_listed(graph: FakeService, run: Run) -> None:
    graph.views[0]["last"] = result()
    graph.views[1]["building"] = {"generation": 2, "started_at": "", "state": "folding", "read": 2, "of": 3}
    assert (await run("rebuild")).stdout.splitlines() == [
        "graph.people.v1  4 documents  last rebuilt 2026-11-24T12:00:00Z",
        "graph.works.v2  4 documents  is being rebuilt: 2 of 3 events",
    ]
    assert len(json.loads((await run("rebuild", "--json")).stdout)["items"]) == 2


async def test_a_view_that_is_not_there_is_said(graph: FakeService, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await run("rebuild", "graph.nothing")).exit_code == 2
    monkeypatch.setenv("BZPEER_TRUST_URL", closed_address())
    away = await run("rebuild", "trust")
    assert (away.exit_code, "services that answer; trust do not" in away.stderr) == (1, True)
