"""Create the topics of the table that are missing: `python -m shared.messaging.topics_admin`."""

import asyncio
from collections.abc import Iterable

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.events.topics import LARGEST_MESSAGE, TOPICS, TopicSpec


class TopicSettings(BaseSettings):
    """Where the topics are created, and how often each is kept."""

    model_config = SettingsConfigDict(env_prefix="BZPEER_", populate_by_name=True)

    kafka_bootstrap_servers: str = Field(default="127.0.0.1:19092", validation_alias="KAFKA_BOOTSTRAP_SERVERS")
    topic_prefix: str = ""
    topic_replicas: int = 1


async def create_topics(settings: TopicSettings, specs: Iterable[TopicSpec] = TOPICS) -> list[str]:
    """Create what is missing and return its names. A topic that stands is left as it is."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka_bootstrap_servers)
    await admin.start()
    try:
        standing = set(await admin.list_topics())
        missing = [_new_topic(spec, settings) for spec in specs if settings.topic_prefix + spec.name not in standing]
        if not missing:
            return []
        answer = await admin.create_topics(missing)
        for _, code, *message in answer.topic_errors:
            if code and for_code(code) is not TopicAlreadyExistsError:
                raise for_code(code)(*message)
        return [topic.name for topic in missing]
    finally:
        await admin.close()


def _new_topic(spec: TopicSpec, settings: TopicSettings) -> NewTopic:
    return NewTopic(
        settings.topic_prefix + spec.name,
        num_partitions=spec.partitions,
        replication_factor=settings.topic_replicas,
        topic_configs={
            "retention.ms": str(spec.retention_ms),
            "cleanup.policy": "delete",
            "max.message.bytes": str(LARGEST_MESSAGE),
        },
    )


if __name__ == "__main__":
    for name in asyncio.run(create_topics(TopicSettings())):
        print(f"created {name}")
