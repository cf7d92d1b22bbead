"""What the works service answers, and how it refuses."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from services.works.queries.paging import to_cursor
from services.works.store.catalogue import Catalogue
from services.works.usecases.claims import bind_claims
from shared.events.base import AccountId, AuthorId, ClaimId
from shared.events.claims import AuthorClaimed
from shared.messaging.envelope import Envelope
from tests.builders import AtomWork, atom_feed
from tests.components.works.conftest import Works


def works_by(name: str, number: int) -> list[AtomWork]:
    return [AtomWork(f"Work {n} of {name}", [name], date(2020, 1 + n % 3, 1)) for n in range(number)]


async def test_an_authors_works_page_by_date(works: Works) -> None:
    await works.import_feed(atom_feed(works_by("Ada Example", 7)))
    author = (await works.get("/authors/resolve/ada-example"))["id"]
    seen, cursor = [], None
    while True:
        params = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = await works.get(f"/authors/{author}/works", params=params)
        seen += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len({work["id"] for work in seen}) == 7
    dates = [work["published_on"] for work in seen]
    assert dates == sorted(dates, reverse=True)


async def test_people_are_found_by_the_beginnings_of_their_names(works: Works) -> None:
    await works.import_feed(
        atom_feed([*works_by("Hannah Lawrence", 2), *works_by("Hanna Lawson", 1), *works_by("Łukasz Żółw", 1)])
    )

    async def found(q: str, **more: object) -> list[str]:
        return [each["name"] for each in (await works.get("/search/people", params={"q": q, **more}))["items"]]

    assert await found("hann law") == ["Hannah Lawrence", "Hanna Lawson"]
    assert await found("LAWRENCE") == ["Hannah Lawrence"]
    assert await found("zol luk") == ["Łukasz Żółw"]
    assert await found("żółw") == ["Łukasz Żółw"]
    assert await found("nnah") == []
    assert await found("%%%") == []
    assert len(await found("")) == 3
    page = await works.get("/search/people", params={"q": "hann", "limit": 1})
    rest = await works.get("/search/people", params={"q": "hann", "limit": 1, "cursor": page["next_cursor"]})
    assert [each["slug"] for each in (*page["items"], *rest["items"])] == ["hannah-lawrence", "hanna-lawson"]
    assert rest["next_cursor"] is None


async def test_one_work_is_answered_whole(works: Works) -> None:
    await works.import_feed(
        atom_feed([AtomWork("On $L$ norms", ["Ada Example", "Bela Example"], arxiv_id="2401.00001")])
    )
    author = (await works.get("/authors/resolve/ada-example"))["id"]
    listed = (await works.get(f"/authors/{author}/works"))["items"][0]
    work = await works.get(f"/works/{listed['id']}")
    assert work == listed
    assert (work["title"], work["title_text"]) == ("On $L$ norms", "On L norms")
    assert work["source_url"] == "https://arxiv.org/abs/2401.00001"
    assert [(name["slug"], name["name"]) for name in work["byline"]] == [
        ("ada-example", "Ada Example"),
        ("bela-example", "Bela Example"),
    ]
    assert work["topics"] == [{"id": "arxiv:cs.LG", "label": "Machine Learning"}]


@pytest.mark.parametrize("path", ["/authors/none", "/authors/resolve/none", "/works/none", "/imports/none"])
async def test_what_is_not_there_is_not_found(works: Works, path: str) -> None:
    answer = await works.http.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["/search/people", "/search/works", "/works/x", "/counts", "/imports/x", "/authors/x/works"]
)
async def test_only_services_are_answered(works: Works, path: str) -> None:
    answer = await works.http.get(path, headers={"Authorization": "Bearer forged"})
    assert answer.status_code == 401


BEYOND_8_BYTES = to_cursor(10**30, "ada example")
HALF_A_CHARACTER = to_cursor(1, "\ud800")


@pytest.mark.parametrize(
    "cursor", ["x", "WzEsMl0", "e30", "é", "W10", "W1tb" * 10_000, BEYOND_8_BYTES, HALF_A_CHARACTER]
)
async def test_a_cursor_that_is_none_is_said_so(works: Works, cursor: str) -> None:
    answer = await works.http.get("/search/people", params={"cursor": cursor})
    assert answer.status_code == 422
    assert "begin again without one" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("feed", "status", "said"),
    [
        (b"<html/>", 422, "no Atom feed"),
        (b"", 422, "empty"),
        (b"<feed" + b" " * 1024 * 1024, 413, "1 MB at most"),
    ],
)
async def test_a_file_that_is_not_taken_says_why(works: Works, feed: bytes, status: int, said: str) -> None:
    answer = await works.http.post("/imports", files={"file": ("f.xml", feed)}, data={"source": "arxiv"})
    assert answer.status_code == status
    assert said in answer.json()["detail"]
    assert answer.json()["type"].startswith("/problems/")


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[1]", b"no", b'{"source":"arxiv","query":" "}', b'{"source":"x","query":"y"}']
)
async def test_a_query_that_is_none_says_why(works: Works, body: bytes) -> None:
    answer = await works.http.post("/imports", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["detail"]


async def test_a_form_without_its_parts_says_what_is_missing(works: Works) -> None:
    no_file = await works.http.post("/imports", files={"other": ("f", b"x")}, data={"source": "arxiv"})
    no_source = await works.http.post("/imports", files={"file": ("f", b"x")})
    unknown = await works.http.post("/imports", files={"file": ("f", b"x")}, data={"source": "floppy"})
    assert [answer.status_code for answer in (no_file, no_source, unknown)] == [422, 422, 422]
    assert "no file" in no_file.json()["detail"]
    assert "source=arxiv" in no_source.json()["detail"]
    assert "floppy" in unknown.json()["detail"]


async def test_an_upload_without_a_length_is_bounded_too(works: Works) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
        for _ in range(40):
            yield b" " * 64 * 1024

    answer = await works.http.post(
        "/imports", content=endless(), headers={"Content-Type": "multipart/form-data; boundary=b"}
    )
    assert answer.status_code == 413


async def test_a_claim_binds_and_imports_do_not_undo_it(works: Works) -> None:
    await works.import_feed(atom_feed(works_by("Ada Example", 1)))
    author = AuthorId((await works.get("/authors/resolve/ada-example"))["id"])
    catalogue = Catalogue(works.parts.mongo)

    def claimed(account: str, sequence: int) -> Envelope:
        now = datetime(2026, 1, 1, tzinfo=UTC)
        event = AuthorClaimed(
            claim_id=ClaimId("c"), author_id=author, account_id=AccountId(account), evidence=(), counts_from=now
        )
        return Envelope("e", "/bzpeer/profiles", author, sequence, now, event)

    await bind_claims(catalogue, [claimed("second", 4), claimed("first", 2), claimed("second", 4)])
    await works.import_feed(atom_feed(works_by("Ada Example", 1)))
    document = await catalogue.authors.find_one({"_id": author})
    assert document is not None
    assert (document["claim"]["account_id"], document["works"]) == ("second", 2)
