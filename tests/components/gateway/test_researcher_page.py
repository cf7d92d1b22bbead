"""GET /api/researchers/{id}: whole, partial, from memory, and not at all."""

import httpx2
import pytest

from tests.components.gateway.conftest import SIGNED_IN, Open, Start
from tests.components.gateway.services import HANNAH, ME, THEN, FakeServices
from tests.components.gateway.serving import closed_address

PAGE = "/api/researchers/hannah-lawrence"
SHORT = {"panel_budget_seconds": 0.5}


async def test_the_page_is_one_answer_of_four_services(client: httpx2.AsyncClient) -> None:
    answer = await client.get(PAGE)
    page = answer.json()
    assert answer.status_code == 200
    assert page.pop("works")["items"][0].items() >= {
        ("id", "work-1"),
        ("kind", "preprint"),
        ("year", 2024),
        ("source", "arXiv"),
        ("status", "current"),
    }
    assert page == {
        "id": HANNAH,
        "slug": "hannah-lawrence",
        "name": "Hannah Lawrence",
        "headline": "A headline.",
        "bio": None,
        "badges": ["researcher", "affiliation_not_imported", "open_to_collaborate"],
        "affiliations": [],
        "orcid": None,
        "trust": {
            "score": 13,
            "tier": "Unverified",
            "verification_level": "L1",
            "claim_status": "unclaimed",
            "model": "v1",
        },
        "counts": {"works": 2, "followers": 0, "topics": 5, "close_collaborators": 4},
        "viewer": {"following": False, "can_claim": True, "can_invite": False, "invite_blocked_by": "unclaimed"},
        "as_of": {"works": THEN, "trust": THEN, "graph": THEN, "profiles": THEN},
        "missing": [],
        "stale": [],
    }


async def test_id_and_slug_name_the_same_page(client: httpx2.AsyncClient) -> None:
    assert (await client.get(PAGE)).json() == (await client.get(f"/api/researchers/{HANNAH}")).json()


@pytest.mark.parametrize(
    ("name", "nulls"),
    [
        ("works", {"works", "orcid"}),
        ("profiles", {"headline", "viewer"}),
        ("trust", {"trust"}),
        ("graph", set()),
    ],
)
async def test_a_hanging_service_leaves_its_part_out(
    name: str, nulls: set[str], start: Start, open_client: Open, services: FakeServices
) -> None:
    client = open_client(start(**SHORT))
    assert (await client.get("/api/researchers/hannah-lawrence/trust")).status_code == 200  # the slug is known now
    services.hanging.add(name)
    answer = await client.get(PAGE)
    page = answer.json()
    assert answer.status_code == 200
    assert page["missing"] == [name]
    assert page["stale"] == []
    assert page["as_of"][name] is None
    assert all(page[part] is None for part in nulls)
    assert page["name"] == "Hannah Lawrence"
    if name == "graph":
        assert page["counts"]["close_collaborators"] is None


async def test_a_dead_service_leaves_its_part_out(start: Start, open_client: Open) -> None:
    client = open_client(start(trust_url=closed_address(), graph_url=closed_address()))
    page = (await client.get(PAGE)).json()
    assert page["missing"] == ["trust", "graph"]
    assert page["trust"] is None
    assert page["counts"] == {"works": 2, "followers": 0, "topics": 5, "close_collaborators": None}


async def test_the_last_known_value_stands_in_and_says_its_age(
    client: httpx2.AsyncClient, services: FakeServices
) -> None:
    fresh = (await client.get(PAGE)).json()
    services.failing |= {"trust", "works"}
    page = (await client.get(PAGE)).json()
    assert page == {**fresh, "missing": ["works", "trust"], "stale": ["works", "trust"]}


async def test_a_remembered_profile_says_nothing_of_its_reader(
    client: httpx2.AsyncClient, services: FakeServices
) -> None:
    services.followers.add(ME)
    assert (await client.get(PAGE, headers=SIGNED_IN)).json()["viewer"]["following"]
    services.failing.add("profiles")
    page = (await client.get(PAGE)).json()
    assert page["viewer"] is None
    assert page["counts"]["followers"] == 1


async def test_an_unknown_researcher_is_not_found(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/researchers/nobody")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/not-found"


async def test_while_works_is_away_profiles_can_say_who_it_is(
    client: httpx2.AsyncClient, services: FakeServices
) -> None:
    services.failing.add("works")
    page = (await client.get(f"/api/researchers/{HANNAH}")).json()
    assert (page["name"], page["missing"], page["works"]) == ("Hannah Lawrence", ["works"], None)
    unknown = await client.get(f"/api/researchers/{HANNAH.replace('1', '2')}")
    assert unknown.status_code == 404


@pytest.mark.parametrize("away", [{"works"}, {"works", "profiles"}])
async def test_when_nobody_can_say_who_it_is_the_answer_is_try_again(
    away: set[str], client: httpx2.AsyncClient, services: FakeServices
) -> None:
    services.failing |= away
    answer = await client.get("/api/researchers/somebody")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"


async def test_the_viewer_is_the_one_who_is_signed_in(client: httpx2.AsyncClient, services: FakeServices) -> None:
    services.followers.add(ME)
    assert (await client.get(PAGE, headers=SIGNED_IN)).json()["viewer"]["following"]
    assert not (await client.get(PAGE)).json()["viewer"]["following"]


async def test_a_reader_whom_nobody_knows_now_reads_as_a_visitor(
    start: Start, open_client: Open, services: FakeServices
) -> None:
    client = open_client(start(**SHORT))
    services.hanging.add("profiles")
    page = (await client.get(PAGE, headers=SIGNED_IN)).json()
    assert (page["missing"], page["viewer"]) == (["profiles"], None)


async def test_an_unchanged_page_is_not_sent_again(client: httpx2.AsyncClient, services: FakeServices) -> None:
    first = await client.get(PAGE)
    assert first.headers["cache-control"] == "no-cache"
    unchanged = {"If-None-Match": first.headers["etag"]}
    again = await client.get(PAGE, headers=unchanged)
    assert (again.status_code, again.content) == (304, b"")
    services.score = 14
    changed = await client.get(PAGE, headers=unchanged)
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


async def test_a_signed_in_readers_page_is_private(client: httpx2.AsyncClient) -> None:
    assert (await client.get(PAGE, headers=SIGNED_IN)).headers["cache-control"] == "private, no-cache"
