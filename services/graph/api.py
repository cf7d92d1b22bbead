"""The routes of the graph service; for the system's own services only."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.graph import queries
from services.graph.domain.slices.model import Limits, Slice
from services.graph.store import Counts, GraphStore
from shared.auth import Caller


def graph_router(store: GraphStore) -> APIRouter:
    """The service's routes on its store."""
    router = APIRouter()

    @router.get("/slice/{author_id}")
    async def get_slice(author_id: str, _: Caller, limits: Annotated[Limits, Query()]) -> Slice:
        """The works, people, topics and institutions around a person, and why each is there."""
        return await queries.get_slice(store, author_id, limits)

    @router.get("/collaborators/{author_id}")
    async def get_collaborators(author_id: str, _: Caller) -> queries.Collaborators:
        """Whom the person works with most closely."""
        return await queries.get_collaborators(store, author_id)

    @router.get("/counts")
    async def get_counts(_: Caller) -> Counts:
        """How much the views hold."""
        return await store.counts()

    return router
