"""The page of an unclaimed researcher says what the system was built to say, in that order and wording."""

import re
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from services.gateway.web.samples.people import PEOPLE, SLICES
from services.gateway.web.samples.preview import preview_app

LINES = """
Researcher profile
Ilse Marand
Ilse Marand contributes to research discovery and scholarly infrastructure.
ResearcherAffiliation not importedOpen to collaborate
Trust snapshot
Quick read
Trust 13 - UnverifiedVerification L1Unclaimed author
2works
0followers
5topics
4close collaborators
Actions
Decide how to stay connected
Follow researcher0
Identity and collaboration
How to connect with this researcher
Claiming links this public author record to a researcher profile and unlocks direct collaboration workflows.
Log in to claim
Direct collaboration
Open a focused conversation when the fit is right
Claim this author entity first to unlock direct invitations.
Research graph
See the researcher in context
Open full explorer
Inspect adjacent work, topics, institutions and collaborators without jumping out to a separate graph page.
Building this graph slice
BZPEER is loading the nearby papers, people, topics and institutions for this page.
Published work
2 published items
preprint2024arXiv
On the hardness of drawing maps under symmetries
We study how a network of measuring stations can agree on one map
preprint2022arXiv
Implicit bias of linear mountain ranges
We study how a network of measuring stations can agree on one map
"""


class Text(HTMLParser):
    """The text of a page, in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def text_of(html: str) -> str:
    parser = Text()
    parser.feed(html)
    return squeezed("".join(parser.pieces))


def missing_lines(text: str, lines: list[str]) -> list[str]:
    """The lines that do not come in this order."""
    missing, at = [], 0
    for line in lines:
        found = text.find(squeezed(line), at)
        if found < 0:
            missing.append(line)
        else:
            at = found + len(squeezed(line))
    return missing


@pytest.fixture
def pages() -> TestClient:
    return TestClient(preview_app(None))


def test_the_unclaimed_page_has_every_line_in_order_while_the_graph_is_built(
    pages: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.gateway.web.samples.preview.SLICES", {**SLICES, "ilse-marand": None})

    text = text_of(pages.get("/researchers/ilse-marand").text)

    assert missing_lines(text, LINES.strip().splitlines()) == []


def test_a_built_graph_takes_the_place_of_the_loading_lines(pages: TestClient) -> None:
    text = text_of(pages.get("/researchers/ilse-marand").text)

    assert missing_lines(text, LINES.strip().splitlines()) == [
        "Building this graph slice",
        "BZPEER is loading the nearby papers, people, topics and institutions for this page.",
    ]


def test_figures_are_written_for_people(pages: TestClient) -> None:
    assert "1follower" in text_of(pages.get("/researchers/followed").text)
    assert "12,034followers" in text_of(pages.get("/researchers/prolific").text)


def test_an_unclaimed_page_says_that_the_person_is_no_member_and_how_to_have_it_removed(pages: TestClient) -> None:
    html = pages.get("/researchers/ilse-marand").text

    assert "Not a member of BZPEER. This page is built from public records (arXiv)." in html
    assert 'href="/about#corrections"' in html
    assert "help@example.org" in pages.get("/about").text


def test_every_sample_has_a_page(pages: TestClient) -> None:
    assert {slug: pages.get(f"/researchers/{slug}").status_code for slug in PEOPLE} == dict.fromkeys(PEOPLE, 200)
