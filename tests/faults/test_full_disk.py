"""The database's disk runs full under load: writes fail, no confirmed one is lost, and all goes on afterwards."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.lab import disk
from tests.lab.scenario import Scenario
from tests.lab.system import PARTS, Lab, running_lab
from tests.lab.waiting import until_seldom

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("fast_server")]
EVENTS = 20_000
PACE = 2_000
DISK_MEGABYTES = 400


async def test_a_full_disk_fails_writes_and_loses_none(scenario: Scenario, tmp_path: Path) -> None:
    if reason := disk.why_not(tmp_path / "tried"):
        pytest.skip(reason)
    async with running_lab(start=()) as lab, on_a_small_disk(lab):
        async with lab.writer.writing(EVENTS, per_second=PACE):
            await lab.until_counted(EVENTS // 4)
            await asyncio.to_thread(disk.fill, lab.stack.database)
            await until_seldom(lambda: fails(lab), equals=True)
            await asyncio.to_thread(disk.free, lab.stack.database)
            await asyncio.to_thread(lab.stack.kill, "mongodb")
            await asyncio.to_thread(lab.stack.start, "mongodb")
        await lab.until_exact()
        scenario.saw(len(lab.writer.acknowledged), unconfirmed_transactions=lab.writer.failures)


async def fails(lab: Lab) -> bool:
    """Whether writes fail. The server may have ended over it, as mongod does, or answer everything with an error."""
    return lab.writer.failures > 0 or not lab.stack.alive("mongodb")


@asynccontextmanager
async def on_a_small_disk(lab: Lab) -> AsyncIterator[None]:
    """All parts of the lab run, the database on a disk that can be filled."""
    stack = lab.stack
    await asyncio.to_thread(stack.stop, "mongodb")
    with disk.small_disk(stack.database, DISK_MEGABYTES):
        try:
            await asyncio.to_thread(stack.start, "mongodb")
            await asyncio.to_thread(stack.start, *PARTS)
            yield
        finally:
            await asyncio.to_thread(stack.end_each, *PARTS, "mongodb", by="SIGKILL")
