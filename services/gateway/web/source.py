"""What the pages ask of the gateway. The pages know no cookie name and no HTTP client: only this, and its answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from fastapi import Request, Response

from services.gateway.clients.graph import Slice
from services.gateway.clients.notify import NotificationPage
from services.gateway.clients.trust import Trust
from services.gateway.clients.works import AuthorPage, Work, WorkPage, WorkQuery
from services.gateway.researchers.page import ResearcherPage
from services.gateway.sessions import Session


@dataclass(frozen=True, slots=True)
class Viewer(Session):
    """The person who is signed in. `csrf` is what forms echo; `unseen` counts their unseen notifications, if known."""

    unseen: int | None = None


class PageData(Protocol):
    """Set as `app.state.pages_source`. Every method raises `shared.errors.Problem` for what a person must be told."""

    async def viewer(self, request: Request) -> Viewer | None:
        """Who is signed in, by the session cookie; None for a visitor (also when nobody can tell now)."""
        ...

    async def account(self, request: Request) -> Viewer | None:
        """As `viewer`, for what is one account's alone; raises Unavailable when nobody can tell now."""
        ...

    async def researcher(self, id_or_slug: str, viewer: Viewer | None) -> ResearcherPage:
        """As `GET /api/researchers/{id}`; NotFound when there is no such record."""
        ...

    async def works(self, author_id: str, cursor: str | None) -> WorkPage:
        """As `GET /api/researchers/{id}/works?cursor=`: items and next_cursor."""
        ...

    async def slice(self, author_id: str, *, wide: bool = False) -> Slice | None:
        """The graph service's slice; `wide` asks for the explorer's limits. None while there is none to show."""
        ...

    async def trust(self, author_id: str) -> Trust | None:
        """The trust service's explanation, or None when it does not answer."""
        ...

    async def researchers(self, query: str, cursor: str | None) -> AuthorPage:
        """As `GET /api/researchers?q=`; an empty query lists known researchers."""
        ...

    async def found_works(self, query: WorkQuery, cursor: str | None) -> WorkPage:
        """As `GET /api/works`; an empty query lists the newest works."""
        ...

    async def work(self, work_id: str) -> Work:
        """As `GET /api/works/{id}`; NotFound when there is no such work."""
        ...

    async def notifications(self, viewer: Viewer, cursor: str | None) -> NotificationPage:
        """As `GET /api/notifications`: items, next_cursor, unseen."""
        ...

    async def mark_read(self, viewer: Viewer, ids: Sequence[str] | None) -> None:
        """Mark these notifications as read; None means all."""
        ...

    async def set_following(self, author_id: str, viewer: Viewer, *, following: bool) -> None:
        """Follow or unfollow; doing it twice is harmless."""
        ...

    async def claim(self, author_id: str, viewer: Viewer, evidence: Sequence[str]) -> None:
        """Open a claim with these evidence classes; Conflict when the record cannot be claimed now."""
        ...

    async def send_sign_in_link(self, email: str, onward: str) -> None:
        """Mail a link to `/sign-in/{token}?next={onward}`; Invalid for what is no address."""
        ...

    async def sign_in(self, token: str, response: Response) -> None:
        """Use the token once and set the session cookies on the response; Problem when it is used or too old."""
        ...

    async def sign_out(self, request: Request, response: Response) -> None:
        """End the session and clear its cookies."""
        ...
