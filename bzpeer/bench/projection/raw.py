"""The raw limit: aiokafka, pydantic and one bulk write a batch, and nothing else.

It reads as many records at once as we do, parses the value of each, and knows beforehand what to write: it neither
reads the view nor computes anything. What it writes are documents of our form and size, one for each that the batch
changes, found by their id alone. It commits after each write. Kept out: headers, guards, repetition, tracing, metrics.
"""

from aiokafka import AIOKafkaConsumer
from pymongo import ReplaceOne

from bzpeer.bench.contest import Meter
from bzpeer.bench.projection.kafka import Topics
from bzpeer.bench.projection.streams import Stream
from shared.mongo import Collection, Document
from shared.settings import ServiceSettings

GROUP = "raw"
_FETCH_WAIT_MS = 50
"""So short that a fetch for partitions that are at their end never keeps the others waiting."""


async def run(stream: Stream, topics: Topics, collection: Collection, settings: ServiceSettings, meter: Meter) -> None:
    """Take all events in."""
    consumer = AIOKafkaConsumer(
        *topics.names,
        bootstrap_servers=settings.kafka_bootstrap_servers,
        group_id=topics.prefix + GROUP,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=_FETCH_WAIT_MS,
    )
    await consumer.start()
    try:
        await _consume(consumer, stream, collection, settings.consumer_batch, meter)
    finally:
        await consumer.stop()


async def _consume(
    consumer: AIOKafkaConsumer, stream: Stream, collection: Collection, batch: int, meter: Meter
) -> None:
    parse = type(stream.envelopes[0].event).model_validate_json
    stages = {key: iter(documents) for key, documents in stream.after.items()}
    taken = 0
    while taken < len(stream.envelopes):
        records = await consumer.getmany(timeout_ms=1000, max_records=batch)
        if not records:
            continue
        meter.begin()
        newest: dict[str, Document] = {}
        for partition in records.values():
            for record in partition:
                subject = parse(record.value).subject
                newest[subject] = next(stages[subject])
            taken += len(partition)
        writes = [ReplaceOne({"_id": key}, document, upsert=True) for key, document in newest.items()]
        await collection.bulk_write(writes, ordered=False)
        await consumer.commit()
    meter.end()
