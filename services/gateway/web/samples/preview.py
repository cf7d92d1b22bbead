"""The pages on invented data, without any service: `python -m services.gateway.web.samples.preview [port]`.

Any address signs in; the mail with the link is at /dev/mailbox.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

import uvicorn
from fastapi import FastAPI, Header, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from secure.middleware import SecureASGIMiddleware

from services.gateway.clients.graph import Slice
from services.gateway.clients.notify import NotificationPage
from services.gateway.clients.trust import Trust
from services.gateway.clients.works import AuthorPage, FoundAuthor, Work, WorkPage, WorkQuery
from services.gateway.headers import security_headers
from services.gateway.mailbox import Mail
from services.gateway.moved import add_redirects
from services.gateway.researchers.page import ResearcherPage
from services.gateway.web import Viewer, error_page, install_pages, page
from services.gateway.web.samples.around import WIDE
from services.gateway.web.samples.people import NOTICES, PAGE, PEOPLE, SLICES, TRUST, notice
from services.gateway.web.samples.works import ARABIC, LONG_TITLE, MAPS, NO_ABSTRACT, RANGES, RETRACTED, WITHDRAWN, many
from shared.errors import Conflict, Invalid, NotFound, Problem, Unavailable

FONTS = Path(__file__).parents[4] / ".bzpeer" / "assets" / "fonts"
COOKIE, CSRF = "preview", "preview-csrf"
READER = Viewer("account", "reader@example.org", CSRF, by_cookie=True, unseen=1)
WORKS = {w.id: w for w in (MAPS, RANGES, NO_ABSTRACT, RETRACTED, WITHDRAWN, LONG_TITLE, ARABIC, *many(200))}


class SamplePages:
    """PageData on the samples; it remembers who is followed and nothing else."""

    def __init__(self) -> None:
        self.following: dict[str, bool] = {}
        self.link = "/sign-in/preview"

    async def viewer(self, request: Request) -> Viewer | None:
        return READER if request.cookies.get(COOKIE) else None

    async def account(self, request: Request) -> Viewer | None:
        return await self.viewer(request)

    async def researcher(self, id_or_slug: str, viewer: Viewer | None) -> ResearcherPage:
        person = PEOPLE.get(id_or_slug.removeprefix("id-"))
        if id_or_slug == "broken":
            raise Unavailable("Researchers cannot be looked up just now. Try again in a few seconds.")
        if person is None:
            raise NotFound("There is no researcher by this name. Check the address, or search.")
        return person if viewer is None else self.seen_by_reader(person)

    def seen_by_reader(self, person: ResearcherPage) -> ResearcherPage:
        """With what the reader followed since the start."""
        state, following = person.viewer, self.following.get(person.id)
        if state is None or following is None:
            return person
        followers = (person.counts.followers or 0) + following - state.following
        changed = {
            "viewer": state.model_copy(update={"following": following}),
            "counts": person.counts.model_copy(update={"followers": followers}),
        }
        return person.model_copy(update=changed)

    async def works(self, author_id: str, cursor: str | None) -> WorkPage:
        start = int(cursor or 0)
        items = tuple(many(200)[start : start + PAGE])
        return WorkPage(items=items, next_cursor=str(start + PAGE) if start + PAGE < 200 else None)

    async def slice(self, author_id: str, *, wide: bool = False) -> Slice | None:
        slug = author_id.removeprefix("id-")
        return WIDE if wide and slug == "prolific" else SLICES[slug]

    async def trust(self, author_id: str) -> Trust | None:
        return None if author_id == "id-missing" else TRUST

    async def researchers(self, query: str, cursor: str | None) -> AuthorPage:
        fitting = [p for p in PEOPLE.values() if query.lower() in p.name.lower() and p.slug != "closed"]
        items = tuple(FoundAuthor(id=p.id, slug=p.slug, name=p.name, works=2) for p in fitting)
        return AuthorPage(items=items[:10], next_cursor="10" if len(items) > 10 and not cursor else None)

    async def found_works(self, query: WorkQuery, cursor: str | None) -> WorkPage:
        fitting = [
            work
            for work in (*WORKS.values(), *many(60))
            if query.q.lower() in work.title.lower() and query.year in {None, work.year}
        ]
        start = int(cursor or 0)
        more = str(start + PAGE) if start + PAGE < len(fitting) else None
        return WorkPage(items=tuple(fitting[start : start + PAGE]), next_cursor=more)

    async def work(self, work_id: str) -> Work:
        if work_id not in WORKS:
            raise NotFound("There is no work at this address.")
        return WORKS[work_id]

    async def notifications(self, viewer: Viewer, cursor: str | None) -> NotificationPage:
        return NotificationPage(items=tuple(NOTICES), unseen=1)

    async def mark_read(self, viewer: Viewer, ids: Sequence[str] | None) -> None:
        return None

    async def set_following(self, author_id: str, viewer: Viewer, *, following: bool) -> None:
        self.following[author_id] = following

    async def claim(self, author_id: str, viewer: Viewer, evidence: Sequence[str]) -> None:
        raise Conflict("A claim on this record is being checked already. You need do nothing.")

    async def send_sign_in_link(self, email: str, onward: str) -> None:
        if "@" not in email:
            raise Invalid("This is no e-mail address. It needs an @.")
        self.link = f"/sign-in/preview?{urlencode({'next': onward})}"

    async def sign_in(self, token: str, response: Response) -> None:
        if token != "preview":  # noqa: S105 - not a secret
            raise NotFound("The link was used already, or is more than an hour old.")
        response.set_cookie(COOKIE, "1", httponly=True)
        response.set_cookie("bzpeer_csrf", CSRF)

    async def sign_out(self, request: Request, response: Response) -> None:
        response.delete_cookie(COOKIE)


def preview_app(fonts_dir: Path | None = FONTS) -> FastAPI:
    """The pages, the two API routes that their scripts use, and pages for problems."""
    app = FastAPI(openapi_url=None)
    app.add_middleware(SecureASGIMiddleware, secure=security_headers(is_https=False), multi_ok=())
    source = SamplePages()
    add_redirects(app)
    install_pages(app, source, contact="help@example.org", fonts_dir=fonts_dir)

    @app.exception_handler(Problem)
    async def problem(request: Request, error: Problem) -> Response:
        return error_page(request, error.status, error.title, error.detail)

    @app.api_route("/api/researchers/{author_id}/follow", methods=["PUT", "DELETE"])
    async def follow(request: Request, author_id: str, x_csrf_token: Annotated[str, Header()]) -> Response:
        if x_csrf_token != CSRF:
            return JSONResponse({"title": "Not allowed"}, 403)
        source.following[author_id] = request.method == "PUT"
        return JSONResponse({"following": source.following[author_id], "followers": int(source.following[author_id])})

    @app.get("/api/notifications/stream")
    async def stream() -> StreamingResponse:
        return StreamingResponse(_events(), media_type="text/event-stream")

    @app.get("/dev/mailbox")
    async def mailbox(request: Request) -> Response:
        text = f"Press the button on this page to sign in:\nhttp://127.0.0.1:8000{source.link}\n"
        mail = Mail(to=READER.email, subject="Sign in to BZPEER", text=text, html="", headers={}, links=(source.link,))
        return page(request, "mailbox.html", None, {"mails": [mail], "to": ""})

    return app


async def _events() -> AsyncIterator[str]:
    data = notice("n4", "A work that came while you were looking", "unseen").model_dump_json()
    yield f"id: n4\nevent: notification\ndata: {data}\n\n"
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvicorn.run(preview_app(), port=int(sys.argv[1]) if len(sys.argv) > 1 else 8000, log_level="warning")
