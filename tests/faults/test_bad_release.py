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
        assert await lab.counted() == before < await lab.written()
        spoiled = len(await letters.all())
        assert spoiled <= MOST_LETTERS

        await deploy(lab, Behaviour())
        for letter in await letters.all(state="dead"):
            await letters.retry(letter)
        await lab.until_exact()
        assert await letters.all() == []
        waited = len(lab.writer.acknowledged) - before
        scenario.saw(len(lab.writer.acknowledged), letters=spoiled, events_that_waited_for_the_mend=waited)


async def deploy(lab: Lab, behaviour: Behaviour) -> None:
    """Restart the consumers with this release."""
    lab.release(behaviour)
    await asyncio.to_thread(lab.stack.end_each, *CONSUMERS, by="SIGTERM")
    await asyncio.to_thread(lab.stack.start, *CONSUMERS)


async def lacking(lab: Lab) -> set[str]:
    """The groups that are not up to date."""
    return set(await lab.behind()) - {"unpublished"}


async def brakes(lab: Lab) -> bool:
    """Whether a process has held its group back more than once."""
    logs = [lab.stack.log(name).read_text() for name in CONSUMERS]
    return any(log.count("everything fails") > 1 for log in logs)
