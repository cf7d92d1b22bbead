"""The events on Kafka: topics filled once for a case, and groups that begin at their beginning in every run."""

import asyncio
from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from shared.events.topics import LARGEST_MESSAGE, TOPICS
from shared.messaging.envelope import Envelope, to_headers
from shared.messaging.topics_admin import TopicSettings, create_topics
from shared.mongo import chunks

_POLL_SECONDS = 0.002
_IN_FLIGHT = 2_000


class Topics:
    """Topics by the names of the table, with a prefix of the case's own."""

    def __init__(self, bootstrap_servers: str, prefix: str, names: Sequence[str]) -> None:
        self.prefix = prefix
        self._servers = bootstrap_servers
        self._specs = [spec for spec in TOPICS if spec.name in names]
        self._admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)

    @property
    def names(self) -> list[str]:
        """As Kafka has them."""
        return [self.prefix + spec.name for spec in self._specs]

    async def start(self, envelopes: Sequence[Envelope]) -> None:
        """Make the topics and put the events there, in this order, with the keys and headers that the relay gives."""
        await self._admin.start()
        await create_topics(TopicSettings(kafka_bootstrap_servers=self._servers, topic_prefix=self.prefix), self._specs)
        producer = AIOKafkaProducer(
            bootstrap_servers=self._servers,
            acks="all",
            enable_idempotence=True,
            linger_ms=5,
            max_request_size=LARGEST_MESSAGE,
        )
        await producer.start()
        try:
            for some in chunks(envelopes, _IN_FLIGHT):
                await asyncio.gather(*[await self._send(producer, one) for one in some])
        finally:
            await producer.stop()

    async def close(self) -> None:
        """Delete the topics, and disconnect."""
        await self._admin.delete_topics(self.names)
        await self._admin.close()

    async def rewind(self, group: str) -> None:
        """Let the group, which has no members now, begin again with the first event."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._servers, group_id=self.prefix + group, enable_auto_commit=False
        )
        await consumer.start()
        try:
            places = [
                TopicPartition(self.prefix + spec.name, p) for spec in self._specs for p in range(spec.partitions)
            ]
            consumer.assign(places)
            await consumer.commit(dict.fromkeys(places, 0))
        finally:
            await consumer.stop()

    async def until_committed(self, group: str, events: int) -> None:
        """Return when the group has committed so many events."""
        while True:
            places = await self._admin.list_consumer_group_offsets(self.prefix + group)
            if sum(place.offset for place in places.values() if place.offset > 0) >= events:
                return
            await asyncio.sleep(_POLL_SECONDS)

    async def _send(self, producer: AIOKafkaProducer, one: Envelope) -> asyncio.Future[object]:
        sent: asyncio.Future[object] = await producer.send(
            self.prefix + one.topic,
            one.event.model_dump_json().encode(),
            key=one.subject.encode(),
            headers=to_headers(one),
        )
        return sent
