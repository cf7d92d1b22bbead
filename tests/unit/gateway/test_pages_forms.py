"""Forms work without a script, only for the person they were made for, and lead back to where one was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from services.gateway.web.forms import local_path
from services.gateway.web.samples.preview import COOKIE, CSRF, preview_app


@pytest.fixture
def pages() -> TestClient:
    return TestClient(preview_app(None), follow_redirects=False)


@pytest.fixture
def reader(pages: TestClient) -> TestClient:
    pages.cookies.set(COOKIE, "1")
    return pages


def test_signing_in_leads_back_to_the_page_where_it_began(pages: TestClient) -> None:
    sent = pages.post("/sign-in", data={"email": "reader@example.org", "next": "/researchers/ilse-marand/claim"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in?sent=true")

    assert 'href="/sign-in/preview?next=%2Fresearchers%2Filse-marand%2Fclaim"' in pages.get("/dev/mailbox").text
    confirm = pages.get("/sign-in/preview?next=%2Fresearchers%2Filse-marand%2Fclaim").text
    assert 'name="next" value="/researchers/ilse-marand/claim"' in confirm
    entered = pages.post("/sign-in/preview", data={"next": "/researchers/ilse-marand/claim"})

    assert (entered.status_code, entered.headers["location"]) == (303, "/researchers/ilse-marand/claim")
    assert pages.get("/researchers/ilse-marand/claim").status_code == 200


def test_looking_at_the_mailed_link_does_not_use_it(pages: TestClient) -> None:
    pages.get("/sign-in/preview")

    assert COOKIE not in pages.cookies


def test_a_bad_address_and_a_used_link_are_told(pages: TestClient) -> None:
    wrong = pages.post("/sign-in", data={"email": "nobody"})
    used = pages.post("/sign-in/other")

    assert wrong.status_code == 422
    assert "It needs an @." in wrong.text
    assert 'value="nobody"' in wrong.text
    assert used.status_code == 404
    assert "Ask for another link" in used.text


def test_following_by_form_counts_at_once(reader: TestClient) -> None:
    done = reader.post("/researchers/ilse-marand/follow", data={"action": "follow", "csrf": CSRF})
    assert (done.status_code, done.headers["location"]) == (303, "/researchers/ilse-marand#actions")

    html = reader.get("/researchers/ilse-marand").text
    assert "Unfollow researcher" in html
    assert "You follow Ilse Marand" in html


def test_a_form_without_the_right_token_does_nothing(reader: TestClient) -> None:
    refused = reader.post("/researchers/ilse-marand/follow", data={"action": "follow", "csrf": "stolen"})

    assert refused.status_code == 403
    assert "Unfollow" not in reader.get("/researchers/ilse-marand").text


def test_a_form_after_the_session_ended_leads_to_sign_in(pages: TestClient) -> None:
    sent = pages.post("/researchers/ilse-marand/follow", data={"action": "follow", "csrf": CSRF})

    assert sent.headers["location"] == "/sign-in?next=/researchers/ilse-marand"


def test_a_refused_claim_says_why(reader: TestClient) -> None:
    refused = reader.post("/researchers/ilse-marand/claim", data={"evidence": ["email_on_paper"], "csrf": CSRF})

    assert refused.status_code == 409
    assert "is being checked already" in refused.text


def test_the_inbox_is_for_the_signed_in(pages: TestClient) -> None:
    assert pages.get("/inbox").headers["location"] == "/sign-in?next=/inbox"


def test_signing_out_needs_the_token(reader: TestClient) -> None:
    assert reader.post("/sign-out", data={"csrf": "stolen"}).status_code == 403
    assert reader.post("/sign-out", data={"csrf": CSRF}).status_code == 303


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "", "/a\nb", None]
)
def test_nobody_is_led_to_another_site(path: str | None) -> None:
    assert local_path(path) == "/"


@given(st.text())
def test_a_return_path_stays_on_this_site(path: str) -> None:
    led = local_path(path)

    assert led.startswith("/")
    assert not led.startswith(("//", "/\\"))
    assert led.isascii()
