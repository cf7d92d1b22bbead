"""No page needs anything inline or from elsewhere; assets are named by their content."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from services.gateway.web.assets_route import ASSETS, faces_in
from services.gateway.web.faces import FACES
from services.gateway.web.samples.people import PEOPLE
from services.gateway.web.samples.preview import COOKIE, preview_app

PATHS = [
    "/", "/about", "/design", "/dev/mailbox", "/inbox", "/researchers?q=ilse", "/researchers/nobody", "/works/maps",
    "/researchers/prolific/graph", "/researchers/prolific/trust", "/researchers/prolific/works",
    "/researchers/ilse-marand/claim", *(f"/researchers/{slug}" for slug in PEOPLE),
]  # fmt: skip
INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", re.IGNORECASE)


@pytest.fixture
def reader() -> TestClient:
    return TestClient(preview_app(None), cookies={COOKIE: "1"})


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_inline(reader: TestClient, path: str) -> None:
    response = reader.get(path)

    assert INLINE.findall(response.text) == []
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "unsafe" not in response.headers["content-security-policy"]


def test_pages_of_a_person_are_kept_by_nobody(reader: TestClient) -> None:
    assert reader.get("/inbox").headers["cache-control"] == "private, no-store"


def test_assets_are_kept_for_ever_under_the_name_of_their_content(reader: TestClient) -> None:
    addresses = re.findall(r'"(/assets/[^"]+)"', reader.get("/researchers/ilse-marand").text)

    assert len(addresses) == 4
    for address in addresses:
        assert "immutable" in reader.get(address).headers["cache-control"]


def test_without_faces_none_are_asked_for(reader: TestClient) -> None:
    assert "faces.css" not in reader.get("/").text


def test_with_faces_they_are_served(tmp_path: Path) -> None:
    for name in FACES:
        (tmp_path / name).write_bytes(b"face")
    pages = TestClient(preview_app(tmp_path))

    assert "faces.css" in pages.get("/").text
    assert pages.get(f"/assets/fonts/{next(iter(FACES))}").content == b"face"
    assert pages.get("/assets/fonts/package.json").status_code == 404


def test_the_stylesheet_of_faces_names_the_files_that_are_fetched() -> None:
    named = set(re.findall(r"fonts/([^\"]+)", (ASSETS / "faces.css").read_text()))

    assert named == set(FACES)
    assert faces_in(None) == {}
