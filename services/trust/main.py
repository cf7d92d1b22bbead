"""The trust service, put together: `python -m services.trust.main`."""

from collections.abc import Coroutine, Sequence
from typing import Any

from fastapi import APIRouter

from services.trust.api import trust_router
from services.trust.consumers import subscribe, sweep
from services.trust.settings import TrustSettings
from services.trust.store import TrustStore
from services.trust.views.settling import RECORDS
from shared.messaging.consumer import Consumers
from shared.service import Parts, Service, run


def api(parts: Parts[TrustSettings]) -> APIRouter:
    """The routes."""
    return trust_router(TrustStore(parts.mongo, parts.views))


def consumer(_: Parts[TrustSettings], consumers: Consumers) -> None:
    """The consumer groups."""
    subscribe(consumers)


def background(parts: Parts[TrustSettings]) -> Sequence[Coroutine[Any, Any, None]]:
    """What the consumer role does beside consuming."""
    return (sweep(TrustStore(parts.mongo, parts.views), parts.views, parts.clock, parts.settings.sweep_seconds),)


async def prepare(parts: Parts[TrustSettings]) -> None:
    """Create the indexes."""
    await parts.views.prepare(RECORDS)


TRUST = Service("trust", TrustSettings, api=api, prepare=prepare, consumer=consumer, background=background)

if __name__ == "__main__":
    run(TRUST)
