"""Who is let in, and what a page says."""

import re

import httpx2
import pytest
from fastapi import FastAPI

from services.profiles.main import api
from shared.auth import Principal, internal_token
from tests.components.profiles.conftest import KEY, Profiles
from tests.unit.profiles.given import credited, identified, trusted

ROUTES = [
    ("GET", "/profiles/ada"),
    ("GET", "/followers/ada"),
    ("PUT", "/follows/ada"),
    ("DELETE", "/follows/ada"),
    ("POST", "/sign-in-links"),
    ("POST", "/sessions"),
    ("GET", "/sessions/current"),
    ("DELETE", "/sessions/current"),
    ("POST", "/claims"),
    ("GET", "/claims"),
    ("GET", "/claims/c1"),
    ("POST", "/claims/c1/decision"),
    ("GET", "/counts"),
]
BODY = {"email": "ada@example.org", "token": "t", "author_id": "ada", "accept": True, "evidence": ["email_on_paper"]}


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_without_an_internal_token_every_door_is_shut(profiles: Profiles, method: str, path: str) -> None:
    forged = internal_token("f" * 32, Principal(caller="gateway", account_id="reader", reviewer=True))
    old = internal_token(KEY, Principal(caller="gateway", account_id="reader", reviewer=True), now=0)
    for value in (None, "", "Bearer", "Bearer nonsense", f"Bearer {forged}", f"Bearer {old}", f"Basic {forged}"):
        headers = {"X-Session": "s", **({"Authorization": value} if value is not None else {})}
        answer = await profiles.http.request(method, path, headers=headers, json=BODY)
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert await profiles.mongo.collection("events").count_documents({}) == 0


def test_every_route_is_tried(profiles: Profiles) -> None:
    plain = FastAPI()
    plain.include_router(api(profiles.parts))
    routes = {
        (method.upper(), re.sub(r"{\w+}", "{}", path))
        for path, methods in plain.openapi()["paths"].items()
        for method in methods
    }
    assert routes == {(method, re.sub(r"/(ada|c1)\b", "/{}", path)) for method, path in ROUTES}


@pytest.mark.parametrize(("method", "path"), [("PUT", "/follows/ada"), ("DELETE", "/follows/ada"), ("POST", "/claims")])
async def test_a_visitor_signs_in_first(profiles: Profiles, method: str, path: str) -> None:
    answer = await profiles.ask(method, path, json={"author_id": "ada"})
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/sign-in-required")


async def test_a_page_is_found_by_id_and_by_slug(profiles: Profiles) -> None:
    await profiles.hear(identified("ada"), credited("w1", "ETH", author="ada"))
    by_id, by_slug = [(await profiles.ask("GET", f"/profiles/{name}")).json() for name in ("ada", "ada-example")]
    assert by_id == by_slug
    assert (by_id["name"], by_id["affiliations"], by_id["claim_status"]) == ("Ada Example", ["ETH"], "unclaimed")
    assert by_id["badges"] == ["researcher", "open_to_collaborate"]
    blocked = {"can_invite": False, "invite_blocked_by": "unclaimed"}
    assert by_id["viewer"] == {"following": False, "can_claim": True, **blocked}


async def test_whom_no_work_names_has_no_page(profiles: Profiles) -> None:
    await profiles.hear(trusted("L1", "nameless"))
    for name in ("nameless", "unknown", "%00", "a" * 5000):
        answer = await profiles.ask("GET", f"/profiles/{name}")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown-researcher")
    counts = (await profiles.ask("GET", "/counts")).json()
    assert counts == {"accounts": 0, "follows": 0, "open_claims": 0, "authors": 2, "credits": 0}


@pytest.mark.parametrize("path", ["/sign-in-links", "/sessions", "/claims", "/claims/c1/decision"])
@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"email": "\\ud800@a.org"}', b"[" * 100_000]
)
async def test_bad_bodies_are_refused_in_words(profiles: Profiles, path: str, content: bytes) -> None:
    answer: httpx2.Response = await profiles.ask(
        "POST", path, "reader", reviewer=True, content=content, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.content) < 5000
