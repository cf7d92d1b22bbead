"""Checks that every form needs: it is the signed-in person's own, and leads back to this site.

That no other site sent it is checked before, for every write, by the gateway's middleware.
"""

from hmac import compare_digest
from urllib.parse import quote, urlsplit

from fastapi import Request

from services.gateway.web.source import PageData, Viewer
from shared.errors import Forbidden


def pages_source(request: Request) -> PageData:
    """Where the pages get what they show."""
    source: PageData = request.app.state.pages_source
    return source


def local_path(value: str | None) -> str:
    """The path to return to, if it is one of this site; else the start page."""
    if not value or not value.startswith("/") or value.startswith("//") or "\\" in value:
        return "/"
    if any(ord(character) < 0x20 for character in value):
        return "/"
    parts = urlsplit(value)
    if parts.scheme or parts.netloc or parts.path.startswith("/sign-in"):
        return "/"
    return quote(value, safe="/?&=:%#")


async def form_viewer(request: Request, csrf: str) -> Viewer | None:
    """The signed-in person who sent this form; None when the session has ended."""
    viewer = await pages_source(request).account(request)
    if viewer and not compare_digest(viewer.csrf.encode(), csrf.encode()):
        raise Forbidden("This form is out of date. Go back, load the page again and repeat.")
    return viewer
