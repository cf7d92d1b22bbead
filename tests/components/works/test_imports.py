"""Importing files, over the API and into the database."""

from datetime import date
from pathlib import Path

from shared.messaging.eventlog import from_document
from tests.builders import AtomWork, atom_feed, many_works, today
from tests.components.works.conftest import Works

DEMO = Path(__file__).parents[3] / "services/works/demo/hannah-lawrence.xml"


async def test_the_demo_gives_the_page_of_the_seed(works: Works) -> None:
    state = await works.import_feed(DEMO.read_bytes())
    assert (state["total"], state["new"], state["pending"], state["refused"]) == (2, 2, 0, [])
    author = await works.get("/authors/resolve/hannah-lawrence")
    facts = await works.get(f"/authors/{author['id']}")
    assert facts["counts"] == {"works": 2, "topics": 5}
    listed = await works.get(f"/authors/{author['id']}/works")
    assert [(w["title"], w["year"], w["source"], w["kind"]) for w in listed["items"]] == [
        ("On the hardness of learning under symmetries", 2024, "arXiv", "preprint"),
        ("Implicit Bias of Linear Equivariant Networks", 2022, "arXiv", "preprint"),
    ]
    assert "<em>implicit</em>" in listed["items"][1]["abstract_html"]
    assert r"\emph{implicit}" in listed["items"][1]["abstract"]
    last = [d for d in await works.events() if d["subject"] == author["id"]][-1]
    assert from_document(last).event.model_dump()["kappa"] == 0.9


async def test_state_and_events_agree_and_sequences_have_no_holes(works: Works) -> None:
    await works.import_feed(atom_feed(many_works(60, people=30)))
    by_subject: dict[str, list[int]] = {}
    for event in await works.events():
        by_subject.setdefault(event["subject"], []).append(event["sequence"])
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in by_subject.values())
    for name in ("works", "authors"):
        async for document in works.parts.mongo.collection(name).find({}):
            assert document["sequence"] == len(by_subject[document["_id"]])
    counts = await works.get("/counts")
    credited = sum(event["type"] == "AuthorCredited" for event in await works.events())
    assert counts == {"works": 60, "authors": 30, "credits": credited}


async def test_importing_again_publishes_nothing(works: Works) -> None:
    feed = atom_feed(many_works(30))
    await works.import_feed(feed)
    before = await works.events()
    again = await works.import_feed(feed)
    assert (again["new"], again["merged"], again["unchanged"]) == (0, 0, 30)
    assert await works.events() == before


async def test_all_real_feeds_import_once(works: Works, data_dir: Path) -> None:
    feeds = [path.read_bytes() for path in sorted((data_dir / "arxiv-api").glob("*.xml"))]
    first = [await works.import_feed(feed) for feed in feeds]
    assert sum(state["total"] for state in first) == 126
    assert [each for state in first for each in state["refused"]] == [
        {"record": "incorrect_id_format_for_abc", "reason": "arXiv answered: incorrect id format for abc"}
    ]
    events = await works.events()
    again = [await works.import_feed(feed) for feed in feeds]
    assert sum(state["unchanged"] for state in again) == 125
    assert await works.events() == events


async def test_the_same_work_twice_in_one_file_is_one_work(works: Works) -> None:
    first = AtomWork(title="First wording", authors=["Ada Example"], arxiv_id="2401.00001")
    second = AtomWork(title="Second wording", authors=["Ada Example"], arxiv_id="2401.00001")
    state = await works.import_feed(atom_feed([first, second, second]))
    assert (state["new"], state["merged"], state["unchanged"]) == (1, 1, 1)
    assert (await works.get("/counts"))["works"] == 1


async def test_works_of_this_month_are_new(works: Works) -> None:
    await works.import_feed(
        atom_feed(
            [
                AtomWork(title="New", authors=["Ada Example"], published=today()),
                AtomWork(title="Old", authors=["Ada Example"], published=date(2001, 1, 1)),
            ]
        )
    )
    imported = [from_document(d).event.model_dump() for d in await works.events() if d["type"] == "WorkImported"]
    assert {event["title"]: event["is_new"] for event in imported} == {"New": True, "Old": False}


async def test_a_changed_byline_changes_the_authors(works: Works) -> None:
    await works.import_feed(atom_feed([AtomWork("A work", ["Ada Example", "Bela Example"], arxiv_id="2401.00001")]))
    later = AtomWork("A work", ["Ada Example"], arxiv_id="2401.00001", published=date(2020, 6, 1))
    await works.import_feed(atom_feed([later]))
    left = await works.get("/authors/resolve/bela-example")
    assert (await works.get(f"/authors/{left['id']}"))["counts"] == {"works": 0, "topics": 0}
    assert (await works.get(f"/authors/{left['id']}/works"))["items"] == []
    assert (await works.events())[-1]["type"] == "AuthorUncredited"
    assert (await works.get("/counts"))["credits"] == 1


async def test_a_name_that_ends_in_a_number_does_not_take_a_namesakes_address(works: Works) -> None:
    await works.import_feed(atom_feed([AtomWork("One", ["Wei Zhang 2"])]))
    namesakes = atom_feed([AtomWork("Two", ["Wei Zhang", "Wei Placeholder"])]).replace(b"Placeholder", b"Zhang")
    await works.import_feed(namesakes)
    slugs = [author["slug"] async for author in works.parts.mongo.collection("authors").find({})]
    assert sorted(slugs) == ["wei-zhang", "wei-zhang-2", "wei-zhang-3"]
