"""The composition root of notify: `python -m services.notify.main`."""

from fastapi import APIRouter

from services.notify.api import notify_router
from services.notify.consumers import subscribe
from services.notify.settings import NotifySettings
from services.notify.store import NotifyStore
from services.notify.usecases import Notify
from services.notify.views.followers import FOLLOWERS
from shared.messaging.consumer import Consumers
from shared.service import Parts, Service, run


def api(parts: Parts[NotifySettings]) -> APIRouter:
    """The routes."""
    return notify_router(NotifyStore(parts.mongo, parts.views))


def consumer(parts: Parts[NotifySettings], consumers: Consumers) -> None:
    """The consumer groups."""
    subscribe(
        consumers, Notify(parts.mongo, parts.log, parts.views, NotifyStore(parts.mongo, parts.views), parts.clock)
    )


async def prepare(parts: Parts[NotifySettings]) -> None:
    """Create the indexes."""
    await parts.views.prepare(FOLLOWERS)
    await NotifyStore(parts.mongo, parts.views).prepare()


NOTIFY = Service("notify", NotifySettings, api=api, prepare=prepare, consumer=consumer)

if __name__ == "__main__":
    run(NOTIFY)
