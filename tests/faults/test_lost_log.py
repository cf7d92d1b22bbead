"""A broker loses events that it had acknowledged: read ones and unread ones, the last of their subjects among them."""

import asyncio

import pytest

from tests.lab import broker_log
from tests.lab.exact import unpublished
from tests.lab.scenario import Scenario
from tests.lab.system import CONSUMERS, Lab
from tests.waiting import until

pytestmark = pytest.mark.faults
BEFORE, UNREAD, AFTER = 20_000, 2_000, 3_000
NEVER_SEEN = [f"only-here-{n:03}" for n in range(200)]
"""Followees of whom no view has an event when all of theirs are lost, and none follows."""

KEPT = (0.0, 0.5, 0.97, 0.97, 1.0)
"""Shares of what was read that partitions keep; none keeps what was unread but the last, which is not touched.

Where little is cut, what comes later fills the log beyond the place that the groups had reached: they go on there, and
no error tells them that they missed anything.
"""


async def test_a_broker_that_lost_its_tail_loses_nothing(lab: Lab, scenario: Scenario) -> None:
    stack, log = lab.stack, lab.stack.broker_log
    await lab.writer.write(BEFORE)
    await lab.until_exact()
    await asyncio.to_thread(stack.end_each, *CONSUMERS, by="SIGTERM")
    read = broker_log.next_offsets(log, "follows.v1")
    await lab.writer.write_of(NEVER_SEEN)
    await lab.writer.write(UNREAD)
    await until(lambda: unpublished(lab.owner, lab.counter), equals=0)

    await asyncio.to_thread(stack.kill, "kafka")
    lost = broker_log.cut(log, "follows.v1", kept_of(read))
    told = broker_log.next_offsets(log, "graph.v1")
    lost += broker_log.cut(log, "graph.v1", kept_of(told))
    await asyncio.to_thread(stack.start, "kafka")
    await lab.writer.write(AFTER)
    await until(lambda: unpublished(lab.owner, lab.counter), equals=0)
    grown = broker_log.next_offsets(log, "follows.v1")
    assert [grown[partition] > read[partition] for partition in range(len(KEPT))] == [False, False, True, True, True]
    await asyncio.to_thread(stack.start, *CONSUMERS)

    await lab.until_exact()
    scenario.saw(BEFORE + UNREAD + AFTER, lost_by_the_broker=lost)


def kept_of(read: dict[int, int]) -> dict[int, int]:
    """How far each partition is kept."""
    return {partition: int(read[partition] * share) for partition, share in enumerate(KEPT)}
