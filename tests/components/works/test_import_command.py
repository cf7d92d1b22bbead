"""`bzpeer import arxiv` against a works service that may restart meanwhile."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from deploy.embedded.ports import free_ports
from services.works.main import WORKS, runner
from shared.service import make_app, make_parts
from tests.builders import atom_feed, many_works
from tests.components.works.conftest import KEY, Works
from tests.waiting import until

ROOT = Path(__file__).parents[3]
COMMAND = "from bzpeer.importing import app; app()"


@asynccontextmanager
async def serving(works: Works, port: int) -> AsyncIterator[None]:
    """The service on a port, with its job runner, as one process runs it."""
    parts = make_parts(WORKS, works.parts.settings)
    app: FastAPI = make_app(WORKS, parts, ("api",))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, timeout_graceful_shutdown=1))
    tasks = [asyncio.create_task(server.serve()), asyncio.create_task(runner(parts).run())]
    try:
        yield
    finally:
        server.should_exit = True
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def start(port: int, *arguments: str) -> asyncio.subprocess.Process:
    """The command, in a process of its own."""
    env = {**os.environ, "BZPEER_WORKS_URL": f"http://127.0.0.1:{port}", "BZPEER_INTERNAL_KEY": KEY, "COLUMNS": "400"}
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", COMMAND, "import", "arxiv", *arguments, cwd=ROOT, env=env, stdout=pipe, stderr=pipe
    )


async def ended(process: asyncio.subprocess.Process) -> tuple[int | None, str, str]:
    """Exit code, output and errors of the command."""
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, out.decode(), err.decode()


async def test_the_last_line_is_the_outcome(works: Works, tmp_path: Path) -> None:
    feed, (port,) = tmp_path / "feed.xml", free_ports(1)
    bad = b"<entry><id>urn:x</id></entry></feed>"
    feed.write_bytes(atom_feed(many_works(20)).replace(b"</feed>", bad))
    async with serving(works, port):
        code, out, err = await ended(await start(port, str(feed), "--json"))
        assert code == 0, err
        assert json.loads(out.splitlines()[-1]) == {
            "new": 20, "merged": 0, "unchanged": 0,
            "refused": [{"record": "urn:x", "reason": "its id is no arXiv identifier"}],
        }  # fmt: skip
        code, out, _ = await ended(await start(port, str(feed)))
        assert code == 0
        assert out.splitlines() == [
            "0 new, 0 merged, 20 unchanged, 1 refused",
            "  refused urn:x: its id is no arXiv identifier",
        ]


async def test_a_restart_of_the_service_is_waited_out(works: Works, tmp_path: Path) -> None:
    feed, (port,) = tmp_path / "feed.xml", free_ports(1)
    feed.write_bytes(atom_feed(many_works(400)))
    process = await start(port, str(feed), "--json")

    async def any_work() -> bool:
        return bool(await works.parts.mongo.collection("works").find_one({}))

    async with serving(works, port):
        await until(any_work, equals=True)
    async with serving(works, port):
        code, out, err = await ended(process)
    assert code == 0, err
    assert json.loads(out.splitlines()[-1]) == {"new": 400, "merged": 0, "unchanged": 0, "refused": []}
    assert (await works.get("/counts"))["works"] == 400


async def test_what_cannot_be_imported_is_said_with_an_exit_code(works: Works, tmp_path: Path) -> None:
    broken, (port,) = tmp_path / "broken.xml", free_ports(1)
    broken.write_text("<html/>")
    async with serving(works, port):
        code, out, err = await ended(await start(port, str(broken), "--json"))
        assert (code, out) == (1, "")
        assert "no Atom feed" in err
        assert "Traceback" not in err
    code, _, err = await ended(await start(port, str(tmp_path / "missing.xml")))
    assert code == 2
    assert "missing.xml" in err
    code, _, err = await ended(await start(port, str(tmp_path)))
    assert code == 2
