"""/api/researchers: the page of a researcher, its panels one by one, and the search for people."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.gateway.api.common import PROBLEMS, Cursor, Limit
from services.gateway.clients.base import Model
from services.gateway.clients.graph import Collaborator, Slice
from services.gateway.clients.profiles import FollowerCount
from services.gateway.clients.trust import Trust
from services.gateway.clients.works import AuthorPage, WorkPage
from services.gateway.conditional import conditional
from services.gateway.gateway import AuthorOf, ByReader, Parts
from services.gateway.moved import Moved
from services.gateway.researchers.page import ResearcherPage
from services.gateway.researchers.slices import SliceLimits, quotas

router = APIRouter(prefix="/api/researchers", tags=["Researchers"], responses=PROBLEMS)


class CollaboratorList(Model):
    """The close collaborators, and how many collaborators there are in all."""

    items: tuple[Collaborator, ...] = ()
    next_cursor: str | None = None
    total: int = 0


@router.get("", response_model=AuthorPage)
async def search_researchers(
    request: Request,
    parts: Parts,
    q: Annotated[str, Query(max_length=200, description="A name, or part of one; empty lists everybody")] = "",
    topic: Annotated[str | None, Query(max_length=200, description="A topic's id, such as `arxiv:cs.LG`")] = None,
    institution: Annotated[str | None, Query(max_length=200, description="Words of an institution's name")] = None,
    cursor: Cursor = None,
    limit: Limit = 20,
) -> Response:
    """Researchers by name, topic and institution, the best match first. One slip in each word of a name is forgiven."""
    found = await parts.upstreams.works.authors(q.strip(), cursor, limit, topic, institution)
    return conditional(request, found)


@router.get("/{id_or_slug}", response_model=ResearcherPage)
async def get_researcher(id_or_slug: str, request: Request, parts: Parts, reader: ByReader) -> Response:
    """A researcher's page in one answer, by id or slug.

    Answers 200 as long as anybody can say who this is: services that do not answer in time are named in `missing`.
    """
    page = await parts.researchers.page(id_or_slug, reader)
    if id_or_slug not in {page.id, page.slug}:
        raise Moved.within(request, id_or_slug, page.id)
    return conditional(request, page, private=reader.session is not None)


@router.get("/{id_or_slug}/works", response_model=WorkPage)
async def list_works(
    author: AuthorOf, request: Request, parts: Parts, cursor: Cursor = None, limit: Limit = 20
) -> Response:
    """The researcher's works, the newest first."""
    return conditional(request, await parts.upstreams.works.works_of(author.id, cursor, limit))


@router.get("/{id_or_slug}/trust", response_model=Trust)
async def get_trust(author: AuthorOf, request: Request, parts: Parts) -> Response:
    """How sure the system is that the record is one real person, rightly sourced; why, and what would raise it."""
    return conditional(request, await parts.upstreams.trust.trust(author.id))


@router.get("/{id_or_slug}/collaborators", response_model=CollaboratorList)
async def list_collaborators(author: AuthorOf, request: Request, parts: Parts) -> Response:
    """The close collaborators: the smallest set with two thirds of the strength of all common work."""
    found = await parts.upstreams.graph.collaborators(author.id)
    return conditional(request, CollaboratorList(items=found.close, total=found.total))


@router.get("/{id_or_slug}/followers", response_model=FollowerCount)
async def count_followers(author: AuthorOf, request: Request, parts: Parts) -> Response:
    """How many follow the researcher. Who they are is not shown."""
    return conditional(request, await parts.upstreams.profiles.followers(author.id))


@router.get("/{id_or_slug}/graph", response_model=Slice)
async def get_graph(
    author: AuthorOf, request: Request, parts: Parts, limits: Annotated[SliceLimits, Query()]
) -> Response:
    """The part of the research graph around the person, and how much of it was left out."""
    return conditional(request, await parts.upstreams.graph.slice(author.id, quotas(limits)))
