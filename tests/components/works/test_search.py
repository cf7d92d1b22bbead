"""Searching works and people, on a real database."""

from datetime import date
from typing import Any

import pytest

from tests.builders import AtomWork, atom_feed
from tests.components.works.conftest import Works

WORKS = [
    AtomWork(
        title="On the hardness of learning under symmetries",
        authors=["Hannah Lawrence", "José Müller"],
        published=date(2024, 1, 3),
    ),
    AtomWork(title="Implicit bias of equivariant networks", authors=["Hannah Lawrence"], published=date(2021, 10, 12)),
    AtomWork(title="Learning is hard", authors=["Lei Wang"], published=date(2020, 1, 1), categories=["math.ST"]),
]


@pytest.fixture
async def filled(works: Works) -> Works:
    await works.import_feed(atom_feed(WORKS))
    return works


async def titles(works: Works, **params: Any) -> list[str]:
    return [each["title"] for each in (await works.get("/search/works", params=params))["items"]]


async def people(works: Works, **params: Any) -> list[str]:
    return [each["name"] for each in (await works.get("/search/people", params=params))["items"]]


async def test_works_are_found_by_words_of_title_byline_and_topic(filled: Works) -> None:
    assert await titles(filled, q="hardness symmetries") == [WORKS[0].title]
    assert await titles(filled, q="lawrence equiv") == [WORKS[1].title]
    assert await titles(filled, q="statistics") == [WORKS[2].title]
    assert await titles(filled, q="of the") == []
    assert await titles(filled, q="nothing like it") == []


async def test_the_last_word_may_be_a_beginning_and_others_may_not(filled: Works) -> None:
    assert await titles(filled, q="learning hard") == [WORKS[2].title, WORKS[0].title]
    assert await titles(filled, q="hard learning") == [WORKS[2].title]


async def test_works_are_narrowed_by_author_topic_year_source_and_kind(filled: Works) -> None:
    hannah = (await filled.get("/authors/resolve/hannah-lawrence"))["id"]
    assert await titles(filled, author=hannah) == [WORKS[0].title, WORKS[1].title]
    assert await titles(filled, topic="arxiv:math.ST") == [WORKS[2].title]
    assert await titles(filled, year=2021, source="arXiv", kind="preprint") == [WORKS[1].title]
    assert await titles(filled, year=1999) == []


async def test_all_works_are_listed_newest_first_and_paged(filled: Works) -> None:
    page = await filled.get("/search/works", params={"limit": 2})
    rest = await filled.get("/search/works", params={"limit": 2, "cursor": page["next_cursor"]})
    assert [each["title"] for each in (*page["items"], *rest["items"])] == [each.title for each in WORKS]
    assert rest["next_cursor"] is None


async def test_people_are_found_in_any_order_spelling_and_with_a_slip(filled: Works) -> None:
    for query in ("hannah lawrence", "Lawrence Hannah", "hann law", "Lawrance", "hanah lawrence", "Lawrnece"):
        assert await people(filled, q=query) == ["Hannah Lawrence"], query
    for query in ("jose muller", "José Müller", "muler"):
        assert await people(filled, q=query) == ["José Müller"], query
    assert await people(filled, q="lawrxxce") == []


async def test_who_is_found_by_a_slip_is_said_to_be(filled: Works) -> None:
    assert (await filled.get("/search/people", params={"q": "lawrance"}))["corrected"] is True
    assert (await filled.get("/search/people", params={"q": "lawrence"}))["corrected"] is False


async def test_people_are_narrowed_by_topic_and_institution(filled: Works) -> None:
    assert await people(filled, topic="arxiv:math.ST") == ["Lei Wang"]
    assert await people(filled, institution="nowhere") == []
    answer = await filled.http.get("/search/people", params={"institution": "…"})
    assert answer.status_code == 422


async def test_a_cursor_of_another_list_is_refused(filled: Works) -> None:
    for path in ("/search/people", "/search/works"):
        assert (await filled.http.get(path, params={"cursor": "nonsense"})).status_code == 422
