"""Lag as a real broker tells it: messages, and the age of the oldest one not taken in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.errors import KafkaConnectionError

from deploy.embedded.ports import free_ports
from shared.ids import new_id
from shared.messaging.lag import GroupLag, LagReader, PartitionLag
from shared.messaging.topics_admin import TopicSettings, create_topics

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOPIC = "works.v1"


class Broker:
    """A broker with topics of its own for one test."""

    def __init__(self, kafka: str) -> None:
        self.kafka = kafka
        self.prefix = f"t{new_id()[-12:]}."

    async def send(self, partition: int, *minutes: int) -> None:
        """One message in the partition for each number of minutes before noon; the body is larger than a peek."""
        async with AIOKafkaProducer(bootstrap_servers=self.kafka, max_request_size=2**20) as producer:
            for each in minutes:
                at = int((NOON - timedelta(minutes=each)).timestamp() * 1000)
                await producer.send_and_wait(self.prefix + TOPIC, b"x" * 100_000, partition=partition, timestamp_ms=at)

    @asynccontextmanager
    async def member(self, group: str) -> AsyncIterator[AIOKafkaConsumer]:
        """A member of a group, with everything assigned to it."""
        consumer = AIOKafkaConsumer(
            self.prefix + TOPIC, bootstrap_servers=self.kafka, group_id=self.prefix + group, enable_auto_commit=False
        )
        await consumer.start()
        try:
            await consumer.getmany(timeout_ms=0)
            yield consumer
        finally:
            await consumer.stop()

    async def commit(self, consumer: AIOKafkaConsumer, partition: int, place: int) -> None:
        await consumer.commit({TopicPartition(self.prefix + TOPIC, partition): place})

    async def lag(self, *groups: str) -> list[GroupLag]:
        async with LagReader(self.kafka, self.prefix, lambda: NOON) as reader:
            return await reader.read(dict.fromkeys(groups, (TOPIC, "topic.that.is.not.v1")))


@pytest.fixture
async def broker(kafka: str) -> Broker:
    made = Broker(kafka)
    await create_topics(TopicSettings(kafka_bootstrap_servers=kafka, topic_prefix=made.prefix))
    return made


def behind(group: GroupLag) -> list[PartitionLag]:
    return [each for each in group.partitions if each.lag]


async def test_a_group_that_took_in_nothing_is_behind_by_everything(broker: Broker) -> None:
    await broker.send(3, 30, 20)
    (group,) = await broker.lag("graph.people.v1")
    assert behind(group) == [PartitionLag(topic=TOPIC, partition=3, place=0, end=2, behind_seconds=30 * 60)]
    assert (group.lag, group.behind_seconds, group.members) == (2, 30 * 60, 0)
    assert len(group.partitions) == 12


async def test_groups_are_seen_each_at_its_own_place(broker: Broker) -> None:
    await broker.send(0, 50, 40)
    await broker.send(1, 45, 35, 25)
    async with broker.member("trust.record.v1") as first, broker.member("graph.people.v1") as second:
        await broker.commit(first, 0, 2)
        await broker.commit(first, 1, 1)
        await broker.commit(second, 0, 2)
        await broker.commit(second, 1, 3)
        trust, graph = await broker.lag("trust.record.v1", "graph.people.v1")
    assert behind(trust) == [PartitionLag(topic=TOPIC, partition=1, place=1, end=3, behind_seconds=35 * 60)]
    assert (graph.lag, graph.behind_seconds) == (0, 0)
    assert [(each.state, each.members) for each in (trust, graph)] == [("Stable", 1), ("Stable", 1)]
    trust, _ = await broker.lag("trust.record.v1", "graph.people.v1")
    assert (trust.state, trust.members) == ("Empty", 0)


async def test_a_place_beyond_the_end_shows_that_the_broker_lost_its_log(broker: Broker) -> None:
    async with broker.member("graph.people.v1") as member:
        await broker.commit(member, 5, 7)
        (group,) = await broker.lag("graph.people.v1")
    (lost,) = [each for each in group.partitions if each.beyond]
    assert (lost.partition, lost.place, lost.end, lost.lag) == (5, 7, 0, 0)


async def test_what_the_topic_no_longer_keeps_is_no_lag(broker: Broker) -> None:
    await broker.send(2, 30, 20, 10)
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.kafka)
    await admin.start()
    await admin.delete_records({TopicPartition(broker.prefix + TOPIC, 2): RecordsToDelete(before_offset=2)})
    await admin.close()
    (group,) = await broker.lag("graph.people.v1")
    assert (group.lag, group.behind_seconds) == (1, 10 * 60)


async def test_a_broker_that_is_away_is_said() -> None:
    with pytest.raises(KafkaConnectionError):
        async with LagReader(f"127.0.0.1:{free_ports(1)[0]}"):
            pass
