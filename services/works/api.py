"""Routes of the works service. All but health need the internal token."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request

from services.works.queries import authors, imports, works
from services.works.queries.paging import MAX_LIMIT
from services.works.search import people
from services.works.search import works as found_works
from services.works.store.catalogue import Catalogue
from services.works.store.jobs import Jobs
from services.works.uploads import FileImport, read_import
from services.works.usecases.steer import Steering, steer
from services.works.usecases.submit import SubmitImport
from shared.auth import caller

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]


def works_router(catalogue: Catalogue, jobs: Jobs, submit: SubmitImport, upload_bytes: int) -> APIRouter:
    """All routes."""
    router = APIRouter(dependencies=[Depends(caller)])
    _add_authors(router, catalogue)
    _add_imports(router, jobs, submit, upload_bytes)

    @router.get("/works/{work_id}")
    async def work(work_id: str) -> works.WorkItem:
        return await works.get_work(catalogue, work_id)

    @router.get("/counts")
    async def counts() -> imports.Counts:
        return await imports.get_counts(catalogue, jobs)

    return router


def _add_authors(router: APIRouter, catalogue: Catalogue) -> None:
    @router.get("/search/people")
    async def search_for_people(
        q: str = "",
        topic: str | None = None,
        institution: str | None = None,
        cursor: str | None = None,
        limit: Limit = 20,
    ) -> people.AuthorPage:
        return await people.search_people(catalogue, q, topic, institution, cursor, limit)

    @router.get("/search/works")
    async def search_for_works(
        query: Annotated[found_works.WorkQuery, Depends()], cursor: str | None = None, limit: Limit = 20
    ) -> found_works.FoundWorks:
        return await found_works.search_works(catalogue, query, cursor, limit)

    @router.get("/authors/resolve/{id_or_slug}")
    async def resolve(id_or_slug: str) -> authors.AuthorRef:
        return await authors.resolve_author(catalogue, id_or_slug)

    @router.get("/authors/{author_id}")
    async def author(author_id: str) -> authors.AuthorFacts:
        return await authors.get_author(catalogue, author_id)

    @router.get("/authors/{author_id}/works")
    async def works_of(author_id: str, cursor: str | None = None, limit: Limit = 20) -> works.WorkPage:
        return await works.list_works(catalogue, author_id, cursor, limit)


def _add_imports(router: APIRouter, jobs: Jobs, submit: SubmitImport, upload_bytes: int) -> None:
    @router.post("/imports", status_code=202)
    async def start(request: Request, idempotency_key: Annotated[str | None, Header()] = None) -> dict[str, str]:
        wanted = await read_import(request, upload_bytes)
        if isinstance(wanted, FileImport):
            job = await submit.file(wanted.source, wanted.data, idempotency_key)
        else:
            job = await submit.query(wanted.source, wanted.query, wanted.limit, idempotency_key)
        return {"id": job.id, "status": job.status}

    @router.get("/imports")
    async def listed(limit: Limit = 20) -> imports.ImportList:
        return await imports.list_imports(jobs, limit)

    @router.post("/imports/{import_id}/{steering}")
    async def steered(import_id: str, steering: Steering) -> imports.ImportState:
        await steer(jobs, import_id, steering)
        return await imports.get_import(jobs, import_id)

    @router.get("/imports/{import_id}")
    async def state(import_id: str) -> imports.ImportState:
        return await imports.get_import(jobs, import_id)
