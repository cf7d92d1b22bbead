"""Every state of the page says what is the case and what the reader can do next."""

import pytest
from starlette.testclient import TestClient

from services.gateway.web.profile import profile_page
from services.gateway.web.samples.people import PEOPLE
from services.gateway.web.samples.preview import COOKIE, preview_app
from services.gateway.web.source import Viewer

READER = Viewer("account", "reader@example.org", "csrf", by_cookie=True)


@pytest.fixture
def visitor() -> TestClient:
    return TestClient(preview_app(None))


@pytest.fixture
def reader() -> TestClient:
    return TestClient(preview_app(None), cookies={COOKIE: "1"})


@pytest.mark.parametrize(
    ("slug", "identity", "invitation"),
    [
        ("pending", "is being checked", "once the claim on this record is decided"),
        ("claimed", "holds this record", "Claim your own record first"),
        ("owner", "linked to your profile", "can invite you here"),
        ("disputed", "until a reviewer decides", "until a reviewer has decided"),
        ("missing", "cannot be said now, we keep trying", "cannot be said now, we keep trying"),
    ],
)
def test_each_claim_state_says_what_holds(reader: TestClient, slug: str, identity: str, invitation: str) -> None:
    html = reader.get(f"/researchers/{slug}").text

    assert identity in html
    assert invitation in html


def test_a_visitor_is_led_to_sign_in_and_back(visitor: TestClient) -> None:
    html = visitor.get("/researchers/ilse-marand").text

    assert 'href="/sign-in?next=/researchers/ilse-marand/claim">Log in to claim<' in html
    assert 'href="/sign-in?next=/researchers/ilse-marand">Follow researcher' in html


def test_the_claim_page_tells_its_holder_and_whom_an_impostor_forestalled(reader: TestClient) -> None:
    assert "This record is yours already." in reader.get("/researchers/owner/claim").text
    assert "Somebody holds it already." in reader.get("/researchers/claimed/claim").text
    assert "Did somebody else ask for it, and the record is yours?" in reader.get("/researchers/pending/claim").text


def test_a_claimed_page_does_not_say_that_the_person_is_no_member(visitor: TestClient) -> None:
    assert "Not a member" not in visitor.get("/researchers/claimed").text
    assert "Not a member" not in visitor.get("/researchers/missing").text


def test_the_owner_has_nothing_to_follow_and_is_told_so() -> None:
    follow = profile_page(PEOPLE["owner"], None, READER).follow

    assert not follow.possible
    assert follow.reason == "This record is yours: there is nothing to follow."


def test_a_closed_page_shows_nothing_of_the_record(visitor: TestClient) -> None:
    html = visitor.get("/researchers/closed").text

    assert "asked for this page to be closed" in html
    assert 'class="panel' not in html
    assert [visitor.get(f"/researchers/closed/{part}").status_code for part in ("graph", "works", "trust")] == [404] * 3


def test_missing_parts_leave_the_rest_of_the_page_standing(visitor: TestClient) -> None:
    response = visitor.get("/researchers/missing")

    assert response.status_code == 200
    assert response.text.count("Not available now, we keep trying.") == 3
    assert "unknown number of" in response.text


def test_older_parts_say_how_old_they_are(visitor: TestClient) -> None:
    html = visitor.get("/researchers/older").text

    assert 'Last known, as of <time datetime="2026-11-23T21:04:00+00:00">23 November 2026, 21:04 UTC</time>.' in html


def test_a_record_without_works_says_so(visitor: TestClient) -> None:
    html = visitor.get("/researchers/empty").text

    assert "0 published items" in html
    assert "No work is known yet." in html
    assert "Nothing is known around Ilse Empty yet." in html


def test_many_works_are_paged_by_links(visitor: TestClient) -> None:
    assert 'href="/researchers/prolific/works?cursor=20"' in visitor.get("/researchers/prolific").text
    second = visitor.get("/researchers/prolific/works?cursor=20").text
    assert "part 21:" in second
    assert 'href="/researchers/prolific/works?cursor=40"' in second


def test_withdrawn_and_retracted_works_say_so_everywhere(visitor: TestClient) -> None:
    assert "<strong>Retracted.</strong>" in visitor.get("/researchers/odd").text
    assert "<strong>Retracted.</strong>" in visitor.get("/works/retracted").text
    assert "<strong>Withdrawn.</strong>" in visitor.get("/works/withdrawn").text


def test_a_slice_says_what_it_left_out(visitor: TestClient) -> None:
    assert "12 of 200 works, 12 of 40 people, 8 topics and 6 institutions" in visitor.get("/researchers/prolific").text


def test_the_table_of_the_slice_has_the_same_rows_as_the_drawing(visitor: TestClient) -> None:
    html = visitor.get("/researchers/prolific").text

    assert html.count('<a class="node') == 12 + 12 + 8 + 6
    assert html.count("</td></tr>") == 12 + 12 + 8 + 6


def test_a_score_can_be_asked_why(visitor: TestClient) -> None:
    html = visitor.get("/researchers/ilse-marand/trust").text

    for words in ("Why 13?", "13.28", "At L1 a record can reach 20.", "+3.25 points, shown as 17", "4.00"):
        assert words in html


def test_an_id_leads_to_the_address_with_the_name(visitor: TestClient) -> None:
    response = visitor.get("/researchers/id-ilse-marand", follow_redirects=False)

    assert (response.status_code, response.headers["location"]) == (308, "/researchers/ilse-marand")


def test_problems_are_pages_that_say_what_to_do(visitor: TestClient) -> None:
    nobody, broken = visitor.get("/researchers/nobody"), visitor.get("/researchers/broken")

    assert (nobody.status_code, broken.status_code) == (404, 503)
    assert "Search researchers" in nobody.text
    assert "Try again" in broken.text
