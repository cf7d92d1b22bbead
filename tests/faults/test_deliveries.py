"""Whatever the broker does to the order and the number of deliveries, each event counts once and in its turn."""

import asyncio
import random

import pytest

from shared.messaging.eventlog import EVENTS, from_document
from tests.lab.deliveries import deliver, disordered
from tests.lab.scenario import Scenario
from tests.lab.system import CONSUMERS, OWNERS, running_lab
from tests.lab.waiting import until_seldom

pytestmark = [pytest.mark.faults, pytest.mark.usefixtures("fast_server")]
EVENTS_WRITTEN = 20_000


async def test_events_delivered_twice_late_and_out_of_order_count_once(scenario: Scenario) -> None:
    async with running_lab(start=("counter", *CONSUMERS)) as lab:
        await lab.writer.write(EVENTS_WRITTEN)
        log = lab.owner.collection(EVENTS)
        written = [from_document(document) for document in await log.find({}).sort("_id", 1).to_list(None)]
        await log.update_many({}, {"$unset": {"unpublished": ""}})
        envelopes = [one for one in written if one is not None]
        deliveries = disordered(envelopes, random.Random(1))
        sent = await deliver(lab.stack.env["KAFKA_BOOTSTRAP_SERVERS"], deliveries)
        await until_seldom(lab.differences, equals=[])
        await asyncio.to_thread(lab.stack.start, *OWNERS)
        await lab.until_exact()
        scenario.saw(EVENTS_WRITTEN, deliveries=sent)
