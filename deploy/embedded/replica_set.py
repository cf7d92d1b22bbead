"""Whether a MongoDB server takes writes; a fresh `mongod` is made a replica set of one first."""

from typing import Any

from deploy.embedded.ports import LOOPBACK, accepts

NOT_YET_INITIALIZED = 94


def primary_answers(port: int) -> bool:
    """Ask once. A member that was set up under another port is told its new one."""
    if not accepts(port):
        return False
    from pymongo import MongoClient  # noqa: PLC0415 - slow to import, not needed by every command
    from pymongo.errors import OperationFailure, PyMongoError  # noqa: PLC0415

    client: MongoClient[dict[str, Any]] = MongoClient(
        LOOPBACK, port, directConnection=True, serverSelectionTimeoutMS=1000, socketTimeoutMS=2000
    )
    with client:
        try:
            hello = client.admin.command("hello")
            if not hello.get("isWritablePrimary"):
                _make_primary(client, f"{LOOPBACK}:{port}")
            return bool(hello.get("isWritablePrimary"))
        except OperationFailure:
            return False
        except PyMongoError:
            return False


def _make_primary(client: Any, address: str) -> None:
    from pymongo.errors import OperationFailure  # noqa: PLC0415

    try:
        config = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure as error:
        if error.code == NOT_YET_INITIALIZED:
            members = [{"_id": 0, "host": address}]
            client.admin.command("replSetInitiate", {"_id": "bzpeer", "members": members})
        return
    if config["members"][0]["host"] != address:
        config["members"][0]["host"] = address
        config["version"] += 1
        client.admin.command("replSetReconfig", config, force=True)
