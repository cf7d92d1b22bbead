"""Kill any part with -9 while works are imported: afterwards every view has every work, counted exactly."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from deploy.embedded.services import SERVICES
from deploy.embedded.stack import TemporaryStack
from shared.mongo import Mongo
from tests.builders import AtomWork, atom_feed, many_works, today
from tests.servers import has_server
from tests.system import PATIENT, System, import_outcome
from tests.waiting import until

WORKS = 500
NEW_EVERY = 25
VICTIMS = ("works", "profiles", "trust", "graph", "notify", "gateway", "kafka", "mongodb")
VIEWS = {"profiles": "profiles.people.v1", "trust": "trust.records.v1", "graph": "graph.people.v1"}


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The whole system on the faster server."""
    if not has_server("secantusd-rs"):
        pytest.skip("secantusd-rs is not on this machine; `make fast-mongo` builds it")
    traces = tmp_path_factory.mktemp("traces") / "spans.jsonl"
    with TemporaryStack(mongo="secantusd-rs", services=SERVICES, mailbox=True, env=PATIENT) as stack:
        yield System(stack, traces)


def works_by(victim: str) -> list[AtomWork]:
    """500 works by people of their own; every 25th is dated today."""
    made = many_works(WORKS, name=victim.title())
    return [
        AtomWork(work.title, work.authors, today(), work.categories, work.arxiv_id) if n % NEW_EVERY == 0 else work
        for n, work in enumerate(made)
    ]


async def documents(system: System, service: str, collection: str) -> list[dict[str, Any]]:
    """What a service holds, read past its door."""
    mongo = Mongo(system.stack.env["MONGODB_URI"], f"bzpeer_{service}")
    try:
        return await mongo.collection(collection).find({}).to_list(None)
    finally:
        mongo.close()


async def told_of_each_author(system: System) -> dict[str, int]:
    """How many events of each author record the works service has written."""
    events = await documents(system, "works", "events")
    assert not any(event.get("unpublished") for event in events)
    return dict(Counter(event["subject"] for event in events if event["topic"] == "authors.v1"))


async def seen_of_each_author(system: System, service: str) -> dict[str, int]:
    """Up to which event of each author record the service's view has come; nothing is kept aside."""
    found = await documents(system, service, VIEWS[service])
    assert not any(document["aside"] for document in found)
    seen = {document["_id"]: dict(document["seen"]).get("authors.v1", 0) for document in found}
    return {author: sequence for author, sequence in seen.items() if sequence}


async def credits_by_bylines(system: System) -> set[tuple[str, str]]:
    """Author and work, as the events of works say it."""
    events = await documents(system, "works", "events")
    credited = [event for event in events if event["type"] == "AuthorCredited"]
    return {(event["subject"], json.loads(event["data"])["work_id"]) for event in credited}


async def credits_in_view(system: System, service: str) -> set[tuple[str, str]]:
    """Author and work, as the view has them."""
    found = await documents(system, service, VIEWS[service])
    return {(document["_id"], work) for document in found if document["data"] for work in document["data"]["credits"]}


async def titles_in_inbox(client: httpx2.AsyncClient) -> list[str]:
    """Every notification that the reader has, by the title of its work."""
    titles: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": "100", **({"cursor": cursor} if cursor else {})}
        page = (await client.get("/api/notifications", params=params)).json()
        titles += [item["work"]["title"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return titles


async def slug_of(system: System, name: str) -> str:
    found = await system.get("/api/researchers", params={"q": name})
    return str(next(one["slug"] for one in found["items"] if one["name"] == name))


async def works_known(system: System) -> int:
    return len(await documents(system, "works", "works"))


@pytest.mark.parametrize("victim", VICTIMS)
async def test_a_part_killed_during_an_import_loses_and_doubles_nothing(
    system: System, victim: str, tmp_path: Path
) -> None:
    works = works_by(victim)
    followed = works[0].authors[0]
    introduction = AtomWork(f"Before {victim} is killed", [followed])
    (tmp_path / "first.xml").write_bytes(atom_feed([introduction]))
    await asyncio.to_thread(system.import_feed, tmp_path / "first.xml")
    known = await works_known(system)

    async with system.signed_in(f"{victim}@example.org") as reader:
        slug = await slug_of(system, followed)
        assert (await reader.put(f"/api/researchers/{slug}/follow")).status_code == 200

        (tmp_path / "feed.xml").write_bytes(atom_feed(works))
        importing = system.start_import(tmp_path / "feed.xml")
        await until(lambda: enough(system, known + WORKS // 5), equals=True)
        await asyncio.to_thread(system.stack.kill, victim)
        await asyncio.to_thread(system.stack.start, victim)
        outcome = await asyncio.to_thread(import_outcome, importing)

        assert outcome == {"new": WORKS, "merged": 0, "unchanged": 0, "refused": []}
        assert await works_known(system) == known + WORKS
        told = await told_of_each_author(system)
        for service in VIEWS:
            assert await seen_of_each_author(system, service) == told, service
        credited = await credits_by_bylines(system)
        for service in ("trust", "graph"):
            assert await credits_in_view(system, service) == credited, service
        expected = sorted(work.title for n, work in enumerate(works) if n % NEW_EVERY == 0 and followed in work.authors)
        assert expected
        assert sorted(await titles_in_inbox(reader)) == expected


async def enough(system: System, number: int) -> bool:
    return await works_known(system) >= number
