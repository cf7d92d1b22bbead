"""A release that fails on every event is deployed under load: its group brakes, and the mended release takes all in."""

import asyncio

import pytest

from tests.lab.behaviour import Behaviour
from tests.lab.operating import Letters
from tests.lab.scenario import Scenario
from tests.lab.system import CONSUMERS, Lab, running_lab
from tests.lab.views import TALLY
from tests.lab.waiting import until_seldom

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("fast_server")]
EVENTS = 20_000
PACE = 2_000
BRAKE = 20
MOST_LETTERS = 2 * len(CONSUMERS) * BRAKE
"""The brake counts in each process, and what failed before it took hold is kept as letters."""


async def test_a_release_that_fails_on_everything_stops_one_group_and_spoils_nothing(scenario: Scenario) -> None:
    async with running_lab() as lab:
        letters = Letters(lab.services[1])
        async with lab.writer.writing(EVENTS, per_second=PACE):
            await lab.until_counted(EVENTS // 4)
            await deploy(lab, Behaviour(fails_always=True))
        before = await lab.counted()
        await until_seldom(lambda: lacking(lab), equals={TALLY.name})
        await until_seldom(lambda: brakes(lab), equals=True)
        assert await lab.counted() == before < EVENTS
        spoiled = len(await letters.all())
        assert spoiled <= MOST_LETTERS

        await deploy(lab, Behaviour())
        for letter in await letters.all(state="dead"):
            await letters.retry(letter)
        await lab.until_exact()
        assert await letters.all() == []
        scenario.saw(EVENTS, letters=spoiled, events_that_waited_for_the_mend=EVENTS - before)


async def deploy(lab: Lab, behaviour: Behaviour) -> None:
    """Restart the consumers with this release, one after another."""
    lab.release(behaviour)
    for name in CONSUMERS:
        await asyncio.to_thread(lab.stack.stop, name)
        await asyncio.to_thread(lab.stack.start, name)


async def lacking(lab: Lab) -> set[str]:
    """What is not up to date, of the groups and the relays."""
    return set(await lab.behind())


async def brakes(lab: Lab) -> bool:
    """Whether each process has held its group back more than once."""
    logs = [lab.stack.log(name).read_text() for name in CONSUMERS]
    return all(log.count("everything fails") > 1 for log in logs)
