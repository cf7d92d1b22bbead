"""Consumer groups as the broker sees them."""

from aiokafka.admin import AIOKafkaAdminClient

from deploy.embedded.stack import TemporaryStack


async def members(stack: TemporaryStack, group: str) -> int:
    """How many members the group has; 0 while it is settling who gets which partitions."""
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.env["KAFKA_BOOTSTRAP_SERVERS"])
    await admin.start()
    try:
        [answer] = await admin.describe_consumer_groups([group])
        [described] = answer.to_object()["groups"]
        return len(described["members"]) if described["state"] == "Stable" else 0
    finally:
        await admin.close()
