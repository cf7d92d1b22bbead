"""A researcher's pages, and a work's."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.gateway.clients.graph import Slice
from services.gateway.moved import Moved
from services.gateway.researchers.page import ResearcherPage
from services.gateway.web.forms import form_viewer, pages_source
from services.gateway.web.profile import claim_status, graph_panel, is_owner, profile_page, sign_in
from services.gateway.web.rendering import page
from services.gateway.web.source import Viewer
from services.gateway.web.words import LEVEL_WORDS
from shared.errors import Conflict, Invalid, NotFound, Problem, Unavailable

EVIDENCE: Mapping[str, str] = {
    "email_on_paper": "My e-mail address is printed on one of these works",
    "orcid_third_party": "A publisher printed my ORCID iD with one of these works",
    "arxiv_author_feed": "My arXiv author page lists one of these works",
    "institution_domain": "I have an address at the institution",
}


def router() -> APIRouter:
    """All pages under /researchers/{slug}, and /works/{id}."""
    routes = APIRouter(include_in_schema=False)
    _reading(routes)
    _acting(routes)
    return routes


def _reading(routes: APIRouter) -> None:
    @routes.get("/researchers/{slug}", response_model=None)
    async def profile(request: Request, slug: str) -> Response:
        viewer, person = await _person(request, slug)
        if slug != person.slug:
            raise Moved.within(request, slug, person.slug)
        around = None if "graph" in person.missing else await _slice(request, person)
        return page(request, "researcher.html", viewer, {"page": profile_page(person, around, viewer)})

    @routes.get("/researchers/{slug}/works")
    async def works(request: Request, slug: str, cursor: str | None = None) -> HTMLResponse:
        viewer, person = await _open_person(request, slug)
        listed = await pages_source(request).works(person.id, cursor)
        return page(request, "works.html", viewer, {"person": person, "works": listed, "further": cursor is not None})

    @routes.get("/researchers/{slug}/trust")
    async def trust(request: Request, slug: str) -> HTMLResponse:
        viewer, person = await _open_person(request, slug)
        known = await pages_source(request).trust(person.id)
        if known is None:
            raise Unavailable("The explanation of this score is not available now. Try again in a minute.")
        return page(request, "trust.html", viewer, {"person": person, "trust": known, "checked": LEVEL_WORDS})

    @routes.get("/researchers/{slug}/graph")
    async def graph(request: Request, slug: str) -> HTMLResponse:
        viewer, person = await _open_person(request, slug)
        around = await _slice(request, person, wide=True)
        return page(request, "graph.html", viewer, {"person": person, "graph": graph_panel(person, around)})

    @routes.get("/works/{work_id}")
    async def work(request: Request, work_id: str) -> HTMLResponse:
        source = pages_source(request)
        viewer, found = await asyncio.gather(source.viewer(request), source.work(work_id))
        if found.id != work_id:
            raise Moved.within(request, work_id, found.id)
        return page(request, "work.html", viewer, {"work": found})


def _acting(routes: APIRouter) -> None:
    @routes.post("/researchers/{slug}/follow")
    async def follow(
        request: Request, slug: str, action: Annotated[str, Form()], csrf: Annotated[str, Form()] = ""
    ) -> Response:
        viewer = await form_viewer(request, csrf)
        if viewer is None:
            return RedirectResponse(sign_in(f"/researchers/{slug}"), 303)
        _, person = await _person(request, slug)
        await pages_source(request).set_following(person.id, viewer, following=action == "follow")
        return RedirectResponse(f"/researchers/{person.slug}#actions", 303)

    @routes.get("/researchers/{slug}/claim", response_model=None)
    async def claim_form(request: Request, slug: str) -> Response:
        source = pages_source(request)
        viewer = await source.account(request)
        if viewer is None:
            return RedirectResponse(sign_in(f"/researchers/{slug}/claim"), 303)
        person = await source.researcher(slug, viewer)
        return _claim_page(request, viewer, person)

    @routes.post("/researchers/{slug}/claim", response_model=None)
    async def claim(
        request: Request,
        slug: str,
        csrf: Annotated[str, Form()] = "",
        evidence: Annotated[list[str] | None, Form()] = None,
    ) -> Response:
        viewer = await form_viewer(request, csrf)
        if viewer is None:
            return RedirectResponse(sign_in(f"/researchers/{slug}/claim"), 303)
        _, person = await _person(request, slug)
        chosen = [name for name in evidence or () if name in EVIDENCE]
        try:
            await pages_source(request).claim(person.id, viewer, chosen)
        except (Conflict, Invalid) as problem:
            return _claim_page(request, viewer, person, problem)
        return RedirectResponse(f"/researchers/{person.slug}/claim", 303)


def _claim_page(
    request: Request, viewer: Viewer, person: ResearcherPage, problem: Problem | None = None
) -> HTMLResponse:
    context = {
        "person": person,
        "status": claim_status(person),
        "mine": is_owner(person),
        "evidence": EVIDENCE,
        "problem": problem.detail if problem else None,
    }
    return page(request, "claim.html", viewer, context, problem.status if problem else 200)


async def _person(request: Request, slug: str) -> tuple[Viewer | None, ResearcherPage]:
    source = pages_source(request)
    viewer = await source.viewer(request)
    return viewer, await source.researcher(slug, viewer)


async def _open_person(request: Request, slug: str) -> tuple[Viewer | None, ResearcherPage]:
    viewer, person = await _person(request, slug)
    if slug != person.slug:
        raise Moved.within(request, slug, person.slug)
    if claim_status(person) == "closed":
        raise NotFound("This page was closed at the person's wish.")
    return viewer, person


async def _slice(request: Request, person: ResearcherPage, *, wide: bool = False) -> Slice | None:
    return await pages_source(request).slice(person.id, wide=wide)
