"""The gateway's parts, and the dependencies by which routes get at them and at who is signed in."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response

from services.gateway.clients import Upstreams
from services.gateway.clients.works import AuthorRef
from services.gateway.csrf import require_csrf
from services.gateway.live import Hub
from services.gateway.moved import Moved
from services.gateway.researchers.reading import Researchers
from services.gateway.sessions import Reader, Session, Sessions
from services.gateway.settings import GatewaySettings
from shared.errors import Unauthorised, Unavailable


@dataclass(frozen=True)
class Gateway:
    """What the routes work with, in `app.state.gateway`."""

    settings: GatewaySettings
    upstreams: Upstreams
    researchers: Researchers
    sessions: Sessions
    hub: Hub

    async def sign_out(self, request: Request, response: Response) -> None:
        """End the request's session and, on this replica, what is still being told to it."""
        session = await self.sessions.find(request)
        await self.sessions.end(request, response)
        if session is not None:
            self.hub.end(session.account_id)


def gateway(request: Request) -> Gateway:
    """The parts of the gateway that serves this request."""
    found: Gateway = request.app.state.gateway
    return found


Parts = Annotated[Gateway, Depends(gateway)]


async def author_of(id_or_slug: str, request: Request, parts: Parts) -> AuthorRef:
    """The author record that the path names by id or slug. Raises Moved for one that it had before."""
    author = await parts.researchers.names.resolve(id_or_slug)
    if id_or_slug not in {author.id, author.slug}:
        raise Moved.within(request, id_or_slug, author.id)
    return author


async def reader(request: Request, parts: Parts) -> Reader:
    """Who reads, looked up within a panel's budget."""
    try:
        return Reader(await parts.sessions.find(request, parts.settings.panel_budget_seconds))
    except Unavailable:
        return Reader(is_known=False)


async def account(request: Request, parts: Parts) -> Session:
    """The signed-in account; 401 for a visitor, 503 while nobody can say."""
    session = await parts.sessions.find(request)
    if session is None:
        raise Unauthorised("Sign in to do this: POST /api/auth/email mails a link to your address.")
    return session


async def writer(request: Request, session: Annotated[Session, Depends(account)]) -> Session:
    """The signed-in account, for a write: 403 unless one of our own pages, or a bearer token, asks for it."""
    require_csrf(request, session)
    return session


AuthorOf = Annotated[AuthorRef, Depends(author_of)]
ByReader = Annotated[Reader, Depends(reader)]
ByAccount = Annotated[Session, Depends(account)]
ByWriter = Annotated[Session, Depends(writer)]
