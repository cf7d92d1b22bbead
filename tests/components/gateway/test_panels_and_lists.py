"""The panels one by one, lists, and single works."""

import httpx2
import pytest

from tests.components.gateway.conftest import Open, Start
from tests.components.gateway.services import HANNAH, FakeServices
from tests.components.gateway.serving import closed_address

BASE = "/api/researchers/hannah-lawrence"


async def test_works_are_paged_by_cursor(client: httpx2.AsyncClient) -> None:
    first = (await client.get(f"{BASE}/works", params={"limit": 1})).json()
    second = (await client.get(f"{BASE}/works", params={"limit": 1, "cursor": first["next_cursor"]})).json()
    assert [page["items"][0]["id"] for page in (first, second)] == ["work-1", "work-2"]
    assert second["next_cursor"] is None


async def test_trust_collaborators_and_graph_have_routes_of_their_own(client: httpx2.AsyncClient) -> None:
    assert (await client.get(f"{BASE}/trust")).json()["score"] == 13
    collaborators = (await client.get(f"{BASE}/collaborators")).json()
    assert (len(collaborators["items"]), collaborators["total"], collaborators["next_cursor"]) == (4, 6, None)
    graph = (await client.get(f"{BASE}/graph", params={"limit": 20, "kinds": "work,topic"})).json()
    assert (graph["centre"], graph["shown"]) == (HANNAH, {"works": 11})


@pytest.mark.parametrize("query", ["?depth=3", "?limit=301", "?kinds=work,journal"])
async def test_a_graph_beyond_the_limits_is_refused(query: str, client: httpx2.AsyncClient) -> None:
    assert (await client.get(f"{BASE}/graph{query}")).status_code == 422


async def test_people_are_found_by_name(client: httpx2.AsyncClient) -> None:
    found = (await client.get("/api/researchers", params={"q": " Hannah "})).json()
    assert [person["slug"] for person in found["items"]] == ["hannah-lawrence"]
    assert (await client.get("/api/researchers", params={"q": "nobody"})).json() == {"items": [], "next_cursor": None}


@pytest.mark.parametrize("way", ["topic", "institution"])
async def test_people_are_narrowed_by_topic_and_institution(way: str, client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/researchers", params={"q": "Hannah", way: "x"})
    assert (answer.status_code, answer.json()["items"]) == (200, [])


async def test_works_are_found_by_words_and_year(client: httpx2.AsyncClient) -> None:
    found = (await client.get("/api/works", params={"q": "", "year": 2022})).json()
    assert [each["id"] for each in found["items"]] == ["work-2"]
    for wrong in ({"year": "soon"}, {"limit": 0}, {"q": "x" * 300}):
        answer = await client.get("/api/works", params=wrong)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


async def test_an_address_of_before_leads_to_the_new_one(client: httpx2.AsyncClient) -> None:
    for old, new in (
        ("/api/researchers/old-slug", f"/api/researchers/{HANNAH}"),
        ("/api/researchers/old-slug/works?limit=1", f"/api/researchers/{HANNAH}/works?limit=1"),
        ("/api/works/old-work", "/api/works/work-1"),
        ("/works/old-work", "/works/work-1"),
        ("/works/old-work?from=a%20b", "/works/work-1?from=a%20b"),
        ("/researchers/old-slug", "/researchers/hannah-lawrence"),
        ("/researchers/old-slug?from=a&from=b", "/researchers/hannah-lawrence?from=a&from=b"),
        ("/researchers/old-slug/works?cursor=1", "/researchers/hannah-lawrence/works?cursor=1"),
        ("/researchers/old-slug/trust", "/researchers/hannah-lawrence/trust"),
        ("/researchers/old-slug/graph", "/researchers/hannah-lawrence/graph"),
        ("/api/researchers/works/works", f"/api/researchers/{HANNAH}/works"),
        ("/researchers/works/works", "/researchers/hannah-lawrence/works"),
    ):
        answer = await client.get(old, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (308, new), old


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_a_command_to_an_address_of_before_is_led_on_unchanged(method: str, client: httpx2.AsyncClient) -> None:
    """308 keeps method and body, so a program that follows redirects follows the researcher who stands there now."""
    old, headers = "/api/researchers/old-slug/follow", {"Authorization": "Bearer secret"}
    answer = await client.request(method, old, headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (308, f"/api/researchers/{HANNAH}/follow")
    led_on = await client.request(method, old, headers=headers, follow_redirects=True)
    assert led_on.json()["following"] is (method == "PUT")


async def test_the_new_address_leads_nowhere_else(client: httpx2.AsyncClient) -> None:
    for path in (f"/api/researchers/{HANNAH}", "/api/researchers/hannah-lawrence", "/api/works/work-1"):
        assert (await client.get(path, follow_redirects=False)).status_code == 200


async def test_a_work_is_found_by_id(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/api/works/work-1")).json()["title"] == "Work 1"
    assert (await client.get("/api/works/work-9")).status_code == 404


@pytest.mark.parametrize("path", ["/works", "/trust", "/collaborators", "/graph"])
async def test_a_panel_route_answers_to_conditional_requests(path: str, client: httpx2.AsyncClient) -> None:
    etag = (await client.get(BASE + path)).headers["etag"]
    assert (await client.get(BASE + path, headers={"If-None-Match": etag})).status_code == 304


async def test_a_panel_alone_says_that_its_service_is_away(client: httpx2.AsyncClient, services: FakeServices) -> None:
    services.failing.add("trust")
    answer = await client.get(f"{BASE}/trust")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
    assert "(trust)" in answer.json()["detail"]
    assert answer.headers["retry-after"] == "5"


async def test_no_inner_address_is_told(start: Start, open_client: Open) -> None:
    address = closed_address()
    answer = await open_client(start(graph_url=address)).get(f"{BASE}/graph")
    assert answer.status_code == 503
    assert address not in answer.text


async def test_the_inbox_lists_what_the_account_was_told(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/notifications", headers={"Authorization": "Bearer secret"})
    assert answer.json() == {"items": [], "next_cursor": None, "unseen": 0}
