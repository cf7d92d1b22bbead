"""Start page, search, about, and the sheet of components."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.gateway.clients.works import WorkPage, WorkQuery
from services.gateway.web.forms import pages_source
from services.gateway.web.rendering import page
from services.gateway.web.samples.sheet import component_sheet

QUERY_LENGTH = 200
YEAR_LENGTH = 4


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

    @routes.get("/works")
    async def works(
        request: Request, cursor: str | None = None, q: str = "", year: str = "", topic: str = ""
    ) -> HTMLResponse:
        """Works by words, year and topic. A year that is none is said to be wrong, and nothing is searched."""
        source = pages_source(request)
        query, wrong = " ".join(q.split())[:QUERY_LENGTH], bool(year.strip()) and not _is_year(year)
        wanted = WorkQuery(
            q=query, year=int(year) if _is_year(year) else None, topic=topic.strip()[:QUERY_LENGTH] or None
        )
        found = WorkPage() if wrong else await source.found_works(wanted, cursor)
        context = {
            "found": found,
            "wanted": wanted,
            "year": year.strip()[:10],
            "wrong": wrong,
            "further": cursor is not None,
        }
        return page(request, "found_works.html", await source.viewer(request), context)

    @routes.get("/about")
    async def about(request: Request) -> HTMLResponse:
        return page(request, "about.html", await pages_source(request).viewer(request), {})

    @routes.get("/design")
    async def design(request: Request) -> HTMLResponse:
        return page(request, "design.html", await pages_source(request).viewer(request), {"sheet": component_sheet()})

    return routes


def _is_year(text: str) -> bool:
    return text.strip().isdecimal() and text.strip().isascii() and len(text.strip()) == YEAR_LENGTH
