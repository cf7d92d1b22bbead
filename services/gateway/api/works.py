"""/api/works: one work, and the search for works."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from services.gateway.api.common import PROBLEMS
from services.gateway.clients.works import Work, WorkPage, WorkQuery
from services.gateway.conditional import conditional
from services.gateway.gateway import Parts
from services.gateway.moved import Moved

router = APIRouter(prefix="/api/works", tags=["Works"], responses=PROBLEMS)


class Searched(BaseModel):
    """What the address asks for."""

    q: Annotated[str, Field(max_length=200, description="Words; the last one may be a beginning")] = ""
    author: Annotated[str | None, Field(max_length=200, description="An author's id")] = None
    topic: Annotated[str | None, Field(max_length=200, description="A topic's id, such as `arxiv:cs.LG`")] = None
    year: Annotated[int | None, Field(ge=1000, le=9999)] = None
    source: Annotated[str | None, Field(max_length=100, description="Such as `arXiv`")] = None
    kind: Annotated[str | None, Field(max_length=40, description="Such as `preprint`")] = None
    cursor: Annotated[str | None, Field(max_length=500)] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


@router.get("", response_model=WorkPage)
async def search_works(
    request: Request,
    parts: Parts,
    query: Annotated[Searched, Query()],
) -> Response:
    """Works by words of title, byline and topics, and by author, topic, year, source and kind; the best match first."""
    wanted = WorkQuery.model_validate(query.model_dump())
    return conditional(request, await parts.upstreams.works.search(wanted, query.cursor, query.limit))


@router.get("/{work_id}", response_model=Work)
async def get_work(work_id: str, request: Request, parts: Parts) -> Response:
    """A work with its byline, topics, and title and abstract as given and as safe HTML."""
    work = await parts.upstreams.works.work(work_id)
    if work.id != work_id:
        raise Moved.within(request, work_id, work.id)
    return conditional(request, work)
