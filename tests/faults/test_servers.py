"""Kafka or MongoDB ends or is killed under load and comes back: nothing is lost, and nothing is applied twice."""

import asyncio

import pytest

from tests.lab.scenario import Scenario
from tests.lab.system import Lab

pytestmark = pytest.mark.faults
EVENTS = 20_000
PACE = 1_000
PATIENCE = 30
"""Seconds for a server that is asked to end."""


@pytest.mark.parametrize("server", ["kafka", "mongodb"])
@pytest.mark.parametrize("how", ["stopped", "killed"])
async def test_a_server_goes_and_comes_back_under_load(lab: Lab, scenario: Scenario, server: str, how: str) -> None:
    stack = lab.stack
    async with lab.writer.writing(EVENTS, per_second=PACE):
        for share in (1, 3):
            await lab.until_counted(EVENTS * share // 5)
            if how == "killed":
                await asyncio.to_thread(stack.kill, server)
            else:
                assert await asyncio.to_thread(stack.stop, server, PATIENCE)
            await asyncio.to_thread(stack.start, server)
    await lab.until_exact()
    scenario.saw(len(lab.writer.acknowledged), unconfirmed_transactions=lab.writer.failures)
