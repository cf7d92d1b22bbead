"""Asking arXiv: politely, and with sense for what it answers. A local server replays recorded replies."""

from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest

from services.works.domain.record import Refused
from services.works.live.arxiv import ArxivLive
from services.works.live.asking import Asking, SourceBusy, SourceRefuses
from tests.unit.works.live.turns import Turns
from tests.unit.works.stand_in import ERROR, Reply, StandIn, page_of


@pytest.fixture
def arxiv() -> Iterator[StandIn]:
    stand_in = StandIn()
    yield stand_in
    stand_in.close()


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
async def live(arxiv: StandIn, turns: Turns) -> AsyncIterator[ArxivLive]:
    async def no_sleep(_: float) -> None:
        return

    async with httpx2.AsyncClient() as http:
        yield ArxivLive(arxiv.url, Asking("BZPEER/0.1 (+http://here.example)", http, turns, sleep=no_sleep))


async def test_a_page_of_results_is_read(arxiv: StandIn, live: ArxivLive, turns: Turns) -> None:
    arxiv.replies = [(200, {}, page_of(2, 314000))]
    page = await live.page("all:attention", 4, 2, "me")
    assert (len(page.entries), page.total) == (2, 314000)
    asked, agent = arxiv.asked[0]
    assert asked == {
        "search_query": ["all:attention"], "sortBy": ["submittedDate"], "start": ["4"], "max_results": ["2"],
    }  # fmt: skip
    assert agent == "BZPEER/0.1 (+http://here.example)"
    assert turns.pauses == [3.0]


async def test_identifiers_are_asked_for_as_such(arxiv: StandIn, live: ArxivLive) -> None:
    arxiv.replies = [(200, {}, page_of(0, 0))]
    await live.page("2401.01869, 2110.06084v1", 0, 100, "me")
    assert arxiv.asked[0][0]["id_list"] == ["2401.01869,2110.06084v1"]


@pytest.mark.parametrize(("headers", "wait"), [({"Retry-After": "17"}, 17.0), ({}, 10.0), ({"Retry-After": "x"}, 10.0)])
@pytest.mark.parametrize("status", [429, 503])
async def test_being_asked_to_wait_binds_everybody(
    arxiv: StandIn, live: ArxivLive, turns: Turns, status: int, headers: dict[str, str], wait: float
) -> None:
    arxiv.replies = [(status, headers, b"<html><body><h1>Retry after 10 seconds</h1></body></html>")]
    with pytest.raises(SourceBusy) as busy:
        await live.page("x", 0, 10, "me")
    assert busy.value.wait == wait
    assert turns.pauses == [wait]


@pytest.mark.parametrize(
    "reply",
    [
        (200, {}, page_of(3, 10)[:400]),
        (200, {"Content-Length": "9999"}, page_of(3, 3)),
        (200, {}, page_of(0, 10)),
        (200, {}, b""),
        (200, {}, b"<html>maintenance</html>"),
    ],
)
async def test_half_an_answer_is_asked_for_again(arxiv: StandIn, live: ArxivLive, reply: Reply) -> None:
    arxiv.replies = [reply]
    with pytest.raises(SourceBusy):
        await live.page("x", 0, 3, "me")


async def test_a_query_that_arxiv_refuses_is_a_refused_record(arxiv: StandIn, live: ArxivLive) -> None:
    arxiv.replies = [(400, {}, ERROR)]
    page = await live.page("abc", 0, 10, "me")
    assert page.entries == [Refused("incorrect_id_format_for_abc", "arXiv answered: incorrect id format for abc")]


async def test_a_refusal_without_a_word_is_final(arxiv: StandIn, live: ArxivLive) -> None:
    arxiv.replies = [(403, {}, b"<html>no</html>")]
    with pytest.raises(SourceRefuses, match="403"):
        await live.page("x", 0, 10, "me")


async def test_nobody_answering_passes(live: ArxivLive, arxiv: StandIn) -> None:
    arxiv.close()
    with pytest.raises(SourceBusy, match="does not answer"):
        await live.page("x", 0, 10, "me")


async def test_the_turn_is_waited_for(arxiv: StandIn, live: ArxivLive, turns: Turns) -> None:
    arxiv.replies = [(200, {}, page_of(0, 0))]
    turns.waits = [3.0, 1.0]
    await live.page("x", 0, 10, "me")
    assert turns.waits == []
