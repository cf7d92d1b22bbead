"""Sign-in and inbox."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.gateway.web.forms import form_viewer, local_path, pages_source
from services.gateway.web.profile import sign_in as sign_in_path
from services.gateway.web.rendering import page
from shared.errors import Invalid, Problem


def router() -> APIRouter:
    """Pages of the person who is, or wants to be, signed in."""
    routes = APIRouter(include_in_schema=False)
    _signing_in(routes)
    _inbox(routes)
    return routes


def _signing_in(routes: APIRouter) -> None:
    @routes.get("/sign-in", response_model=None)
    async def ask(request: Request, next: str = "/", sent: bool = False) -> Response:  # noqa: A002 - the address says it
        viewer = await pages_source(request).viewer(request)
        if viewer:
            return RedirectResponse(local_path(next), 303)
        context = {"next": local_path(next), "sent": sent, "email": "", "problem": None}
        return page(request, "sign_in.html", None, context)

    @routes.post("/sign-in", response_model=None)
    async def send_link(
        request: Request,
        email: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = "/",  # noqa: A002 - the address says it
    ) -> Response:
        back = local_path(next)
        try:
            await pages_source(request).send_sign_in_link(email.strip(), back)
        except Invalid as problem:
            context = {"next": back, "sent": False, "email": email, "problem": problem.detail}
            return page(request, "sign_in.html", None, context, problem.status)
        return RedirectResponse("/sign-in?sent=true", 303)

    @routes.get("/sign-in/{token}")
    async def confirm(request: Request, token: str, next: str = "/") -> HTMLResponse:  # noqa: A002 - as above
        return page(request, "confirm.html", None, {"token": token, "next": local_path(next), "problem": None})

    @routes.post("/sign-in/{token}", response_model=None)
    async def enter(
        request: Request,
        token: str,
        next: Annotated[str, Form()] = "/",  # noqa: A002 - as above
    ) -> Response:
        back = local_path(next)
        response = RedirectResponse(back, 303)
        try:
            await pages_source(request).sign_in(token, response)
        except Problem as problem:
            context = {"token": token, "next": back, "problem": problem.detail}
            return page(request, "confirm.html", None, context, problem.status)
        return response

    @routes.post("/sign-out")
    async def leave(request: Request, csrf: Annotated[str, Form()] = "") -> Response:
        response = RedirectResponse("/", 303)
        if await form_viewer(request, csrf):
            await pages_source(request).sign_out(request, response)
        return response


def _inbox(routes: APIRouter) -> None:
    @routes.get("/inbox", response_model=None)
    async def inbox(request: Request, cursor: str | None = None) -> Response:
        source = pages_source(request)
        viewer = await source.account(request)
        if viewer is None:
            return RedirectResponse(sign_in_path("/inbox"), 303)
        listed = await source.notifications(viewer, cursor)
        return page(request, "inbox.html", viewer, {"notices": listed, "further": cursor is not None})

    @routes.post("/inbox/read")
    async def read(
        request: Request, csrf: Annotated[str, Form()] = "", ids: Annotated[list[str] | None, Form()] = None
    ) -> Response:
        viewer = await form_viewer(request, csrf)
        if viewer is None:
            return RedirectResponse(sign_in_path("/inbox"), 303)
        await pages_source(request).mark_read(viewer, ids)
        return RedirectResponse("/inbox", 303)
