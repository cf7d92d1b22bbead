"""A service that is asked to end does so in time, whatever has become of the servers that it needs."""

import asyncio
import os
import signal
from collections.abc import Iterator

import httpx2
import pytest

from deploy.embedded.stack import TemporaryStack
from shared.http import ServiceClient
from tests.builders import atom_feed, many_works
from tests.servers import SECANTUS, has_server
from tests.waiting import until

MOST_SECONDS = 10


@pytest.fixture(scope="module")
def stack() -> Iterator[TemporaryStack]:
    """The service that does most: it serves, imports, publishes and listens."""
    kind = next(kind for kind in reversed(SECANTUS) if has_server(kind))
    with TemporaryStack(mongo=kind, services=("works",)) as running:
        yield running


async def submit(stack: TemporaryStack, name: str) -> None:
    """Give the service enough to do for a while."""
    feed = ("feed.xml", atom_feed(many_works(2_000, name=name)), "application/atom+xml")
    async with httpx2.AsyncClient() as http:
        works = ServiceClient(stack.url("works"), stack.env["BZPEER_INTERNAL_KEY"], "tests", http)
        await works.send("POST", "/imports", files={"file": feed}, params={"source": "arxiv"}, seconds=60)

        async def begun() -> bool:
            return bool((await works.get_json("/counts"))["works"] % 2_000)

        await until(begun, equals=True)


@pytest.mark.parametrize("server", ["mongodb", "kafka"])
async def test_a_service_at_work_ends_in_time_when_a_server_does_not_answer(stack: TemporaryStack, server: str) -> None:
    await submit(stack, server.title())
    frozen = stack.pid(server)
    assert frozen is not None
    os.kill(frozen, signal.SIGSTOP)
    try:
        assert await asyncio.to_thread(stack.stop, "works", MOST_SECONDS)
    finally:
        os.kill(frozen, signal.SIGCONT)
    await asyncio.to_thread(stack.start, "works")
