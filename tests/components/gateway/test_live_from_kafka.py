"""From the topic to the streams: every replica hears every notification."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import httpx2
import pytest
from aiokafka import AIOKafkaProducer

from services.gateway.main import make_app, make_consumers
from shared.ids import new_id
from shared.messaging.envelope import Envelope, to_headers
from shared.messaging.topics_admin import TopicSettings, create_topics
from tests.components.gateway.conftest import Start
from tests.components.gateway.serving import serving
from tests.components.gateway.streams import created, reading
from tests.waiting import until


@pytest.fixture
async def prefix(kafka: str) -> str:
    """Of topics that no other test uses."""
    name = f"t{new_id()[-12:]}."
    await create_topics(TopicSettings(kafka_bootstrap_servers=kafka, topic_prefix=name))
    return name


@asynccontextmanager
async def two_replicas(start: Start, kafka: str, prefix: str) -> AsyncIterator[Sequence[str]]:
    """Two gateways that consume, by their addresses."""
    async with AsyncExitStack() as stack:
        urls = []
        for _ in range(2):
            gateway = start(kafka_bootstrap_servers=kafka, topic_prefix=prefix)
            urls.append(await stack.enter_async_context(serving(make_app(gateway, make_consumers(gateway)), "on")))
        client = await stack.enter_async_context(httpx2.AsyncClient(trust_env=False))
        for url in urls:

            async def readiness(url: str = url) -> int:
                return (await client.get(f"{url}/readyz")).status_code

            await until(readiness, equals=200)
        yield urls


async def publish(kafka: str, prefix: str, envelopes: Sequence[Envelope]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    try:
        for envelope in envelopes:
            await producer.send_and_wait(
                prefix + envelope.topic,
                envelope.event.model_dump_json().encode(),
                envelope.subject.encode(),
                headers=to_headers(envelope),
            )
    finally:
        await producer.stop()


async def test_every_replica_hears_every_notification(start: Start, kafka: str, prefix: str) -> None:
    await publish(kafka, prefix, [created("before")])
    async with (
        two_replicas(start, kafka, prefix) as (first, second),
        reading(first) as one,
        reading(second) as other,
    ):
        await publish(kafka, prefix, [created("n1"), created("n2", "account-2"), created("n3")])
        for reader in (one, other):
            assert [await reader.next(), await reader.next()] == ["n1", "n3"]
