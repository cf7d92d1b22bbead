"""Import jobs survive what happens to processes: exactly one outcome for each record."""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import Mock

import pytest

from services.works.importers.arxiv import parse_arxiv
from services.works.main import runner
from services.works.store.jobs import Item, Job, Jobs, Lease, LeaseLost
from services.works.store.turns import Turns
from shared.clock import utc_now
from shared.mongo import Document, Mongo, Session
from tests.builders import atom_feed, many_works
from tests.components.works.conftest import KEY, Works
from tests.waiting import until

ROOT = Path(__file__).parents[3]
RUN = """
import asyncio
from services.works.main import WORKS, runner
from services.works.settings import WorksSettings
from shared.service import make_parts

asyncio.run(runner(make_parts(WORKS, WorksSettings())).run())
"""


async def test_a_job_is_continued_where_it_failed(works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    job = await works.submit(atom_feed(many_works(450)))
    import_chunk, calls = works.runner.import_chunk, 0

    async def failing(lease: Lease, items: Sequence[Item]) -> int:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise OSError("the disk is gone")
        return await import_chunk(lease, items)

    monkeypatch.setattr(works.runner, "import_chunk", failing)
    await works.run()
    assert (await works.get(f"/imports/{job}"))["new"] == 200

    async def done() -> str:
        await works.run()
        return str((await works.get(f"/imports/{job}"))["status"])

    await until(done, equals="done")
    assert (await works.get(f"/imports/{job}"))["new"] == 450
    assert (await works.get("/counts"))["works"] == 450


async def test_what_always_fails_is_given_up_with_its_reason(works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    job = await works.submit(atom_feed(many_works(1)))

    async def failing(lease: Lease, items: Sequence[Item]) -> int:
        raise OSError("the disk is gone")

    async def at_once(lease: Lease, *, wait: float = 0.0) -> None:
        await Jobs.release(works.runner.jobs, lease)

    monkeypatch.setattr(works.runner, "import_chunk", failing)
    monkeypatch.setattr(works.runner.jobs, "release", at_once)
    await works.run()
    state = await works.get(f"/imports/{job}")
    assert state["status"] == "failed"
    assert "the disk is gone" in state["error"]


async def test_a_process_that_lost_its_lease_writes_nothing(works: Works) -> None:
    await works.submit(atom_feed(many_works(5)))
    jobs = works.runner.jobs
    acquired = await jobs.acquire("one", "first process")
    assert acquired is not None
    assert await jobs.acquire("another", "other process") is None
    assert await jobs.acquire("one", "second process") is not None
    job, stale = acquired
    with pytest.raises(LeaseLost):
        await works.runner.import_chunk(stale, await jobs.waiting(job.id, 10))
    assert await works.events() == []
    assert (await works.get("/counts"))["works"] == 0


async def test_two_runners_share_the_jobs(works: Works) -> None:
    feeds = [atom_feed(many_works(40, name=f"Person{n}")) for n in range(4)]
    ids = [await works.submit(feed) for feed in [*feeds, feeds[0]]]
    other = runner(works.parts)

    async def drain(one: object) -> None:
        while await one.run_one():  # type: ignore[attr-defined]
            pass

    await asyncio.gather(drain(works.runner), drain(other))
    states = [await works.get(f"/imports/{job}") for job in ids]
    assert {state["status"] for state in states} == {"done"}
    assert sum(state["new"] for state in states) == 160
    assert sum(state["unchanged"] for state in states) == 40


async def test_a_killed_process_loses_and_doubles_nothing(works: Works, mongo_uri: str) -> None:
    job = await works.submit(atom_feed(many_works(600)))
    env = {
        **os.environ,
        "MONGODB_URI": mongo_uri,
        "BZPEER_DATABASE_PREFIX": works.parts.settings.database_prefix,
        "BZPEER_INTERNAL_KEY": KEY,
        "BZPEER_INSTANCE": "one",
    }

    async def some() -> bool:
        return bool(0 < (await works.get(f"/imports/{job}"))["new"] < 600)

    async def done() -> str:
        return str((await works.get(f"/imports/{job}"))["status"])

    for ask, expected in ((some, True), (done, "done")):
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", RUN, cwd=ROOT, env=env)
        try:
            await until(ask, equals=expected, seconds=60)
        finally:
            process.kill()
            await process.wait()
    state = await works.get(f"/imports/{job}")
    assert (state["new"], state["merged"], state["unchanged"], state["pending"]) == (600, 0, 0, 0)
    imported = [event["subject"] for event in await works.events() if event["type"] == "WorkImported"]
    assert len(imported) == len(set(imported)) == 600


async def test_sending_with_the_same_key_makes_one_job(works: Works) -> None:
    feed, headers = atom_feed(many_works(3)), {"Idempotency-Key": "0123456789abcdef"}
    assert await works.submit(feed, headers=headers) == await works.submit(feed, headers=headers)
    await works.run()
    assert (await works.get("/imports/0123456789abcdef"))["total"] == 3


async def test_a_job_that_is_sent_again_while_it_is_being_written_is_queued_only_when_all_of_it_stands(
    works: Works,
) -> None:
    entries = list(parse_arxiv(atom_feed(many_works(3))))
    job = Job(id="0123456789abcdef", source="arxiv", status="queued")
    first, again = Jobs(works.parts.mongo, utc_now), Jobs(works.parts.mongo, utc_now)
    first_has_written, again_has_cleared, first_has_ended = asyncio.Event(), asyncio.Event(), asyncio.Event()
    insert = first.items.insert_many

    async def insert_first(documents: list[Document]) -> None:
        await insert(documents)
        first_has_written.set()
        await again_has_cleared.wait()

    async def insert_again(documents: list[Document]) -> None:
        again_has_cleared.set()
        await first_has_ended.wait()
        await insert(documents)

    first.items, again.items = Mock(insert_many=insert_first), Mock(wraps=again.items, insert_many=insert_again)
    writing = asyncio.create_task(first.create(job, entries))
    await first_has_written.wait()
    writing_again = asyncio.create_task(again.create(job, entries))
    await writing
    assert await works.runner.jobs.acquire("one", "token") is None
    first_has_ended.set()
    await writing_again
    await works.run()
    assert (await works.get(f"/imports/{job.id}"))["new"] == 3


async def test_one_asks_at_a_time_and_pauses_bind_all(mongo: Mongo) -> None:
    turns = Turns(mongo, utc_now)
    assert await turns.take("arxiv", "a") == 0.0
    assert await turns.take("arxiv", "b") > 0
    await turns.give_back("arxiv", "b", pause=0)
    assert await turns.take("arxiv", "b") > 0
    await turns.give_back("arxiv", "a", pause=3)
    assert 2 < await turns.take("arxiv", "b") <= 3
    results = await asyncio.gather(*(turns.take("other", str(n)) for n in range(10)))
    assert results.count(0.0) == 1


async def test_outcomes_are_part_of_the_transaction(works: Works) -> None:
    await works.submit(atom_feed(many_works(5)))
    jobs = works.runner.jobs
    acquired = await jobs.acquire("one", "token")
    assert acquired is not None
    job, lease = acquired
    items = await jobs.waiting(job.id, 10)
    await works.runner.import_chunk(lease, items)

    async def twice(session: Session) -> None:
        await jobs.record_outcomes(lease, {item.id: "new" for item in items}, 0, session)

    with pytest.raises(LeaseLost):
        await works.parts.mongo.transaction(twice)
    assert (await works.get(f"/imports/{job.id}"))["new"] == 5
