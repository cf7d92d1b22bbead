"""Start page, search, about, and the sheet of components."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.gateway.web.forms import pages_source
from services.gateway.web.rendering import page
from services.gateway.web.samples.sheet import component_sheet

QUERY_LENGTH = 200


def router() -> APIRouter:
    """Pages about nobody in particular."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/")
    async def home(request: Request) -> HTMLResponse:
        source = pages_source(request)
        known = await source.researchers("", None)
        return page(request, "home.html", await source.viewer(request), {"known": known})

    @routes.get("/researchers")
    async def search(request: Request, q: str = "", cursor: str | None = None) -> HTMLResponse:
        source = pages_source(request)
        query = " ".join(q.split())[:QUERY_LENGTH]
        found = await source.researchers(query, cursor)
        context = {"found": found, "query": query, "further": cursor is not None}
        return page(request, "researchers.html", await source.viewer(request), context)

    @routes.get("/about")
    async def about(request: Request) -> HTMLResponse:
        return page(request, "about.html", await pages_source(request).viewer(request), {})

    @routes.get("/design")
    async def design(request: Request) -> HTMLResponse:
        return page(request, "design.html", await pages_source(request).viewer(request), {"sheet": component_sheet()})

    return routes
