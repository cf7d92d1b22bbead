"""Deliveries as no relay makes them: twice, out of order, long after, cut into other batches, on another partition."""

import random
from collections.abc import Iterator, Sequence
from itertools import islice

from aiokafka import AIOKafkaProducer

from shared.messaging.envelope import Envelope, to_headers

WINDOW = 200
"""Events among which the order is lost."""
AGAIN, LONG_AGO, ELSEWHERE = 0.3, 0.1, 0.02
"""Shares of events that are sent twice, that come again long after, and that come also on another partition."""
PARTITIONS = 6


def disordered(envelopes: Sequence[Envelope], chance: random.Random) -> Iterator[tuple[Envelope, int | None]]:
    """Every event at least once, with the partition where it is not the key's own."""
    for start in range(0, len(envelopes), WINDOW):
        window = list(envelopes[start : start + WINDOW])
        sent = window + [one for one in window if chance.random() < AGAIN]
        sent += [chance.choice(envelopes[: start + 1]) for _ in window if chance.random() < LONG_AGO]
        chance.shuffle(sent)
        for one in sent:
            yield one, None
            if chance.random() < ELSEWHERE:
                yield one, chance.randrange(PARTITIONS)


async def deliver(bootstrap_servers: str, deliveries: Iterator[tuple[Envelope, int | None]], most: int = 300) -> int:
    """Send them in batches of any size; returns how many they were."""
    chance = random.Random(most)
    number = 0
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap_servers, acks="all", linger_ms=5)
    await producer.start()
    try:
        while batch := list(islice(deliveries, chance.randint(1, most))):
            for envelope, partition in batch:
                await producer.send(
                    envelope.topic,
                    key=envelope.subject.encode(),
                    value=envelope.event.model_dump_json().encode(),
                    headers=to_headers(envelope),
                    partition=partition,
                )
            await producer.flush()
            number += len(batch)
    finally:
        await producer.stop()
    return number


async def deliver_raw(
    bootstrap_servers: str, topic: str, key: str, records: Sequence[tuple[bytes | None, list[tuple[str, bytes]]]]
) -> None:
    """Put records on the partition of a key, whatever is in them."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap_servers, acks="all")
    await producer.start()
    try:
        for value, headers in records:
            await producer.send_and_wait(topic, key=key.encode(), value=value, headers=headers)
    finally:
        await producer.stop()
