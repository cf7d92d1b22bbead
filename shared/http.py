"""HTTP between services: a client that knows this system's errors, and the answers to those errors."""

from http import HTTPStatus
from typing import Any

import httpx2
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from opentelemetry import propagate
from starlette.exceptions import HTTPException

from shared.auth import Principal, internal_token
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Problem, TooLarge, TooMany, Unauthorised, Unavailable

PROBLEM_JSON = "application/problem+json"
_BY_STATUS: dict[int, type[Problem]] = {
    kind.status: kind for kind in (Invalid, Unauthorised, Forbidden, NotFound, Conflict, TooLarge, TooMany, Unavailable)
}


class ServiceClient:
    """Calls one service on behalf of a principal. Its problems come back as the same exceptions here."""

    def __init__(self, base_url: str, key: str, caller: str, client: httpx2.AsyncClient) -> None:
        self._base_url = base_url.rstrip("/")
        self._key = key
        self._caller = caller
        self._client = client

    async def send(  # noqa: PLR0913 - one request has that many sides
        self,
        method: str,
        path: str,
        *,
        account_id: str | None = None,
        reviewer: bool = False,
        params: dict[str, str | int | None] | None = None,
        json: object = None,
        files: dict[str, tuple[str, bytes, str]] | None = None,
        headers: dict[str, str] | None = None,
        seconds: float = 5.0,
    ) -> Any:
        """The answer's JSON, or None for an empty one. Raises a Problem; Unavailable when nobody answers."""
        token = internal_token(self._key, Principal(caller=self._caller, account_id=account_id, reviewer=reviewer))
        sent = {**(headers or {}), "Authorization": f"Bearer {token}"}
        propagate.inject(sent)
        try:
            answer = await self._client.request(
                method,
                self._base_url + path,
                params={name: value for name, value in (params or {}).items() if value is not None},
                json=json,
                files=files,
                headers=sent,
                timeout=seconds,
            )
        except httpx2.TransportError as error:
            raise Unavailable(f"{self._base_url} does not answer; try again in a moment.", retry_after=5) from error
        if answer.is_error:
            raise _problem_of(answer)
        return answer.json() if answer.content else None

    async def get_json(self, path: str, **options: Any) -> Any:
        """GET, as `send`."""
        return await self.send("GET", path, **options)


def _problem_of(answer: httpx2.Response) -> Problem:
    try:
        body = answer.json()
        detail, slug = str(body["detail"]), str(body["type"]).rsplit("/", 1)[-1]
    except (ValueError, KeyError, TypeError):
        detail, slug = f"{answer.url.host} answered {answer.status_code}.", None
    kind = _BY_STATUS.get(answer.status_code, Unavailable)
    retry_after = answer.headers.get("retry-after", "")
    return kind(detail, slug=slug, retry_after=int(retry_after) if retry_after.isdigit() else None)


def problem_response(problem: Problem, **extra: object) -> JSONResponse:
    """RFC 9457 problem details."""
    body = {
        "type": f"/problems/{problem.slug}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        **extra,
    }
    headers = {"Retry-After": str(problem.retry_after)} if problem.retry_after is not None else None
    return JSONResponse(body, problem.status, headers, media_type=PROBLEM_JSON)


def add_problem_handlers(app: FastAPI) -> None:
    """Answer every error of the app with problem details."""

    async def on_problem(_: Request, error: Exception) -> JSONResponse:
        return problem_response(error if isinstance(error, Problem) else Problem("Try again in a moment."))

    async def on_invalid(_: Request, error: Exception) -> JSONResponse:
        places = error.errors() if isinstance(error, RequestValidationError) else []
        wrong = [{"where": ".".join(map(str, place["loc"])), "what": place["msg"]} for place in places]
        said = "; ".join(f"{item['where']}: {item['what']}" for item in wrong)
        return problem_response(Invalid(f"Correct this and send it again: {said}"), errors=wrong)

    async def on_http(_: Request, error: Exception) -> JSONResponse:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return problem_response(problem_for_status(status, str(getattr(error, "detail", ""))))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_problem)


def problem_for_status(status: int, detail: str) -> Problem:
    """A problem for a bare HTTP status, such as the framework's own 404 and 405."""
    kind = _BY_STATUS.get(status)
    if kind is not None:
        return kind(detail)
    problem = Problem(detail, slug=f"http-{status}")
    problem.status, problem.title = status, HTTPStatus(status).phrase
    return problem
