"""Templates to responses. The gateway's middleware adds the security headers."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.gateway.web import words
from services.gateway.web.assets_route import asset_url
from services.gateway.web.drawing import shapes
from services.gateway.web.source import Viewer

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Installation:
    """What differs between installations, in `app.state.pages_installation`."""

    contact: str | None = None
    """Where corrections and removals are asked for: an e-mail address."""
    fonts: bool = False
    """Whether our faces are served; without them the system's are used."""


def environment() -> Environment:
    """The templates with the words they use."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html", "svg")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(
        day=words.day,
        moment=words.moment,
        points=words.points,
        plural=words.plural,
        counted=words.counted,
        status_words=words.status_words,
    )
    env.globals.update(asset=asset_url, shapes=shapes())
    return env


ENVIRONMENT = environment()


def page(
    request: Request, template: str, viewer: Viewer | None, context: Mapping[str, object], status: int = 200
) -> HTMLResponse:
    """Render a page. Pages of a signed-in person are kept by nobody else."""
    installation: Installation = getattr(request.app.state, "pages_installation", Installation())
    common = {"viewer": viewer, "path": request.url.path, "installation": installation}
    html = ENVIRONMENT.get_template(template).render({**common, **context})
    cache = "private, no-cache" if viewer is None else "private, no-store"
    return HTMLResponse(html, status, {"Cache-Control": cache, "Vary": "Cookie"})


def wants_page(request: Request) -> bool:
    """Whether this request wants its answer, or its error, as a page."""
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")


def error_page(request: Request, status: int, title: str, detail: str) -> HTMLResponse:
    """A problem as a page: what happened, and what to do next."""
    again = request.method == "GET"  # a form is not sent again by a link
    context = {"status": status, "title": title or HTTPStatus(status).phrase, "detail": detail, "again": again}
    return page(request, "error.html", None, context, status)
