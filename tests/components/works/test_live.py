"""Importing what a live source finds: page by page, over refusals to answer and restarts."""

from collections.abc import Iterator

import pytest

from services.works.live import arxiv as arxiv_module
from services.works.live import asking as asking_module
from services.works.live import pages as pages_module
from services.works.main import runner
from services.works.runner import Runner
from tests.components.works.conftest import Works
from tests.unit.works.stand_in import ERROR, StandIn, page_of
from tests.waiting import until


@pytest.fixture
def arxiv() -> Iterator[StandIn]:
    stand_in = StandIn()
    yield stand_in
    stand_in.close()


@pytest.fixture
async def asking(works: Works, arxiv: StandIn, monkeypatch: pytest.MonkeyPatch) -> Works:
    """The service, asking the stand-in without long pauses, two results a page."""
    monkeypatch.setattr("services.works.runner.PAGE", 2)
    for module in (asking_module, arxiv_module, pages_module):
        monkeypatch.setattr(module, "WAIT_WITHOUT_WORD", 0.0)
    settings = works.parts.settings.model_copy(update={"arxiv_url": arxiv.url, "arxiv_pause_seconds": 0.01})
    works.parts.settings = settings
    works.runner = runner(works.parts)
    return works


async def ask(works: Works, query: str, **more: object) -> str:
    answer = await works.http.post("/imports", json={"source": "arxiv", "query": query, **more})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


async def finish(works: Works, job: str) -> dict[str, object]:
    async def is_over() -> bool:
        await works.run()
        return (await works.get(f"/imports/{job}"))["status"] in {"done", "failed"}

    await until(is_over, equals=True)
    state: dict[str, object] = await works.get(f"/imports/{job}")
    return state


async def test_all_pages_are_taken_up_to_the_limit(asking: Works, arxiv: StandIn) -> None:
    arxiv.replies = [(200, {}, page_of(2, 900)), (200, {}, page_of(2, 900)), (200, {}, page_of(1, 900))]
    state = await finish(asking, await ask(asking, "all:attention", limit=5))
    assert (state["status"], state["total"], state["new"]) == ("done", 5, 5)
    assert [asked["start"] + asked["max_results"] for asked, _ in arxiv.asked] == [["0", "2"], ["2", "2"], ["4", "1"]]


async def test_busy_answers_are_waited_out_and_nothing_comes_twice(asking: Works, arxiv: StandIn) -> None:
    arxiv.replies = [
        (200, {}, page_of(2, 4)),
        (503, {"Retry-After": "0"}, b"<html><h1>Retry after 0 seconds</h1></html>"),
        (429, {"Retry-After": "0"}, b""),
        (200, {}, page_of(2, 4)[:500]),
        (200, {}, page_of(2, 4)),
    ]
    state = await finish(asking, await ask(asking, "all:attention"))
    assert (state["status"], state["total"], state["new"], state["pending"]) == ("done", 4, 4, 0)


async def test_a_restarted_process_goes_on_from_the_cursor(asking: Works, arxiv: StandIn) -> None:
    arxiv.replies = [(200, {}, page_of(2, 4)), (503, {"Retry-After": "0"}, b""), (200, {}, page_of(2, 4))]
    job = await ask(asking, "all:attention")
    await asking.runner.run_one()
    second: Runner = runner(asking.parts)
    asking.runner = second
    state = await finish(asking, job)
    assert (state["status"], state["new"]) == ("done", 4)
    assert [asked["start"] for asked, _ in arxiv.asked] == [["0"], ["2"], ["2"]]


async def test_what_arxiv_refuses_is_said(asking: Works, arxiv: StandIn) -> None:
    arxiv.replies = [(400, {}, ERROR), (403, {}, b"no")]
    refused = await finish(asking, await ask(asking, "id:abc"))
    assert refused["refused"] == [
        {"record": "incorrect_id_format_for_abc", "reason": "arXiv answered: incorrect id format for abc"}
    ]
    failed = await finish(asking, await ask(asking, "all:x"))
    assert (failed["status"], failed["error"]) == ("failed", "arXiv answered 403 to this query")


async def test_a_query_that_finds_nothing_is_done(asking: Works, arxiv: StandIn) -> None:
    arxiv.replies = [(200, {}, page_of(0, 0))]
    state = await finish(asking, await ask(asking, "all:nothing"))
    assert (state["status"], state["total"]) == ("done", 0)
