"""Sources with cursors of their own: a local server replays replies in the shapes that they answer in."""

import gzip
import json
from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest

from services.works.domain.record import SourceRecord
from services.works.live.asking import Asking, SourceBusy, SourceRefuses
from services.works.live.pages import CursorPages
from services.works.live.sources import SOURCES
from shared.errors import Invalid
from tests.unit.works.importers.samples import SAMPLES
from tests.unit.works.live.turns import Turns
from tests.unit.works.stand_in import Reply, StandIn

OAI = SAMPLES["oai"]
LAST = OAI.replace(b"1|2", b"")
IRD = "0000-0002-1825-0097"


@pytest.fixture
def source() -> Iterator[StandIn]:
    stand_in = StandIn()
    yield stand_in
    stand_in.close()


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
async def pages(source: StandIn, turns: Turns) -> AsyncIterator[CursorPages]:
    async def no_sleep(_: float) -> None:
        return

    async with httpx2.AsyncClient() as http:
        asking = Asking("BZPEER/0.1", http, turns, sleep=no_sleep)
        yield CursorPages(asking, dict.fromkeys(SOURCES, source.url), contact="ops@here.example")


def answer(value: object) -> Reply:
    return (200, {}, json.dumps(value).encode())


async def test_a_harvest_follows_resumption_tokens_to_its_end(
    source: StandIn, pages: CursorPages, turns: Turns
) -> None:
    source.replies = [(200, {}, OAI), (200, {}, LAST)]
    first = await pages.page("oai", "cs from=2024-01-01 until=2024-01-31", None, "me")
    assert (len(first.entries), first.cursor) == (1, "1|2")
    assert (await pages.page("oai", "cs", first.cursor, "me")).cursor is None
    asked = [{name: value[0] for name, value in each.items()} for each, _ in source.asked]
    assert asked[0] == {
        "verb": "ListRecords", "metadataPrefix": "arXiv", "set": "cs", "from": "2024-01-01", "until": "2024-01-31",
    }  # fmt: skip
    assert asked[1] == {"verb": "ListRecords", "resumptionToken": "1|2"}
    assert (turns.pauses, turns.taken) == ([3.0, 3.0], ["arxiv", "arxiv"]), "the harvest shares arXiv's budget"


async def test_nothing_new_is_an_empty_harvest_and_an_expired_token_begins_again(
    source: StandIn, pages: CursorPages
) -> None:
    error = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><error code="{}">no</error></OAI-PMH>'
    source.replies = [(200, {}, error.format(code).encode()) for code in ("noRecordsMatch", "badResumptionToken")]
    assert await pages.page("oai", "cs", None, "me") == ([], None)
    assert await pages.page("oai", "cs", "old", "me") == ([], "")


@pytest.mark.parametrize(
    ("name", "first", "cursor"),
    [
        ("openalex", {"meta": {"next_cursor": "abc"}, "results": [json.loads(SAMPLES["openalex"])]}, "abc"),
        ("openalex", {"meta": {"next_cursor": "abc"}, "results": []}, None),
        ("crossref", {"message": {"next-cursor": "abc", "items": [json.loads(SAMPLES["crossref"])["message"]]}}, None),
        ("crossref", {"message": {"next-cursor": "abc", "items": [{}] * 100}}, "abc"),
        ("datacite", {"data": [], "links": {"next": "https://elsewhere.example/?page[cursor]=abc"}}, "abc"),
        ("semanticscholar", {"token": "abc", "data": [json.loads(SAMPLES["semanticscholar"])]}, "abc"),
        ("dblp", {"result": {"hits": {"@sent": "2", "@total": "3", "hit": []}}}, "2"),
        ("dblp", {"result": {"hits": {"@sent": "2", "@total": "2", "hit": []}}}, None),
    ],
)
async def test_the_next_page_begins_where_the_reply_says(
    source: StandIn, pages: CursorPages, name: str, first: object, cursor: str | None
) -> None:
    source.replies = [answer(first)]
    assert (await pages.page(name, "examples", None, "me")).cursor == cursor


async def test_a_person_s_works_are_listed_and_then_asked_for(source: StandIn, pages: CursorPages) -> None:
    listed = {"group": [{"work-summary": [{"put-code": 7, "title": {}}]}]}
    bulk = {"bulk": [{"work": json.loads(SAMPLES["orcid"])}]}
    source.replies = [answer(listed), answer(bulk)]
    first = await pages.page("orcid", IRD, None, "me")
    assert (first.entries, first.cursor) == ([], "7")
    second = await pages.page("orcid", IRD, first.cursor, "me")
    assert [isinstance(each, SourceRecord) for each in second.entries] == [True]
    assert second.cursor is None
    assert source.paths == [f"/api/query/{IRD}/works", f"/api/query/{IRD}/works/7"]


@pytest.mark.parametrize(
    ("name", "query"),
    [("orcid", "0000-0002-1825-0098"), ("orcid", "../../etc"), ("oai", "cs; drop"), ("oai", "from=yesterday")],
)
async def test_a_query_that_makes_no_sense_is_never_sent(
    source: StandIn, pages: CursorPages, name: str, query: str
) -> None:
    with pytest.raises(Invalid):
        await pages.page(name, query, None, "me")
    assert source.asked == []


async def test_what_a_person_types_stays_a_parameter(source: StandIn, pages: CursorPages) -> None:
    source.replies = [answer({"meta": {}, "results": []})]
    await pages.page("openalex", "x&cursor=evil#y http://10.0.0.1/", None, "me")
    assert source.asked[0][0]["search"] == ["x&cursor=evil#y http://10.0.0.1/"]
    assert source.asked[0][0]["mailto"] == ["ops@here.example"]


async def test_a_packed_answer_is_unpacked(source: StandIn, pages: CursorPages) -> None:
    body = gzip.compress(json.dumps({"meta": {}, "results": [json.loads(SAMPLES["openalex"])]}).encode())
    source.replies = [(200, {"Content-Encoding": "gzip"}, body)]
    assert len((await pages.page("openalex", "x", None, "me")).entries) == 1


@pytest.mark.parametrize(
    "reply",
    [
        (503, {"Retry-After": "7"}, b"<h1>Retry after 7 seconds</h1>"),
        (429, {}, b""),
        (200, {"Content-Length": "99999"}, OAI),
        (200, {}, OAI[:200]),
        (200, {}, OAI.replace(b"Ada", b"Ad\xe9")),
        (200, {"Content-Encoding": "gzip"}, b"no gzip"),
        (200, {"Content-Encoding": "gzip"}, gzip.compress(OAI)[:-20]),
        (520, {}, b""),
    ],
)
async def test_half_an_answer_or_none_is_asked_for_again(source: StandIn, pages: CursorPages, reply: Reply) -> None:
    source.replies = [reply]
    with pytest.raises(SourceBusy):
        await pages.page("oai", "cs", None, "me")


async def test_a_cursor_that_stays_the_same_is_no_end(source: StandIn, pages: CursorPages) -> None:
    source.replies = [answer({"message": {"next-cursor": "abc", "items": [{}] * 100}})]
    assert (await pages.page("crossref", "x", "abc", "me")).cursor == "abc"


async def test_another_site_is_never_gone_to(source: StandIn, pages: CursorPages) -> None:
    source.replies = [(302, {"Location": "http://169.254.169.254/latest"}, b"")]
    with pytest.raises(SourceRefuses, match="another site"):
        await pages.page("oai", "cs", None, "me")


async def test_a_refusal_is_told_in_the_source_s_words(source: StandIn, pages: CursorPages) -> None:
    said = {"status": "failed", "message": [{"message": "no such filter"}]}
    source.replies = [(400, {}, json.dumps(said).encode())]
    with pytest.raises(SourceRefuses, match="no such filter"):
        await pages.page("crossref", "x:y", None, "me")
