"""The embedded stack as people and tests use it: real Kafka, real database servers, real signals."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pymongo import MongoClient

from deploy.embedded.child import Child
from deploy.embedded.kafka import kafka_part
from deploy.embedded.mongo import Kind
from deploy.embedded.places import CHECKOUT
from deploy.embedded.ports import free_ports
from deploy.embedded.stack import TemporaryStack, wait_until_ready
from tests.servers import KINDS, has_server

T = TypeVar("T")
STANDINS = [sys.executable, "-m", "tests.integration.standins"]


def until(ask: Callable[[], T], seconds: float = 40.0) -> T:
    """The first true answer."""
    deadline = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.1)
    return answer


class Upped:
    """A `bzpeer up` of its own, with stand-ins for the services."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_ports(1)[0]
        self.output = folder / "terminal.txt"
        hidden = {"KAFKA_BOOTSTRAP_SERVERS", "MONGODB_URI", "BZPEER_PORT", "BZPEER_SMTP_HOST"}
        self.env = {name: value for name, value in os.environ.items() if name not in hidden}
        self.env["BZPEER_STATE_DIR"] = str(folder / "state")
        self.process: subprocess.Popen[bytes] | None = None

    def up(self, env: Mapping[str, str] | None = None, *, wait: bool = True) -> None:
        """Start; returns when it says that it runs."""
        with self.output.open("wb") as output:
            command = [*STANDINS, "up", "--no-demo", "--port", str(self.port)]
            self.process = subprocess.Popen(
                command, env=self.env | dict(env or {}), cwd=CHECKOUT, stdout=output, stderr=output
            )
        if wait:
            until(lambda: self.says("BZPEER runs"))

    def says(self, text: str) -> bool:
        """Whether the terminal shows this; an `up` that ended is shown whole."""
        shown = self.output.read_text()
        assert self.process is not None
        assert text in shown or self.process.poll() is None, shown
        return text in shown

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Another command in another terminal."""
        return subprocess.run(
            [*STANDINS, *command], env=self.env, cwd=CHECKOUT, capture_output=True, text=True, check=False
        )

    def parts(self) -> dict[str, Any]:
        """What `status` says of each part."""
        return {part["name"]: part for part in json.loads(self.run("status", "--json").stdout)["parts"]}

    def end(self) -> None:
        """Leave nothing behind."""
        self.run("down")
        if self.process is not None:
            self.process.wait(20)


@pytest.fixture
def upped(tmp_path: Path) -> Iterator[Upped]:
    """Ended at the end."""
    upped = Upped(tmp_path)
    yield upped
    upped.end()


async def send(servers: str, topic: str, value: bytes) -> None:
    """One acknowledged message."""
    async with AIOKafkaProducer(bootstrap_servers=servers, acks="all", enable_idempotence=True) as producer:
        await producer.send_and_wait(topic, value)


async def read_first(servers: str, topic: str) -> bytes:
    """The first message of a topic."""
    async with AIOKafkaConsumer(bootstrap_servers=servers) as consumer:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        await consumer.seek_to_beginning(partition)
        return bytes((await consumer.getone()).value or b"")


async def test_kafka_keeps_what_it_acknowledged_when_it_is_killed() -> None:
    async with TemporaryStack(mongo=None) as stack:
        servers = stack.env["KAFKA_BOOTSTRAP_SERVERS"]
        admin = AIOKafkaAdminClient(bootstrap_servers=servers)
        await admin.start()
        await admin.create_topics([NewTopic("works", 1, 1)])
        await admin.close()
        await send(servers, "works", b"imported")
        stack.kill("kafka")
        stack.start("kafka")
        assert await read_first(servers, "works") == b"imported"


def test_kafka_runs_in_a_folder_of_any_name_and_in_any_locale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    folder = tmp_path / "Über uns, 漢字 \\n=1"
    port, controller_port = free_ports(2)
    kafka = Child(kafka_part(folder / "kafka", port, controller_port), folder / "kafka.log")
    try:
        kafka.start()
        wait_until_ready([kafka], 60)
        assert (folder / "kafka" / "meta.properties").exists()
    finally:
        kafka.kill()


@pytest.mark.parametrize("kind", KINDS)
def test_each_database_server_keeps_a_transaction_when_it_is_killed(kind: Kind) -> None:
    if not has_server(kind):
        pytest.skip(f"{kind} is not on this machine; `make fast-mongo` builds it")
    with TemporaryStack(kafka=False, mongo=kind) as stack:
        with (
            MongoClient[dict[str, Any]](stack.env["MONGODB_URI"]) as client,
            client.start_session() as session,
            session.start_transaction(),
        ):
            client.works.works.insert_one({"_id": "a"}, session=session)
            client.works.events.insert_one({"_id": "e"}, session=session)
        stack.kill("mongodb")
        stack.start("mongodb")
        with MongoClient[dict[str, Any]](stack.env["MONGODB_URI"]) as client:
            assert client.works.works.find_one() == {"_id": "a"}
            assert client.works.events.find_one() == {"_id": "e"}
        assert stack.stop("mongodb")


def test_nothing_restarts_what_a_test_has_killed_and_nothing_is_left_in_the_end() -> None:
    with TemporaryStack(kafka=False, mailbox=True) as stack:
        stack.kill("mailbox")
        pids = [stack.pid("mailbox"), stack.pid("mongodb")]
        folder = stack.log("mongodb").parent
        assert [psutil.pid_exists(pid or 0) for pid in pids] == [False, True]
    assert not psutil.pid_exists(pids[1] or 0)
    assert not folder.exists()


def test_up_starts_everything_restarts_what_is_killed_and_stops_within_ten_seconds(upped: Upped) -> None:
    upped.up()
    before = upped.parts()
    assert {part["state"] for part in before.values()} == {"ready"}
    assert {"kafka", "mongodb", "mailbox", "works", "gateway"} <= set(before)

    again = upped.run("up")
    assert again.returncode == 1
    assert "already runs in this checkout" in again.stdout

    for name in ("works", "kafka", "mongodb"):
        os.kill(before[name]["pid"], signal.SIGKILL)
    until(lambda: upped.says("kafka was ended by SIGKILL"))
    until(lambda: {part["state"] for part in upped.parts().values()} == {"ready"})
    after = upped.parts()
    assert all(after[name]["pid"] != before[name]["pid"] for name in ("works", "kafka", "mongodb"))

    began = time.monotonic()
    assert upped.run("down").stdout.startswith("Stopped.")
    assert time.monotonic() - began < 10
    assert upped.process is not None
    assert upped.process.wait(5) == 0
    assert not [part for part in after.values() if psutil.pid_exists(part["pid"])]
    assert upped.run("status").returncode == 3


def test_up_clears_up_after_one_that_was_killed_and_keeps_the_data(upped: Upped) -> None:
    upped.up()
    left = upped.parts()
    uri = json.loads((upped.folder / "state" / "run.json").read_text())["env"]["MONGODB_URI"]
    with MongoClient[dict[str, Any]](uri) as client:
        client.works.works.insert_one({"_id": "kept"})
    assert upped.process is not None
    upped.process.kill()
    upped.process.wait()
    assert psutil.pid_exists(left["kafka"]["pid"])
    assert upped.run("doctor").returncode == 1

    upped.up()
    assert upped.says("An earlier start was cut off")
    assert not psutil.pid_exists(left["kafka"]["pid"])
    uri = json.loads((upped.folder / "state" / "run.json").read_text())["env"]["MONGODB_URI"]
    with MongoClient[dict[str, Any]](uri) as client:
        assert client.works.works.find_one() == {"_id": "kept"}


def test_a_service_that_keeps_ending_is_reported_with_its_log_and_the_others_run(upped: Upped) -> None:
    upped.up({"BZPEER_STANDIN_BROKEN": "graph"})
    assert upped.says("graph keeps ending (ended with code 1)")
    assert upped.says("graph has no heart")
    assert upped.says("What to do")
    assert upped.parts()["graph"]["state"] == "failing"
    assert upped.parts()["gateway"]["state"] == "ready"


def test_servers_that_are_given_are_used_and_none_is_started(upped: Upped) -> None:
    with TemporaryStack() as stack:
        upped.up({name: stack.env[name] for name in ("KAFKA_BOOTSTRAP_SERVERS", "MONGODB_URI")})
        assert not {"kafka", "mongodb"} & set(upped.parts())
        assert upped.run("down").returncode == 0


def test_a_taken_port_is_explained_with_a_way_out(upped: Upped) -> None:
    with socket.create_server(("127.0.0.1", upped.port)):
        upped.up(wait=False)
        assert upped.process is not None
        assert upped.process.wait(20) == 1
    shown = upped.output.read_text()
    assert f"Port {upped.port} is taken by" in shown
    assert f"process {os.getpid()}" in shown
    assert "--port" in shown


def test_a_folder_that_cannot_be_is_explained(upped: Upped) -> None:
    (upped.folder / "file").touch()
    upped.up({"BZPEER_STATE_DIR": str(upped.folder / "file" / "state")}, wait=False)
    assert upped.process is not None
    assert upped.process.wait(20) == 1
    shown = upped.output.read_text()
    assert "cannot be used: Not a directory." in shown
    assert "BZPEER_STATE_DIR" in shown
    assert "Traceback" not in shown
