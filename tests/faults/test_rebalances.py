"""Members of the consumer groups come, go, and come back from the dead while others have taken their partitions."""

import asyncio

import pytest

from tests.lab.groups import members
from tests.lab.scenario import Scenario
from tests.lab.system import CONSUMERS, COUNTER, Lab
from tests.lab.views import TALLY
from tests.lab.waiting import until_seldom

pytestmark = pytest.mark.faults
EVENTS = 24_000
PACE = 800
SESSION_SECONDS = 10
"""After which the broker takes a silent member for dead."""


async def test_members_that_come_and_go_and_return_as_zombies_apply_nothing_twice(lab: Lab, scenario: Scenario) -> None:
    stack = lab.stack
    for number in (3, 4):
        stack.add_process(f"counter-{number}", COUNTER, ["consumer"], env={"BZPEER_INSTANCE": ""})
    async with lab.writer.writing(EVENTS, per_second=PACE):
        for zombie, newcomer in zip(CONSUMERS, ("counter-3", "counter-4"), strict=True):
            await lab.until_growing()
            with stack.frozen(zombie):
                await asyncio.to_thread(stack.start, newcomer)
                await until_seldom(lambda: members(stack, TALLY.name), equals=2)
                await lab.until_growing()
            await lab.until_growing()
            await asyncio.to_thread(stack.stop, newcomer)
        for _ in range(3):
            await asyncio.to_thread(stack.start, "counter-3")
            await lab.until_growing()
            await asyncio.to_thread(stack.kill, "counter-3")
    await lab.until_exact()
    scenario.saw(EVENTS)
