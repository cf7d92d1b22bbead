"""Errors as people and programs want them: a page in a browser, problem details (RFC 9457) everywhere else."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from secure import Secure
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from services.gateway.csrf import is_from_elsewhere
from services.gateway.sessions import has_bearer
from services.gateway.web import error_page, wants_page
from shared.errors import Forbidden, Invalid, Problem
from shared.http import problem_for_status, problem_response

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def answer_problem(request: Request, problem: Problem, **extra: object) -> Response:
    """The problem as a page or as problem details, whichever the request wants."""
    response: Response
    if wants_page(request):
        response = error_page(request, problem.status, problem.title, problem.detail)
        if problem.retry_after is not None:
            response.headers["Retry-After"] = str(problem.retry_after)
    else:
        response = problem_response(problem, **extra)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"  # RFC 9110, 15.5.2: every 401 names a way to sign in
    return response


def add_problem_pages(app: FastAPI, headers: Secure) -> None:
    """Answer every error of the app so; what nobody foresaw as well, with `headers`, which no middleware can add."""

    async def on_crash(request: Request, _: Exception) -> Response:
        response = answer_problem(request, _crash())
        headers.set_headers(response)
        return response

    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, on_crash)


async def _on_problem(request: Request, error: Exception) -> Response:
    return answer_problem(request, error if isinstance(error, Problem) else _crash())


async def _on_invalid(request: Request, error: Exception) -> Response:
    places = error.errors() if isinstance(error, RequestValidationError) else []
    wrong = [{"where": ".".join(map(str, place["loc"])), "what": place["msg"]} for place in places]
    said = "; ".join(f"{item['where']}: {item['what']}" for item in wrong)
    return answer_problem(request, Invalid(f"Correct this and send it again: {said}"), errors=wrong)


async def _on_http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    problem = problem_for_status(status, _detail(request, status, error))
    response = answer_problem(request, problem)
    response.headers.update(getattr(error, "headers", None) or {})
    return response


def _detail(request: Request, status: int, error: Exception) -> str:
    if status == 404:
        return f"There is nothing at {request.url.path}. The routes are listed at /api/docs."
    if status == 405:
        return f"{request.url.path} does not take {request.method}. The routes are listed at /api/docs."
    return str(getattr(error, "detail", ""))


def _crash() -> Problem:
    return Problem("This is our fault. Try again in a moment; if it stays so, tell the people who run this site.")


class SameOriginWrites:
    """Middleware: refuses every write that another site's page sends, sign-in forms included."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in _SAFE:
            request = Request(scope)
            if not has_bearer(request) and is_from_elsewhere(request, self._public_url):
                detail = "This was sent from a page of another site. Open this site's own page and do it there."
                await answer_problem(request, Forbidden(detail, slug="cross-site"))(scope, receive, send)
                return
        await self._app(scope, receive, send)
