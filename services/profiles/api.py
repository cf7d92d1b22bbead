"""Routes of profiles, for the services of this system."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Query, Response
from pydantic import BaseModel, Field

from services.profiles.domain.accounts import csrf_of
from services.profiles.domain.claims import Claim
from services.profiles.domain.follows import Followee
from services.profiles.usecases.accounts import account_of, open_session, send_sign_in_link
from services.profiles.usecases.claims import decide_claim, open_claim
from services.profiles.usecases.follows import follow, unfollow
from services.profiles.usecases.page import ProfilePage, get_page
from services.profiles.usecases.parts import ProfilesParts
from shared.auth import Caller, Principal, SignedIn, caller
from shared.errors import Forbidden, NotFound
from shared.events.base import AccountId, AuthorId, ClaimId
from shared.events.claims import EvidenceClass

_LONGEST_NOTE = 4000
_LONGEST_ID = 200
_MOST_EVIDENCE = 20
XSession = Annotated[str, Header()]
"""Empty when there is none: that is nobody's session too."""


class LinkRequest(BaseModel):
    """Where to mail a sign-in link, and the page to go on to."""

    email: str = Field(max_length=320)
    next: str | None = None


class Token(BaseModel):
    """The secret of a mailed link."""

    token: str = Field(max_length=200)


class Account(BaseModel):
    """An account, for its holder alone."""

    id: AccountId
    email: str


class NewSession(BaseModel):
    """A session just begun; its secret is shown here and never again."""

    session: str
    csrf: str
    account: Account


class CurrentSession(BaseModel):
    """Whose session it is."""

    account_id: AccountId
    email: str
    csrf: str


class Follow(BaseModel):
    """How it stands after the command."""

    following: bool
    followers: int


class ClaimRequest(BaseModel):
    """Which record, on what evidence, and a word to the reviewer."""

    author_id: AuthorId = Field(max_length=_LONGEST_ID)
    evidence: list[EvidenceClass] = Field(default=[], max_length=_MOST_EVIDENCE)
    note: str = Field(default="", max_length=_LONGEST_NOTE)


class Decision(BaseModel):
    """What a reviewer found."""

    accept: bool
    evidence: list[EvidenceClass] = Field(default=[], max_length=_MOST_EVIDENCE)


class ClaimList(BaseModel):
    """Claims, and where the next ones begin."""

    items: list[Claim]
    next_cursor: str | None


class FollowerCount(BaseModel):
    """How many accounts follow."""

    followers: int


def pages_router(parts: ProfilesParts) -> APIRouter:
    """Profiles and follows."""
    router = APIRouter()

    @router.get("/profiles/{id_or_slug}")
    async def get_profile(id_or_slug: str, principal: Caller) -> ProfilePage:
        """A profile as the account that the caller acts for sees it."""
        return await get_page(parts, id_or_slug, _account(principal))

    @router.get("/followers/{author_id}")
    async def get_followers(author_id: AuthorId, _: Caller) -> FollowerCount:
        """How many follow the author; 0 for one whom nobody follows or knows."""
        return FollowerCount(followers=(await parts.follows.followee(author_id)).followers)

    @router.put("/follows/{author_id}")
    async def put_follow(author_id: AuthorId, principal: SignedIn) -> Follow:
        """Follow an author."""
        return _follow(await follow(parts, AccountId(principal.account_id or ""), author_id), following=True)

    @router.delete("/follows/{author_id}")
    async def delete_follow(author_id: AuthorId, principal: SignedIn) -> Follow:
        """Follow an author no more."""
        return _follow(await unfollow(parts, AccountId(principal.account_id or ""), author_id), following=False)

    return router


def accounts_router(parts: ProfilesParts) -> APIRouter:
    """Signing in and out."""
    router = APIRouter(dependencies=[Depends(caller)])

    @router.post("/sign-in-links", status_code=202)
    async def post_link(asked: LinkRequest) -> Response:
        """Mail a link. The answer is the same whether or not the address has an account."""
        await send_sign_in_link(parts, asked.email, asked.next)
        return Response(status_code=202)

    @router.post("/sessions", status_code=201)
    async def post_session(spent: Token) -> NewSession:
        """Use a link's token, once."""
        secret, account = await open_session(parts, spent.token)
        return NewSession(session=secret, csrf=csrf_of(secret), account=Account(id=account.id, email=account.email))

    @router.get("/sessions/current")
    async def get_current(x_session: XSession = "") -> CurrentSession:
        """Whose session it is."""
        account = await account_of(parts, x_session)
        return CurrentSession(account_id=account.id, email=account.email, csrf=csrf_of(x_session))

    @router.delete("/sessions/current", status_code=204)
    async def delete_current(x_session: XSession = "") -> Response:
        """End the session; an ended one stays so."""
        await parts.accounts.end_session(x_session)
        return Response(status_code=204)

    return router


def claims_router(parts: ProfilesParts) -> APIRouter:
    """Claims."""
    router = APIRouter()

    @router.post("/claims", status_code=201)
    async def post_claim(asked: ClaimRequest, principal: SignedIn) -> Claim:
        """Ask for a record; asking again gives the same claim."""
        account_id = AccountId(principal.account_id or "")
        return await open_claim(parts, account_id, asked.author_id, asked.evidence, asked.note)

    @router.get("/claims/{claim_id}")
    async def get_claim(claim_id: ClaimId, principal: Caller) -> Claim:
        """A claim with its log, for its claimant and for reviewers; not found for everybody else."""
        claim = await parts.claims.claim(claim_id)
        if claim is None or not (principal.reviewer or claim.account_id == principal.account_id):
            raise NotFound("There is no claim with this id.", slug="unknown-claim")
        return claim

    @router.post("/claims/{claim_id}/decision")
    async def post_decision(claim_id: ClaimId, decision: Decision, principal: Caller) -> Claim:
        """A reviewer's decision; the same again changes nothing."""
        _require_reviewer(principal)
        return await decide_claim(
            parts, claim_id, _account(principal), accept=decision.accept, evidence=decision.evidence
        )

    @router.get("/claims")
    async def list_claims(
        principal: Caller,
        status: Literal["pending", "accepted", "rejected"] = "pending",
        cursor: str | None = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> ClaimList:
        """Claims of one status, oldest first, for reviewers."""
        _require_reviewer(principal)
        found = await parts.claims.list_by_status(status, cursor, limit + 1)
        more = found[limit - 1].claim_id if len(found) > limit else None
        return ClaimList(items=list(found[:limit]), next_cursor=more)

    return router


def counts_router(parts: ProfilesParts) -> APIRouter:
    """`GET /counts`."""
    router = APIRouter()

    @router.get("/counts")
    async def counts(_: Caller) -> dict[str, int]:
        """How much profiles holds."""
        return {
            "accounts": await parts.accounts.count(),
            "follows": await parts.follows.count(),
            "open_claims": await parts.claims.count_open(),
            **await parts.people.counts(),
        }

    return router


def _account(principal: Principal) -> AccountId | None:
    return AccountId(principal.account_id) if principal.account_id is not None else None


def _follow(followee: Followee, *, following: bool) -> Follow:
    return Follow(following=following, followers=followee.followers)


def _require_reviewer(principal: Principal) -> None:
    if not principal.reviewer:
        raise Forbidden("Claims are listed and decided by reviewers.", slug="reviewers-only")
