"""Consumers and relays come, go, and come back from the dead while others have taken over what they did."""

import asyncio
from functools import partial

import pytest

from tests.lab.exact import repeated_effects
from tests.lab.groups import members
from tests.lab.scenario import Scenario
from tests.lab.system import CONSUMERS, COUNTER, OWNERS, Lab
from tests.lab.views import TALLY
from tests.lab.waiting import until_seldom

pytestmark = pytest.mark.faults
EVENTS = 20_000
PACE = 500
NEWCOMERS = ("counter-3", "counter-4")
"""They have no names that they keep over restarts, as the others have."""


async def test_consumers_and_relays_that_return_as_zombies_apply_nothing_twice(lab: Lab, scenario: Scenario) -> None:
    stack = lab.stack
    for newcomer in NEWCOMERS:
        stack.add_process(newcomer, COUNTER, ["consumer"], env={"BZPEER_INSTANCE": ""})
    async with lab.writer.writing(EVENTS, per_second=PACE):
        for zombie, relay, newcomer in zip(CONSUMERS, OWNERS[::-1], NEWCOMERS, strict=True):
            await lab.until_growing()
            with stack.frozen(zombie, relay):
                await asyncio.to_thread(stack.start, newcomer)
                await until_seldom(partial(is_without, lab, zombie), equals=True)
                await lab.until_growing()
            await lab.until_growing()
            await asyncio.to_thread(stack.stop, newcomer)
        for _ in range(2):
            await asyncio.to_thread(stack.start, NEWCOMERS[0])
            await lab.until_growing()
            await asyncio.to_thread(stack.kill, NEWCOMERS[0])
    await lab.until_exact()
    again = await repeated_effects(lab.counter)
    scenario.saw(len(lab.writer.acknowledged), effects_asked_for_again=again)


async def is_without(lab: Lab, zombie: str) -> bool:
    """Whether the group goes on without a silent member: with the other one and the newcomer."""
    ids = await members(lab.stack, TALLY.name)
    return len(ids) == len(CONSUMERS) and not any(id_.startswith(zombie) for id_ in ids)
