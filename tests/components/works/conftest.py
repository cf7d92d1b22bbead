"""The works service with a real database and without Kafka."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr

from services.works.main import WORKS, prepare, runner
from services.works.runner import Runner
from services.works.settings import WorksSettings
from shared.auth import Principal, internal_token
from shared.mongo import Mongo
from shared.service import Parts, make_app, make_parts

KEY = "k" * 32


class Works:
    """The service: its parts, its API, and a runner of import jobs that goes when it is told to."""

    def __init__(self, parts: Parts[WorksSettings], http: httpx2.AsyncClient) -> None:
        self.parts = parts
        self.http = http
        self.runner: Runner = runner(parts)

    async def get(self, path: str, **options: Any) -> Any:
        """GET, answered with 200."""
        answer = await self.http.get(path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def submit(self, feed: bytes, **options: Any) -> str:
        """POST a file; answers the job's id."""
        answer = await self.http.post("/imports", files={"file": ("f.xml", feed)}, data={"source": "arxiv"}, **options)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    async def run(self) -> None:
        """Let the runner work until there is nothing to do."""
        while await self.runner.run_one():
            pass

    async def import_feed(self, feed: bytes) -> dict[str, Any]:
        """Import a file and answer the job's last state."""
        job = await self.submit(feed)
        await self.run()
        state: dict[str, Any] = await self.get(f"/imports/{job}")
        assert state["status"] == "done", state
        return state

    async def events(self) -> list[dict[str, Any]]:
        """The log, in the order in which it was written."""
        return await self.parts.mongo.collection("events").find({}).sort("_id", 1).to_list(None)


def settings_for(mongo: Mongo, mongo_uri: str, **more: Any) -> WorksSettings:
    """Settings of a works service on the test's database."""
    prefix = mongo.database.name + "_"
    return WorksSettings(mongodb_uri=mongo_uri, database_prefix=prefix, internal_key=SecretStr(KEY), **more)


@pytest.fixture
async def parts(mongo: Mongo, mongo_uri: str) -> AsyncIterator[Parts[WorksSettings]]:
    made = make_parts(WORKS, settings_for(mongo, mongo_uri, upload_bytes=1024 * 1024))
    await made.log.prepare()
    await prepare(made)
    yield made
    await made.mongo.database.client.drop_database(made.mongo.database.name)
    await made.http.aclose()
    made.mongo.close()


@pytest.fixture
async def works(parts: Parts[WorksSettings]) -> AsyncIterator[Works]:
    token = internal_token(KEY, Principal(caller="tests"))
    transport = httpx2.ASGITransport(make_app(WORKS, parts))
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://works", headers=headers) as http:
        yield Works(parts, http)
