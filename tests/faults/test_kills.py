"""Kill any service, or any of a service's roles, with -9 while works are imported: every event counts exactly once.

Trust runs as five processes here: an API, two consumers and two relays. Of these pairs, one that is killed stays dead
until the import is in: the other has to take its work over.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from deploy.embedded.services import SERVICES
from tests.lab.census import Census
from tests.lab.importing import Import
from tests.lab.scenario import Scenario
from tests.lab.stack import QUICK, FaultyStack
from tests.system import PATIENT, System

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("fast_server")]
LEAST_EVENTS = 20_000
TRUST = "services.trust.main"
CONSUMERS, RELAYS = ("trust-consumer-1", "trust-consumer-2"), ("trust-relay-1", "trust-relay-2")
SPLIT = ("trust", *CONSUMERS, *RELAYS)
RESTARTED = {**{name: (name,) for name in SERVICES}, "trust": SPLIT}
LEFT_DEAD = {"one of two relays": RELAYS[0], "one of two consumers": CONSUMERS[0]}


@pytest.fixture(scope="module")
def stack() -> Iterator[FaultyStack]:
    """The whole system, trust in five processes."""
    whole = [name for name in SERVICES if name != "trust"]
    with FaultyStack(mongo="secantusd-rs", services=whole, mailbox=True, env={**QUICK, **PATIENT}) as running:
        running.add_process("trust", TRUST, ["api"], port=running.ports["trust"])
        for name in CONSUMERS:
            running.add_process(name, TRUST, ["consumer"])
        for name in RELAYS:
            running.add_process(name, TRUST, ["relay"])
        running.start(*SPLIT)
        yield running


@pytest.fixture(scope="module")
def system(stack: FaultyStack, tmp_path_factory: pytest.TempPathFactory) -> System:
    """The system as its users meet it."""
    return System(stack, tmp_path_factory.mktemp("traces") / "spans.jsonl")


@pytest.fixture(scope="module")
async def census(stack: FaultyStack) -> AsyncIterator[Census]:
    """Counts in the system's databases."""
    made = Census(stack.env["MONGODB_URI"])
    yield made
    made.close()


@pytest.mark.parametrize("victim", RESTARTED)
async def test_a_service_killed_during_an_import_loses_and_doubles_nothing(
    stack: FaultyStack, system: System, census: Census, scenario: Scenario, victim: str, tmp_path: Path
) -> None:
    async def kill() -> None:
        await asyncio.to_thread(stack.end_each, *RESTARTED[victim], by="SIGKILL")
        await asyncio.to_thread(stack.start, *RESTARTED[victim])

    events = await Import(system, census, victim, tmp_path).meets(kill)
    assert events >= LEAST_EVENTS
    scenario.saw(events)


@pytest.mark.parametrize("victim", LEFT_DEAD)
async def test_what_a_dead_process_of_two_did_the_other_takes_over(
    stack: FaultyStack, system: System, census: Census, scenario: Scenario, victim: str, tmp_path: Path
) -> None:
    name = LEFT_DEAD[victim]

    async def kill() -> None:
        await asyncio.to_thread(stack.kill, name)

    events = await Import(system, census, victim, tmp_path).meets(kill)
    assert events >= LEAST_EVENTS
    scenario.saw(events)
    assert not stack.alive(name)
    await asyncio.to_thread(stack.start, name)
