"""Runs in the copy that test_adding_an_event makes: imports a work twice, and asks notify what it is called.

Kafka runs already, where KAFKA_BOOTSTRAP_SERVERS says.
"""

import asyncio
import os
from dataclasses import replace
from datetime import date

import httpx2

from deploy.embedded.stack import TemporaryStack
from shared.errors import Problem
from shared.http import ServiceClient
from tests.builders import AtomWork, atom_feed
from tests.waiting import until

FIRST = AtomWork("A draft", ("Ada Example",))
PATIENCE = 90.0
KAFKA = {name: os.environ[name] for name in ("KAFKA_BOOTSTRAP_SERVERS", "BZPEER_TOPIC_PREFIX")}
SECOND = replace(FIRST, title="The work", published=date(2020, 6, 17))


async def flow() -> None:
    """Returns when notify knows both titles; fails with what it says when that takes too long."""
    stack = TemporaryStack(kafka=False, services=("works", "notify"), env=KAFKA)
    async with stack, httpx2.AsyncClient() as http:
        key = stack.env["BZPEER_INTERNAL_KEY"]
        works, notify = (ServiceClient(stack.url(name), key, "bzpeer", http) for name in ("works", "notify"))
        for version in (FIRST, SECOND):
            files = {"file": ("feed.xml", atom_feed([version]), "application/atom+xml")}
            job = await works.send("POST", "/imports", files=files, params={"source": "arxiv"})

            async def status(id_: str = job["id"]) -> object:
                return (await works.get_json(f"/imports/{id_}"))["status"]

            await until(status, equals="done", seconds=PATIENCE)
        (author,) = (await works.get_json("/search/people"))["items"]
        (work,) = (await works.get_json(f"/authors/{author['id']}/works"))["items"]

        async def titles() -> object:
            try:
                return await notify.get_json(f"/works/{work['id']}/titles")
            except Problem as problem:
                return problem.detail

        await until(
            titles, equals={"work_id": work["id"], "title": "The work", "former": ["A draft"]}, seconds=PATIENCE
        )


if __name__ == "__main__":
    asyncio.run(flow())
    print("retitled")
