"""Consumer groups as the broker sees them."""

from aiokafka.admin import AIOKafkaAdminClient

from deploy.embedded.stack import TemporaryStack


async def members(stack: TemporaryStack, group: str) -> list[str]:
    """The ids of the group's members, which begin with their names where they have such; none while it is settling."""
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.env["KAFKA_BOOTSTRAP_SERVERS"])
    await admin.start()
    try:
        [answer] = await admin.describe_consumer_groups([group])
        [described] = answer.to_object()["groups"]
        return [one["member_id"] for one in described["members"]] if described["state"] == "Stable" else []
    finally:
        await admin.close()
