"""The clocks of some processes are set back by an hour while they work, and right again: nothing hangs on them."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.lab.clock import SettableClock, why_not
from tests.lab.exact import repeated_effects
from tests.lab.scenario import Scenario
from tests.lab.system import Lab, running_lab

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("fast_server")]
EVENTS = 21_000
PACE = 1_500
HOUR = 3_600
SKEWED = ("owner", "counter", "counter-1")


async def test_clocks_that_are_set_back_lose_and_double_nothing(scenario: Scenario, tmp_path: Path) -> None:
    if reason := why_not():
        pytest.skip(reason)
    clock = SettableClock(tmp_path)
    async with running_lab(env_of=dict.fromkeys(SKEWED, clock.env)) as lab:
        for seconds in (0, -HOUR, 0):
            clock.set(seconds)
            await write(lab, clock)
            await asyncio.to_thread(lab.stack.kill, "counter-1")
            await asyncio.to_thread(lab.stack.start, "counter-1")
        await lab.until_exact()
        assert await lab.written() == EVENTS
        scenario.saw(EVENTS, effects_asked_for_again=await repeated_effects(lab.counter))


async def write(lab: Lab, clock: SettableClock) -> None:
    """A third of the load by a process of its own, which the clock is the clock of."""
    command = [sys.executable, "-m", "tests.lab.writing", str(EVENTS // 3), str(PACE)]
    process = await asyncio.create_subprocess_exec(*command, env=os.environ | dict(lab.stack.env) | dict(clock.env))
    assert await process.wait() == 0
