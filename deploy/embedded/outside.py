"""Whether servers that someone else runs answer; an empty answer means that they do."""

import asyncio
from contextlib import suppress

SECONDS = 5.0


def kafka_answers(servers: str) -> str:
    """What keeps us from the cluster at these addresses."""
    return asyncio.run(_ask_kafka(servers))


async def _ask_kafka(servers: str) -> str:
    from aiokafka.admin import AIOKafkaAdminClient  # noqa: PLC0415 - slow to import
    from aiokafka.errors import KafkaError  # noqa: PLC0415

    client = AIOKafkaAdminClient(bootstrap_servers=servers, request_timeout_ms=int(SECONDS * 1000))
    try:
        async with asyncio.timeout(SECONDS):
            await client.start()
            await client.describe_cluster()
    except (KafkaError, OSError, TimeoutError, ValueError) as error:
        return str(error) or type(error).__name__
    finally:
        with suppress(KafkaError, OSError):
            await client.close()
    return ""


def mongo_answers(uri: str) -> str:
    """What keeps us from a primary at this address."""
    from pymongo import MongoClient  # noqa: PLC0415 - slow to import
    from pymongo.errors import PyMongoError  # noqa: PLC0415

    try:
        with MongoClient[dict[str, object]](uri, serverSelectionTimeoutMS=int(SECONDS * 1000)) as client:
            hello = client.admin.command("hello")
    except PyMongoError as error:
        return str(error).partition(", Timeout:")[0]
    if "setName" not in hello:
        return "it is no replica set, and transactions need one (a set of one member will do)"
    return ""
