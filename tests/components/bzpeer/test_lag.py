"""`bzpeer lag`: groups as the services name them, at the places that a real broker tells."""

import json
import time
from collections.abc import Mapping

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from shared.ids import new_id
from shared.messaging.topics_admin import TopicSettings, create_topics
from tests.components.bzpeer.conftest import Run
from tests.components.bzpeer.fakes import FakeService
from tests.components.gateway.serving import closed_address

Services = Mapping[str, FakeService]
HOUR_MS = 3_600_000


@pytest.fixture
async def groups(kafka: str, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """Graph has read one of two messages and not that of an hour ago, trust none of them; notify has none to read."""
    prefix = f"t{new_id()[-12:]}."
    await create_topics(TopicSettings(kafka_bootstrap_servers=kafka, topic_prefix=prefix))
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", kafka)
    monkeypatch.setenv("BZPEER_TOPIC_PREFIX", prefix)
    services["graph"].groups = {"graph.people.v1": ["authors.v1"]}
    services["trust"].groups = {"trust.record.v1": ["authors.v1", "claims.v1"]}
    services["notify"].groups = {"notify.followers.v1": ["follows.v1"]}
    services["works"].unpublished = 7
    now = int(time.time() * 1000)
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        for hours in (2, 1):
            await producer.send_and_wait(prefix + "authors.v1", b"{}", partition=4, timestamp_ms=now - hours * HOUR_MS)
    group = prefix + "graph.people.v1"
    async with AIOKafkaConsumer(bootstrap_servers=kafka, group_id=group, enable_auto_commit=False) as consumer:
        place = TopicPartition(prefix + "authors.v1", 4)
        consumer.assign([place])
        await consumer.commit({place: 1})


@pytest.mark.usefixtures("groups")
async def test_each_group_shows_messages_and_time_behind(run: Run) -> None:
    shown = await run("lag")
    rows = [line.split() for line in shown.stdout.splitlines()]
    assert shown.exit_code == 0
    assert rows[:4] == [
        ["group", "lag", "behind", "members", "state"],
        ["trust.record.v1", "2", "2.0", "h", "0", "never", "ran"],
        ["graph.people.v1", "1", "1.0", "h", "0", "Empty"],
        ["notify.followers.v1", "0", "–", "0", "never", "ran"],
    ]
    assert shown.stdout.splitlines()[4:] == [
        "  trust.record.v1  authors.v1[4]  at 0 of 2  lag 2  behind 2.0 h",
        "  graph.people.v1  authors.v1[4]  at 1 of 2  lag 1  behind 1.0 h",
        "Events not published yet: works 7",
    ]


@pytest.mark.usefixtures("groups")
async def test_a_probe_fails_when_a_group_is_further_behind(run: Run) -> None:
    seen = await run("lag", "graph", "--json", "--most-seconds", "5400")
    (group,) = json.loads(seen.stdout)["groups"]
    assert (seen.exit_code, group["group"], group["service"], group["lag"]) == (0, "graph.people.v1", "graph", 1)
    assert 3600 <= group["behind_seconds"] < 3700
    late = await run("lag", "--most-seconds", "5400")
    assert (late.exit_code, late.stderr) == (1, "More than 1.5 h behind: trust.record.v1\n")


@pytest.mark.usefixtures("groups")
async def test_all_partitions_can_be_listed(run: Run) -> None:
    shown = await run("lag", "notify.followers.v1", "--all")
    assert shown.stdout.splitlines()[2:8] == [f"  notify.followers.v1  follows.v1[{n}]  at 0 of 0" for n in range(6)]


@pytest.mark.usefixtures("groups")
async def test_what_does_not_answer_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await run("lag", "no.such.group")).exit_code == 2
    monkeypatch.setenv("BZPEER_TRUST_URL", closed_address())
    partly = await run("lag")
    assert (partly.exit_code, "graph.people.v1" in partly.stdout) == (1, True)
    assert partly.stderr.startswith("trust is missing here: ")
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", closed_address().removeprefix("http://"))
    silent = await run("lag")
    assert (silent.exit_code, "does not answer; see `bzpeer status`" in silent.stderr) == (1, True)
