"""Writes: who may, from where, and with which token."""

import httpx2
import pytest

from tests.components.gateway.conftest import SIGNED_IN, Open, Start
from tests.components.gateway.services import ME, FakeServices

FOLLOW = "/api/researchers/hannah-lawrence/follow"
COOKIES = SIGNED_IN["Cookie"]
TOKEN = {"X-CSRF-Token": "csrf-1"}
BEARER = {"Authorization": "Bearer secret"}


@pytest.mark.parametrize(
    ("headers", "status", "problem"),
    [
        ({}, 401, "sign-in-required"),
        ({"Cookie": "bzpeer_session=ended; bzpeer_csrf=csrf-1", **TOKEN}, 401, "sign-in-required"),
        ({"Cookie": COOKIES}, 403, "csrf-token-missing"),
        ({"Cookie": COOKIES, "X-CSRF-Token": ""}, 403, "csrf-token-missing"),
        ({"Cookie": COOKIES, "X-CSRF-Token": "csrf-2"}, 403, "csrf-token-wrong"),
        ({"Cookie": "bzpeer_session=secret", **TOKEN}, 403, "csrf-token-wrong"),
        ({"Cookie": "bzpeer_session=secret; bzpeer_csrf=chosen", "X-CSRF-Token": "chosen"}, 403, "csrf-token-wrong"),
        ({"Cookie": COOKIES, **TOKEN, "Sec-Fetch-Site": "cross-site"}, 403, "cross-site"),
        ({"Cookie": COOKIES, **TOKEN, "Origin": "https://elsewhere.example"}, 403, "cross-site"),
        ({"Authorization": "Bearer ended"}, 401, "sign-in-required"),
    ],
)
async def test_a_write_is_refused(
    headers: dict[str, str], status: int, problem: str, client: httpx2.AsyncClient, services: FakeServices
) -> None:
    answer = await client.put(FOLLOW, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")
    assert answer.json()["detail"]
    assert services.followers == set()


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": COOKIES, **TOKEN},
        {"Cookie": COOKIES, **TOKEN, "Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8000"},
        {"Cookie": COOKIES, **TOKEN, "Origin": "http://127.0.0.1:8000"},
        BEARER,
        {**BEARER, "Cookie": COOKIES},
    ],
)
async def test_a_write_is_done(headers: dict[str, str], client: httpx2.AsyncClient, services: FakeServices) -> None:
    answer = await client.put(FOLLOW, headers=headers)
    assert (answer.status_code, answer.json()) == (200, {"following": True, "followers": 1})
    assert services.followers == {ME}


async def test_following_and_unfollowing_twice_change_nothing(client: httpx2.AsyncClient) -> None:
    for _ in range(2):
        assert (await client.put(FOLLOW, headers=BEARER)).json() == {"following": True, "followers": 1}
    assert (await client.get(FOLLOW.replace("/follow", "/followers"))).json() == {"followers": 1}
    for _ in range(2):
        assert (await client.delete(FOLLOW, headers=BEARER)).json() == {"following": False, "followers": 0}


async def test_following_nobody_is_not_found(client: httpx2.AsyncClient) -> None:
    assert (await client.put("/api/researchers/nobody/follow", headers=BEARER)).status_code == 404


async def test_writes_wait_until_somebody_can_say_who_writes(
    start: Start, open_client: Open, services: FakeServices
) -> None:
    client = open_client(start(call_seconds=0.1))
    services.hanging.add("profiles")
    answer = await client.put(FOLLOW, headers=BEARER)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


async def test_a_claim_is_opened_for_the_account(client: httpx2.AsyncClient) -> None:
    path = "/api/researchers/hannah-lawrence/claims"
    opened = await client.post(path, headers=BEARER, json={"evidence": ["email_on_paper"]})
    assert opened.status_code == 201
    assert opened.json()["status"] == "pending"
    refused = await client.post(path, headers=BEARER, json={})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/record-claimed")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/notifications/read", b'{"ids": ["\\ud800"]}'),
        ("/api/researchers/hannah-lawrence/claims", b'{"evidence": ["\\ud800"]}'),
    ],
)
async def test_half_a_character_is_not_valid(path: str, body: bytes, client: httpx2.AsyncClient) -> None:
    """JSON can name one half of a surrogate pair; no service can be told of it."""
    answer = await client.post(path, content=body, headers={**BEARER, "Content-Type": "application/json"})
    assert answer.status_code == 422


async def test_notifications_are_marked_as_read(client: httpx2.AsyncClient, services: FakeServices) -> None:
    for body in ({"all": True}, {"ids": ["n1"]}):
        assert (await client.post("/api/notifications/read", headers=BEARER, json=body)).status_code == 204
    assert services.read == [{"all": True}, {"ids": ["n1"]}]
    assert (await client.post("/api/notifications/read", headers=BEARER, json={})).status_code == 422
