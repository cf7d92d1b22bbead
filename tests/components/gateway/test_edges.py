"""What every answer has: problems, headers, documentation, and the mailbox of the embedded stack."""

from collections.abc import AsyncIterator
from email.message import EmailMessage
from mailbox import Maildir
from pathlib import Path

import httpx2
import pytest

from tests.components.gateway.conftest import SIGNED_IN, Open, Start
from tests.components.gateway.services import FakeServices

BROWSER = {"Accept": "text/html,application/xhtml+xml"}


@pytest.mark.parametrize(
    ("method", "path", "status", "problem"),
    [
        ("GET", "/api/nothing", 404, "not-found"),
        ("GET", "/nothing", 404, "not-found"),
        ("POST", "/api/me", 405, "http-405"),
        ("GET", "/api/researchers/hannah-lawrence/works?limit=0", 422, "invalid"),
        ("POST", "/api/auth/session", 422, "invalid"),
        ("GET", "/dev/mailbox", 404, "not-found"),
        ("GET", "/api/works/..%2F..%2Fcounts", 404, "not-found"),
    ],
)
async def test_every_error_is_a_problem(
    method: str, path: str, status: int, problem: str, client: httpx2.AsyncClient
) -> None:
    answer = await client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["type"], body["status"]) == (f"/problems/{problem}", status)
    assert body["title"]
    assert body["detail"]


async def test_an_invalid_request_hears_what_is_wrong_and_where(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/api/auth/session", json={"token": ""})
    assert answer.json()["errors"] == [{"where": "body.token", "what": "String should have at least 1 character"}]


async def test_a_browser_gets_its_errors_as_a_page(client: httpx2.AsyncClient) -> None:
    for path in ("/researchers/nobody", "/nothing"):
        answer = await client.get(path, headers=BROWSER)
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")
    assert (await client.get("/api/nothing", headers=BROWSER)).headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/api/researchers/hannah-lawrence", "/researchers/hannah-lawrence", "/nothing"])
async def test_every_answer_has_the_security_headers(path: str, client: httpx2.AsyncClient) -> None:
    headers = (await client.get(path, headers=BROWSER)).headers
    policy = {part.strip() for part in headers["content-security-policy"].split(";")}
    own = {
        f"{kind} 'self'" for kind in ("script-src", "style-src", "font-src", "img-src", "connect-src", "form-action")
    }
    assert policy == own | {"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"}
    assert headers["x-content-type-options"] == "nosniff"
    assert "referrer-policy" in headers
    assert "permissions-policy" in headers


@pytest.mark.parametrize("accept", ["application/json", BROWSER["Accept"]])
async def test_what_nobody_foresaw_has_the_security_headers_too(
    accept: str, start: Start, open_client: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = start()
    monkeypatch.setattr(gateway.researchers, "page", None)
    answer = await open_client(gateway).get("/researchers/hannah-lawrence", headers={"Accept": accept})
    assert answer.status_code == 500
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_title_of_a_problem_is_the_same_each_time(client: httpx2.AsyncClient) -> None:
    answers = [await client.post(path) for path in ("/api/me", "/api/works/work-1")]
    assert [answer.json()["title"] for answer in answers] == ["Method Not Allowed"] * 2
    missing = [(await client.get(path)).json()["title"] for path in ("/api/nothing", "/api/works/work-9")]
    assert missing == ["Not found"] * 2
    assert answers[0].json()["detail"] == "/api/me does not take POST. The routes are listed at /api/docs."


async def body_in_parts() -> AsyncIterator[bytes]:
    for _ in range(3):
        yield b" " * 50


@pytest.mark.parametrize(
    ("path", "media_type"),
    [("/api/auth/email", "application/json"), ("/sign-in", "application/x-www-form-urlencoded")],
)
async def test_a_body_has_a_bound(path: str, media_type: str, start: Start, open_client: Open) -> None:
    client = open_client(start(body_bytes=100))
    for content in (b" " * 101, body_in_parts()):
        answer = await client.post(path, content=content, headers={"Content-Type": media_type})
        assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")
        assert "content-security-policy" in answer.headers
    assert (await client.post(path, content=b" " * 100, headers={"Content-Type": media_type})).status_code != 413


@pytest.mark.parametrize("path", ["/researchers/hannah-lawrence", "/api/researchers/hannah-lawrence", "/healthz"])
async def test_head_is_answered_as_get_without_the_body(path: str, client: httpx2.AsyncClient) -> None:
    got, head = await client.get(path), await client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == got.headers
    assert (await client.head("/api/notifications/stream", headers=SIGNED_IN)).status_code == 405


async def test_the_api_documents_itself(client: httpx2.AsyncClient) -> None:
    document = (await client.get("/api/openapi.json")).json()
    assert set(document["paths"]) >= {"/api/researchers/{id_or_slug}", "/api/notifications/stream", "/api/auth/session"}
    assert all(path.startswith("/api/") for path in document["paths"])
    page = await client.get("/api/docs")
    assert "PUT /api/researchers/{id_or_slug}/follow" in page.text
    assert "<style" not in page.text
    assert "<script" not in page.text


async def test_long_answers_are_compressed(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/api/openapi.json")).headers["content-encoding"] == "gzip"


async def test_the_profile_page_stands_while_services_are_away(
    client: httpx2.AsyncClient, services: FakeServices
) -> None:
    services.failing |= {"trust", "graph", "notify"}
    answer = await client.get("/researchers/hannah-lawrence", headers=BROWSER)
    assert answer.status_code == 200
    assert "Hannah Lawrence" in answer.text


def put_mail(box: Maildir, to: str, token: str) -> None:
    mail = EmailMessage()
    mail["To"], mail["From"], mail["Subject"] = to, "bzpeer@example.org", "Sign in"
    mail.set_content(f"Open http://127.0.0.1:8000/sign-in/{token}.\n")
    mail.add_alternative(f'<a href="http://127.0.0.1:8000/sign-in/{token}?a=1&amp;b=2">Sign in</a>', subtype="html")
    box.add(mail)


async def test_caught_mails_are_shown_newest_first(start: Start, open_client: Open, tmp_path: Path) -> None:
    box = Maildir(tmp_path / "mail")
    for to, token in (("a@example.org", "t1"), ("b@example.org", "t2"), ("a@example.org", "t3")):
        put_mail(box, to, token)
    client = open_client(start(mailbox_dir=tmp_path / "mail"))
    items = (await client.get("/dev/mailbox", params={"to": "A@example.org"})).json()["items"]
    assert [item["links"][0] for item in items] == [f"http://127.0.0.1:8000/sign-in/{token}" for token in ("t3", "t1")]
    assert set(items[0]) == {"to", "subject", "text", "html", "headers", "links"}
    assert items[0]["links"][1] == "http://127.0.0.1:8000/sign-in/t3?a=1&b=2"
    assert items[0]["headers"]["Subject"] == "Sign in"
    assert len((await client.get("/dev/mailbox")).json()["items"]) == 3
    page = await client.get("/dev/mailbox", headers=BROWSER)
    assert page.headers["content-type"].startswith("text/html")
