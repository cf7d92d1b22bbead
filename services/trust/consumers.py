"""What feeds the view, and the sweep that notices that time has passed."""

import asyncio

import structlog
from pymongo.errors import PyMongoError

from services.trust.store import TrustStore
from services.trust.views.settling import RECORDS, SWEEP
from shared.clock import Clock
from shared.messaging.consumer import Consumers
from shared.messaging.views import Views

_log = structlog.get_logger()


def subscribe(consumers: Consumers) -> None:
    """Keep the records in step with their topics."""
    consumers.project(RECORDS)


async def settle_due(store: TrustStore, views: Views, clock: Clock) -> int:
    """Weigh again every record that is due; says how many. Doing it twice changes nothing."""
    settled = 0
    while author_ids := await store.due(clock()):
        await views.settle(RECORDS, author_ids, SWEEP)
        settled += len(author_ids)
    return settled


async def sweep(store: TrustStore, views: Views, clock: Clock, every_seconds: float) -> None:
    """Settle what is due, again and again, until cancelled. Every process of the role may do it at once."""
    while True:
        try:
            await settle_due(store, views, clock)
        except PyMongoError as error:
            _log.warning("the sweep waits for MongoDB", error=str(error)[:200])
        await asyncio.sleep(every_seconds)
