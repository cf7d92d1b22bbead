"""The live stream: what was missed and what comes, each once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.gateway.gateway import Gateway
from services.gateway.main import make_app, make_consumers
from tests.components.gateway import streams
from tests.components.gateway.conftest import SIGNED_IN, Open, Start
from tests.components.gateway.services import ME, FakeServices
from tests.components.gateway.serving import serving
from tests.components.gateway.streams import Reader, created, stored


@asynccontextmanager
async def reading(gateway: Gateway, after: str | None = None) -> AsyncIterator[Reader]:
    app = make_app(gateway, make_consumers(gateway))
    async with serving(app) as url, streams.reading(url, after) as reader:
        yield reader


async def test_a_notification_is_pushed_to_its_account_alone(start: Start) -> None:
    gateway = start()
    async with reading(gateway) as reader:
        await gateway.hub.deliver([created("other", "account-2"), created("n1")])
        assert await reader.next() == "n1"


async def test_what_was_missed_comes_first_and_nothing_twice(start: Start, services: FakeServices) -> None:
    """While the missed ones are read, n3 comes live as well, and n4 after it was read."""
    gateway = start()
    services.notifications = [stored("n1"), stored("n2"), stored("n3")]

    async def meanwhile() -> None:
        await gateway.hub.deliver([created("n3"), created("n4")])

    services.before_replay = meanwhile
    async with reading(gateway, after="n1") as reader:
        await gateway.hub.deliver([created("n2"), created("n4"), created("n5")])
        assert [await reader.next() for _ in range(4)] == ["n2", "n3", "n4", "n5"]


async def test_a_long_absence_is_replayed_in_full(start: Start, services: FakeServices) -> None:
    services.notifications = [stored(f"n{number}") for number in range(250)]
    async with reading(start(), after="n0") as reader:
        assert [await reader.next() for _ in range(249)] == [f"n{number}" for number in range(1, 250)]


async def test_a_stream_lost_before_anything_came_resumes_where_it_began(start: Start, services: FakeServices) -> None:
    gateway = start()
    async with reading(gateway) as reader:
        resume = reader.last_id
    services.notifications = [stored("n1"), stored("n2")]
    async with reading(gateway, after=resume) as reader:
        assert [await reader.next(), await reader.next()] == ["n1", "n2"]


async def test_an_id_that_nobody_knows_resumes_with_what_comes(start: Start) -> None:
    gateway = start()
    async with reading(gateway, after="forgotten") as reader:
        await gateway.hub.deliver([created("n1")])
        assert await reader.next() == "n1"


async def test_a_stream_ends_to_be_resumed_when_notify_does_not_answer(start: Start, services: FakeServices) -> None:
    services.failing.add("notify")
    async with reading(start(), after="n1") as reader:
        assert await reader.next() is None


async def test_a_reader_too_slow_for_the_queue_is_dropped_after_what_it_has_room_for(start: Start) -> None:
    gateway = start(stream_queue=2)
    async with reading(gateway) as reader:
        await gateway.hub.deliver([created(f"n{number}") for number in range(5)])
        assert [await reader.next() for _ in range(3)] == ["n0", "n1", None]


async def test_a_heartbeat_keeps_the_connection_open(start: Start) -> None:
    gateway = start(stream_heartbeat_seconds=0.02)
    async with reading(gateway) as reader:
        assert await reader.comment() == ": still here"


async def test_a_stream_is_not_for_ever(start: Start) -> None:
    async with reading(start(stream_lifetime_seconds=0.05)) as reader:
        assert await reader.next() is None


async def test_signing_out_ends_what_is_being_told(start: Start, open_client: Open) -> None:
    gateway = start()
    async with reading(gateway) as reader:
        left = await open_client(gateway).post("/api/auth/logout", headers={**SIGNED_IN, "X-CSRF-Token": "csrf-1"})
        assert left.status_code == 204
        await gateway.hub.deliver([created("n1")])
        assert await reader.next() is None


async def test_an_account_has_only_so_many_streams(start: Start, open_client: Open) -> None:
    gateway = start(streams_per_account=1)
    async with reading(gateway):
        refused = await open_client(gateway).get("/api/notifications/stream", headers=SIGNED_IN)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")


async def test_a_closed_stream_leaves_nothing_behind(start: Start) -> None:
    gateway = start()
    async with reading(gateway):
        pass
    gateway.hub.subscribe(ME)
    assert gateway.hub.streams_of(ME) == 1
