"""From real records to the researcher's page and a follower's notification."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx2
import pytest

from shared.mongo import Mongo
from tests.builders import AtomWork, atom_feed, today
from tests.e2e.conftest import DEMO
from tests.system import System, notifications
from tests.waiting import until

HANNAH = "/api/researchers/hannah-lawrence"


def feed(folder: Path, *works: AtomWork) -> Path:
    path = folder / "feed.xml"
    path.write_bytes(atom_feed(works))
    return path


async def unpublished_and_published(system: System) -> int:
    mongo = Mongo(system.stack.env["MONGODB_URI"], "bzpeer_works")
    try:
        return await mongo.collection("events").count_documents({})
    finally:
        mongo.close()


async def test_the_demo_records_make_the_page_of_the_seed(system: System) -> None:
    page = await system.get(HANNAH)
    assert page["name"] == "Hannah Lawrence"
    assert page["headline"] == "Hannah Lawrence contributes to research discovery and scholarly infrastructure."
    assert page["badges"] == ["researcher", "affiliation_not_imported", "open_to_collaborate"]
    assert page["trust"] == {
        "score": 13, "tier": "Unverified", "verification_level": "L1", "claim_status": "unclaimed", "model": "v1",
    }  # fmt: skip
    assert page["counts"] == {"works": 2, "followers": 0, "topics": 5, "close_collaborators": 4}
    assert page["viewer"] == {
        "following": False, "can_claim": True, "can_invite": False, "invite_blocked_by": "unclaimed",
    }  # fmt: skip
    assert [(work["kind"], work["year"], work["source"], work["title"]) for work in page["works"]["items"]] == [
        ("preprint", 2024, "arXiv", "On the hardness of learning under symmetries"),
        ("preprint", 2022, "arXiv", "Implicit Bias of Linear Equivariant Networks"),
    ]
    assert r"\emph{explicit}" in page["works"]["items"][1]["abstract"]
    assert "<em>explicit</em>" in page["works"]["items"][1]["abstract_html"]
    assert "<math" in page["works"]["items"][1]["abstract_html"]
    assert page["missing"] == []


async def test_the_close_collaborators_are_named(system: System) -> None:
    answer = await system.get(f"{HANNAH}/collaborators")
    names = {one["name"] for one in answer["items"]}
    assert names == {"Bobak T. Kiani", "Thien Le", "Stefanie Jegelka", "Melanie Weber"}


async def test_importing_the_same_file_again_changes_and_publishes_nothing(system: System) -> None:
    before = await unpublished_and_published(system)
    outcome = await asyncio.to_thread(system.import_feed, DEMO)
    assert outcome == {"new": 0, "merged": 0, "unchanged": 2, "refused": []}
    assert await unpublished_and_published(system) == before


async def test_following_twice_counts_once_and_unfollowing_takes_it_back(system: System, tmp_path: Path) -> None:
    await asyncio.to_thread(system.import_feed, feed(tmp_path, AtomWork("Of a followee", ["Followed Example"])))
    followee = "/api/researchers/followed-example"
    async with system.signed_in("twice@example.org") as reader:
        for _ in range(2):
            followed = await reader.put(f"{followee}/follow")
            assert followed.json() == {"following": True, "followers": 1}
        page = (await reader.get(followee)).json()
        assert page["counts"]["followers"] == 1
        assert page["viewer"]["following"] is True
        for _ in range(2):
            left = await reader.delete(f"{followee}/follow")
            assert left.json() == {"following": False, "followers": 0}


async def test_a_follower_hears_of_a_new_work_once_and_of_old_works_never(system: System, tmp_path: Path) -> None:
    author = "Ada Example"
    await asyncio.to_thread(system.import_feed, feed(tmp_path, AtomWork("A first work", [author, "Bo Example"])))
    async with system.signed_in("follower@example.org") as reader:
        for slug in ("ada-example", "bo-example"):
            assert (await reader.put(f"/api/researchers/{slug}/follow")).status_code == 200
        heard: list[dict[str, Any]] = []
        listening = asyncio.create_task(listen(reader, heard))
        new = AtomWork("A work of today", [author, "Bo Example"], published=today())
        old = [AtomWork(f"An old work, number {n}", [author]) for n in range(5)]
        outcome = await asyncio.to_thread(system.import_feed, feed(tmp_path, *old, new))
        assert outcome["new"] == 6
        await until(lambda: number(heard), equals=1)
        await asyncio.to_thread(system.import_feed, feed(tmp_path, *old, new))
        listening.cancel()
        assert [one["work"]["title"] for one in heard] == ["A work of today"]
        inbox = (await reader.get("/api/notifications")).json()
        assert [one["work"]["title"] for one in inbox["items"]] == ["A work of today"]


async def number(heard: list[dict[str, Any]]) -> int:
    return len(heard)


async def listen(reader: httpx2.AsyncClient, heard: list[dict[str, Any]]) -> None:
    async for event in notifications(reader):
        heard.append(event)


async def test_one_trace_runs_from_the_import_to_the_notification(system: System, tmp_path: Path) -> None:
    author = "Trace Example"
    await asyncio.to_thread(system.import_feed, feed(tmp_path, AtomWork("Before the trace", [author])))
    async with system.signed_in("tracer@example.org") as reader:
        assert (await reader.put("/api/researchers/trace-example/follow")).status_code == 200
        heard: list[dict[str, Any]] = []
        listening = asyncio.create_task(listen(reader, heard))
        new = AtomWork("A traced work", [author], published=today())
        await asyncio.to_thread(system.import_feed, feed(tmp_path, new))
        await until(lambda: number(heard), equals=1)
        listening.cancel()

    async def services_of_the_import() -> set[str]:
        return services_in_trace(spans(system.traces), "POST /imports")

    everyone = {"works", "profiles", "trust", "graph", "notify", "gateway"}
    await until(services_of_the_import, equals=everyone)


def spans(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def services_in_trace(found: Sequence[dict[str, Any]], root: str) -> set[str]:
    """The services that have a span in the newest trace that begins with this request."""
    roots = [span for span in found if span["name"] == root]
    trace = roots[-1]["context"]["trace_id"]
    return {span["resource"]["attributes"]["service.name"] for span in found if span["context"]["trace_id"] == trace}


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_every_service_shows_its_health(system: System, path: str) -> None:
    async with httpx2.AsyncClient() as client:
        for name in ("works", "profiles", "trust", "graph", "notify", "gateway"):
            answer = await client.get(system.stack.url(name) + path)
            assert answer.status_code == 200, name


async def test_a_service_answers_nobody_without_its_token(system: System) -> None:
    async with httpx2.AsyncClient() as client:
        for name in ("works", "profiles", "trust", "graph", "notify"):
            answer = await client.get(system.stack.url(name) + "/counts")
            assert answer.status_code == 401, name
            assert answer.headers["content-type"] == "application/problem+json"
