"""Corrections by reviewers: merge, split, rename, tell apart, and undo each; over the API and into the database."""

from datetime import date
from typing import Any

from shared.auth import Principal, internal_token
from tests.builders import AtomWork, atom_feed
from tests.components.works.conftest import KEY, Works

ADA = [
    AtomWork(title="Examples of the first kind", authors=["Ada Example", "Bela Example"], arxiv_id="2401.00001"),
    AtomWork(title="Examples of the second kind", authors=["Ada Example", "Bela Example"], arxiv_id="2401.00002"),
]
OTHER = AtomWork(title="Counterexamples everywhere", authors=["A. B. Exemplar", "Cleo Else"], arxiv_id="2401.00003")


async def correct(works: Works, body: dict[str, Any] | None = None, **more: Any) -> Any:
    """POST a correction as a reviewer."""
    token = internal_token(KEY, Principal(caller="tests", account_id="rev", reviewer=True))
    path = more.pop("path", "/corrections")
    answer = await works.http.post(
        path, json=body, headers={"Authorization": f"Bearer {token}"}, params=more.pop("params", None)
    )
    assert answer.status_code == more.pop("status", 200), answer.text
    return answer.json()


async def undo(works: Works, correction: Any, **more: Any) -> Any:
    return await correct(works, path=f"/corrections/{correction['correction']['id']}/undo", **more)


async def given(works: Works) -> tuple[str, str]:
    """Two records; answers the ids of Ada Example and A. B. Exemplar."""
    await works.import_feed(atom_feed([*ADA, OTHER]))
    ids = [(await works.get(f"/authors/resolve/{slug}"))["id"] for slug in ("ada-example", "a-b-exemplar")]
    return ids[0], ids[1]


async def titles(works: Works, author: str) -> list[str]:
    return sorted(work["title"] for work in (await works.get(f"/authors/{author}/works"))["items"])


async def kinds_since(works: Works, count: int, subject: str) -> list[str]:
    return [event["type"] for event in (await works.events())[count:] if event["subject"] == subject]


async def test_a_merge_moves_all_works_and_the_old_id_and_slug_lead_on(works: Works) -> None:
    ada, other = await given(works)
    before = len(await works.events())
    await correct(works, {"kind": "merge", "author": other, "into": ada})
    assert await titles(works, ada) == [
        "Counterexamples everywhere",
        "Examples of the first kind",
        "Examples of the second kind",
    ]
    for old in (other, "a-b-exemplar"):
        assert (await works.get(f"/authors/resolve/{old}"))["id"] == ada
    assert await kinds_since(works, before, other) == ["AuthorUncredited", "AuthorsMerged"]
    assert await kinds_since(works, before, ada) == ["AuthorCredited"]
    cleo = (await works.get("/authors/resolve/cleo-else"))["id"]
    assert await kinds_since(works, before, cleo) == ["AuthorCredited"]


async def test_a_merge_undone_leaves_everything_as_it_was(works: Works) -> None:
    ada, other = await given(works)
    done = await correct(works, {"kind": "merge", "author": other, "into": ada})
    before = len(await works.events())
    await undo(works, done)
    assert await titles(works, ada) == ["Examples of the first kind", "Examples of the second kind"]
    assert await titles(works, other) == ["Counterexamples everywhere"]
    assert (await works.get("/authors/resolve/a-b-exemplar"))["id"] == other
    assert await kinds_since(works, before, other) == ["AuthorIdentified", "AuthorCredited"]
    assert await kinds_since(works, before, ada) == ["AuthorUncredited", "AuthorSplit"]
    await undo(works, done, status=409)
    await correct(works, {"kind": "merge", "author": other, "into": ada})
    assert len(await titles(works, ada)) == 3


async def test_a_preview_changes_nothing(works: Works) -> None:
    ada, other = await given(works)
    events = await works.events()
    shown = await correct(works, {"kind": "merge", "author": other, "into": ada}, params={"preview": True})
    assert (shown["works"], shown["authors"]) == (
        ["Counterexamples everywhere"],
        sorted(shown["authors"], key=shown["authors"].index),
    )
    assert {"Ada Example", "A. B. Exemplar", "Cleo Else"} <= set(shown["authors"])
    assert await works.events() == events
    assert (await works.get(f"/authors/resolve/{other}"))["id"] == other


async def test_a_split_makes_a_record_that_new_versions_keep(works: Works) -> None:
    ada, _ = await given(works)
    work = next(w for w in (await works.get(f"/authors/{ada}/works"))["items"] if "second" in w["title"])
    done = await correct(works, {"kind": "split", "author": ada, "works": [work["id"]]})
    part = done["correction"]["other"]
    assert await titles(works, part) == ["Examples of the second kind"]
    later = date(2021, 1, 1)
    newer = AtomWork(
        title="Examples of the second sort", authors=ADA[1].authors, arxiv_id="2401.00002", published=later
    )
    await works.import_feed(atom_feed([newer]))
    assert await titles(works, part) == ["Examples of the second sort"]
    assert await titles(works, ada) == ["Examples of the first kind"]
    await correct(works, {"kind": "merge", "author": part, "into": ada}, status=409)
    await undo(works, done)
    assert len(await titles(works, ada)) == 2
    assert (await works.get(f"/authors/resolve/{part}"))["id"] == ada


async def test_a_rename_is_told_to_coauthors_and_the_old_slug_leads_on(works: Works) -> None:
    ada, _ = await given(works)
    before = len(await works.events())
    done = await correct(works, {"kind": "rename", "author": ada, "name": " Ada  Lovelace "})
    assert (await works.get("/authors/resolve/ada-example"))["slug"] == "ada-lovelace"
    bela = (await works.get("/authors/resolve/bela-example"))["id"]
    assert await kinds_since(works, before, bela) == ["AuthorCredited"] * 2
    await undo(works, done)
    assert (await works.get("/authors/resolve/ada-lovelace"))["name"] == "Ada Example"
    await works.import_feed(atom_feed([AtomWork(title="More examples", authors=["Ada Example"], arxiv_id="2401.9")]))


async def test_who_was_told_apart_is_never_merged_until_that_is_undone(works: Works) -> None:
    ada, other = await given(works)
    done = await correct(works, {"kind": "apart", "author": ada, "other": other})
    await correct(works, {"kind": "merge", "author": other, "into": ada}, status=409)
    await undo(works, done)
    await correct(works, {"kind": "merge", "author": other, "into": ada})


async def test_two_on_one_byline_are_never_one(works: Works) -> None:
    ada, _ = await given(works)
    bela = (await works.get("/authors/resolve/bela-example"))["id"]
    said = await correct(works, {"kind": "merge", "author": bela, "into": ada}, status=409)
    assert "byline" in said["detail"]


async def test_only_reviewers_correct(works: Works) -> None:
    ada, other = await given(works)
    answer = await works.http.post("/corrections", json={"kind": "merge", "author": other, "into": ada})
    assert answer.status_code == 403


async def test_what_makes_no_sense_is_refused_in_words_and_changes_nothing(works: Works) -> None:
    ada, other = await given(works)
    events = await works.events()
    for status, body in (
        (422, {"kind": "merge", "author": ada, "into": ada}),
        (404, {"kind": "merge", "author": "nobody", "into": ada}),
        (422, {"kind": "split", "author": ada, "works": ["no-work"]}),
        (422, {"kind": "rename", "author": ada, "name": " … "}),
        (422, {"kind": "dance", "author": ada}),
    ):
        assert (await correct(works, body, status=status))["detail"]
    whole = [work["id"] for work in (await works.get(f"/authors/{other}/works"))["items"]]
    await correct(works, {"kind": "split", "author": other, "works": whole}, status=422)
    assert await works.events() == events


async def test_works_taken_for_two_are_merged_and_parted_again(works: Works) -> None:
    ada, _ = await given(works)
    first, second = (await works.get(f"/authors/{ada}/works"))["items"]
    done = await correct(works, {"kind": "merge_works", "work": second["id"], "into": first["id"]})
    merged = await works.get(f"/works/{second['id']}")
    assert (merged["id"], len(merged["sources"])) == (first["id"], 2)
    assert len(await titles(works, ada)) == 1
    await undo(works, done)
    assert (await works.get(f"/works/{second['id']}"))["id"] == second["id"]
    assert len(await titles(works, ada)) == 2
    again = await works.import_feed(atom_feed([*ADA, OTHER]))
    assert (again["unchanged"], again["new"]) == (3, 0)


async def test_sequences_have_no_holes_after_all_of_it(works: Works) -> None:
    ada, other = await given(works)
    merged = await correct(works, {"kind": "merge", "author": other, "into": ada})
    await undo(works, merged)
    await correct(works, {"kind": "rename", "author": ada, "name": "Ada Lovelace"})
    by_subject: dict[str, list[int]] = {}
    for event in await works.events():
        by_subject.setdefault(event["subject"], []).append(event["sequence"])
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in by_subject.values())
    for name in ("works", "authors"):
        async for document in works.parts.mongo.collection(name).find({}):
            assert document["sequence"] == len(by_subject[document["_id"]])
