"""Conditional answers: an ETag over the content, and 304 for those who have it already."""

from hashlib import blake2b

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response


def conditional(request: Request, content: BaseModel, *, private: bool = False) -> Response:
    """The content as JSON with a weak ETag, or 304. Caches ask again each time; `private` is for one account alone."""
    body = content.model_dump_json().encode()
    etag = f'W/"{blake2b(body, digest_size=12).hexdigest()}"'
    headers = {
        "ETag": etag,
        "Cache-Control": "private, no-cache" if private else "no-cache",
        "Vary": "Cookie, Authorization",
    }
    if has_current(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def has_current(if_none_match: str, etag: str) -> bool:
    """Whether the header names this ETag, by the weak comparison of RFC 9110, 13.1.2."""
    named = [one.strip() for one in if_none_match.split(",")]
    return "*" in named or etag.removeprefix("W/") in {one.removeprefix("W/") for one in named}
