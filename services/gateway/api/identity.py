"""/api/auth and /api/me: sign in by a mailed link, sign out, and who one is."""

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from services.gateway.api.common import PROBLEMS, not_stored
from services.gateway.clients.base import Model
from services.gateway.clients.profiles import Account
from services.gateway.csrf import require_csrf
from services.gateway.gateway import ByAccount, Parts

router = APIRouter(tags=["Identity"], responses=PROBLEMS, dependencies=[Depends(not_stored)])


class LinkRequest(Model):
    """Where the link goes."""

    email: str = Field(min_length=3, max_length=254)


class LinkSent(Model):
    """The same answer whether or not the address is known here."""

    detail: str = "A link to sign in is on its way to this address. It works once, and not for long."


class SessionRequest(Model):
    """The token of the mailed link."""

    token: str = Field(min_length=1, max_length=512)


class SignedIn(Model):
    """The account, and the token to send as X-CSRF-Token with writes by cookie."""

    account: Account
    csrf: str


@router.post("/api/auth/email", status_code=202)
async def send_link(body: LinkRequest, parts: Parts) -> LinkSent:
    """Mail a link that signs in; the first one makes the account."""
    await parts.upstreams.profiles.send_sign_in_link(body.email.strip())
    return LinkSent()


@router.post("/api/auth/session")
async def sign_in(body: SessionRequest, parts: Parts, response: Response) -> SignedIn:
    """Use the token of the mailed link, once. Sets the cookies bzpeer_session and bzpeer_csrf."""
    new = await parts.sessions.begin(body.token, response)
    return SignedIn(account=new.account, csrf=new.csrf)


@router.post("/api/auth/logout", status_code=204)
async def sign_out(request: Request, parts: Parts, response: Response) -> None:
    """End the session. Without one, nothing happens."""
    session = await parts.sessions.find(request)
    if session is not None:
        require_csrf(request, session)
    await parts.sign_out(request, response)


@router.get("/api/me")
async def get_me(session: ByAccount) -> Account:
    """The account that is signed in."""
    return Account(id=session.account_id, email=session.email)
