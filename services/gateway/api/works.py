"""/api/works: one work."""

from fastapi import APIRouter, Request, Response

from services.gateway.api.common import PROBLEMS
from services.gateway.clients.works import Work
from services.gateway.conditional import conditional
from services.gateway.gateway import Parts

router = APIRouter(prefix="/api/works", tags=["Works"], responses=PROBLEMS)


@router.get("/{work_id}", response_model=Work)
async def get_work(work_id: str, request: Request, parts: Parts) -> Response:
    """A work with its byline, topics, and title and abstract as given and as safe HTML."""
    return conditional(request, await parts.upstreams.works.work(work_id))
