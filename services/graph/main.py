"""The graph service, put together: `python -m services.graph.main`."""

from fastapi import APIRouter

from services.graph.api import graph_router
from services.graph.consumers import subscribe
from services.graph.settings import GraphSettings
from services.graph.store import GraphStore
from services.graph.views.people import PEOPLE
from services.graph.views.works import WORKS
from shared.messaging.consumer import Consumers
from shared.service import Parts, Service, run


def api(parts: Parts[GraphSettings]) -> APIRouter:
    """The routes."""
    return graph_router(GraphStore(parts.views))


def consumer(_: Parts[GraphSettings], consumers: Consumers) -> None:
    """The consumer groups."""
    subscribe(consumers)


async def prepare(parts: Parts[GraphSettings]) -> None:
    """Create the indexes."""
    await parts.views.prepare(PEOPLE)
    await parts.views.prepare(WORKS)


GRAPH = Service("graph", GraphSettings, api=api, prepare=prepare, consumer=consumer)

if __name__ == "__main__":
    run(GRAPH)
