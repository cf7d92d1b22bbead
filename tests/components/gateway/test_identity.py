"""Signing in and out, and who is signed in."""

import httpx2
import pytest

from tests.components.gateway.conftest import SIGNED_IN, Open, Start
from tests.components.gateway.services import EMAIL, ME, FakeServices


async def test_a_mailed_link_signs_in(client: httpx2.AsyncClient, services: FakeServices) -> None:
    sent = await client.post("/api/auth/email", json={"email": EMAIL})
    assert (sent.status_code, services.links) == (202, [EMAIL])
    answer = await client.post("/api/auth/session", json={"token": "mailed"})
    assert answer.json() == {"account": {"id": ME, "email": EMAIL}, "csrf": "csrf-1"}
    assert answer.headers["cache-control"] == "private, no-store"
    cookies = {cookie.split("=")[0]: cookie for cookie in answer.headers.get_list("set-cookie")}
    for attribute in ("HttpOnly", "SameSite=lax", "Path=/"):
        assert attribute in cookies["bzpeer_session"]
    assert "HttpOnly" not in cookies["bzpeer_csrf"]
    assert not any("Secure" in cookie for cookie in cookies.values())
    assert (await client.get("/api/me", headers=SIGNED_IN)).json() == {"id": ME, "email": EMAIL}


async def test_the_mailed_link_leads_back_to_where_signing_in_began(
    client: httpx2.AsyncClient, services: FakeServices
) -> None:
    back = "/researchers?q=h%C3%A4"
    await client.post("/sign-in", data={"email": EMAIL, "next": back})
    assert services.onward == [back]
    page = await client.get("/sign-in/mailed", params={"next": back})
    assert f'name="next" value="{back}"' in page.text
    entered = await client.post("/sign-in/mailed", data={"next": back})
    assert (entered.status_code, entered.headers["location"]) == (303, back)
    assert {cookie.split("=")[0] for cookie in entered.headers.get_list("set-cookie")} == {
        "bzpeer_session",
        "bzpeer_csrf",
    }


async def test_a_forged_link_leads_to_the_start_page(client: httpx2.AsyncClient) -> None:
    page = await client.get("/sign-in/mailed", params={"next": "//evil.example"})
    assert 'name="next" value="/"' in page.text
    entered = await client.post("/sign-in/mailed", data={"next": "https://evil.example"})
    assert entered.headers["location"] == "/"


async def test_cookies_are_for_https_alone_where_people_come_by_https(start: Start, open_client: Open) -> None:
    client = open_client(start(public_url="https://bzpeer.example"))
    answer = await client.post("/api/auth/session", json={"token": "mailed"})
    assert all("Secure" in cookie for cookie in answer.headers.get_list("set-cookie"))
    assert "strict-transport-security" in answer.headers


async def test_a_used_link_says_what_to_do(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/api/auth/session", json={"token": "used"})
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/link-used")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}])
@pytest.mark.parametrize("path", ["/api/auth/session", "/api/auth/email", "/sign-in/mailed", "/sign-in"])
async def test_no_other_site_signs_anybody_in(
    path: str, headers: dict[str, str], client: httpx2.AsyncClient, services: FakeServices
) -> None:
    answer = await client.post(path, json={"token": "mailed", "email": EMAIL}, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert services.links == []


async def test_signing_out_ends_the_session_at_once(client: httpx2.AsyncClient, services: FakeServices) -> None:
    assert (await client.get("/api/me", headers=SIGNED_IN)).status_code == 200
    assert (await client.post("/api/auth/logout", headers=SIGNED_IN)).status_code == 403
    answer = await client.post("/api/auth/logout", headers={**SIGNED_IN, "X-CSRF-Token": "csrf-1"})
    assert answer.status_code == 204
    assert all('=""' in cookie for cookie in answer.headers.get_list("set-cookie"))
    assert services.sessions == {}
    assert (await client.get("/api/me", headers=SIGNED_IN)).status_code == 401
    assert (await client.post("/api/auth/logout", headers=SIGNED_IN)).status_code == 204


async def test_a_session_is_looked_up_once_in_a_while(client: httpx2.AsyncClient, services: FakeServices) -> None:
    for _ in range(3):
        await client.get("/api/me", headers=SIGNED_IN)
    assert services.session_lookups == 1


async def test_a_held_session_outlives_a_pause_of_profiles(client: httpx2.AsyncClient, services: FakeServices) -> None:
    await client.get("/api/me", headers=SIGNED_IN)
    services.failing.add("profiles")
    assert (await client.get("/api/me", headers=SIGNED_IN)).status_code == 200


@pytest.mark.parametrize("path", ["/api/me", "/api/notifications", "/api/notifications/stream", "/api/claims/claim-1"])
async def test_what_is_personal_asks_for_signing_in(path: str, client: httpx2.AsyncClient) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/sign-in-required")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("odd", [b"\xff", b"a b", b"x" * 513])
async def test_what_can_be_no_session_is_a_visitor(
    odd: bytes, client: httpx2.AsyncClient, services: FakeServices
) -> None:
    for header in ((b"Cookie", b"bzpeer_session=" + odd), (b"Authorization", b"Bearer " + odd)):
        assert (await client.get("/api/me", headers=[header])).status_code == 401
        assert (await client.post("/api/auth/logout", headers=[header])).status_code == 204
    assert services.session_lookups == 0


async def test_what_is_personal_waits_until_somebody_can_say_who_reads(
    client: httpx2.AsyncClient, services: FakeServices
) -> None:
    services.failing.add("profiles")
    page = {**SIGNED_IN, "Accept": "text/html"}
    for path in ("/inbox", "/researchers/hannah-lawrence/claim"):
        assert (await client.get(path, headers=page)).status_code == 503
    answer = await client.post("/sign-out", data={"csrf": "csrf-1"}, headers=page)
    assert answer.status_code == 503
    assert 'href="/sign-out"' not in answer.text
