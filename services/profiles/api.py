"""Routes of profiles, for the services of this system."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Query, Response
from pydantic import BaseModel, Field

from services.profiles.domain.claims import Claim
from services.profiles.settings import ProfilesSettings
from services.profiles.store.accounts import AccountStore
from services.profiles.store.claims import ClaimStore
from services.profiles.store.follows import FollowStore
from services.profiles.store.people import PeopleStore
from services.profiles.usecases.claiming import Claiming
from services.profiles.usecases.following import Follow, Following
from services.profiles.usecases.page import Pages, ProfilePage
from services.profiles.usecases.signing_in import Current, Opened, SigningIn
from shared.auth import Caller, Principal, SignedIn, caller
from shared.errors import Forbidden
from shared.events.base import AccountId, AuthorId, ClaimId
from shared.events.claims import EvidenceClass

_LONGEST_NOTE = 4000
XSession = Annotated[str, Header(max_length=200)]


class LinkRequest(BaseModel):
    """Where to mail a sign-in link, and the page to go on to."""

    email: str = Field(max_length=320)
    next: str | None = None


class Token(BaseModel):
    """The secret of a mailed link."""

    token: str = Field(max_length=200)


class ClaimRequest(BaseModel):
    """Which record, on what evidence, and a word to the reviewer."""

    author_id: AuthorId
    evidence: list[EvidenceClass] = []
    note: str = Field(default="", max_length=_LONGEST_NOTE)


class Decision(BaseModel):
    """What a reviewer found."""

    accept: bool
    evidence: list[EvidenceClass] = []


class ClaimList(BaseModel):
    """Claims, and where the next ones begin."""

    items: list[Claim]
    next_cursor: str | None


class FollowerCount(BaseModel):
    """How many accounts follow."""

    followers: int


def pages_router(pages: Pages, follows: FollowStore, following: Following) -> APIRouter:
    """Profiles and follows."""
    router = APIRouter()

    @router.get("/profiles/{id_or_slug}")
    async def get_profile(id_or_slug: str, principal: Caller) -> ProfilePage:
        """A profile as the account that the caller acts for sees it."""
        return await pages.get(id_or_slug, _account(principal))

    @router.get("/followers/{author_id}")
    async def get_followers(author_id: AuthorId, _: Caller) -> FollowerCount:
        """How many follow the author; 0 for one whom nobody follows or knows."""
        return FollowerCount(followers=(await follows.followee(author_id)).followers)

    @router.put("/follows/{author_id}")
    async def follow(author_id: AuthorId, principal: SignedIn) -> Follow:
        """Follow an author."""
        return await following.follow(author_id, AccountId(principal.account_id or ""))

    @router.delete("/follows/{author_id}")
    async def unfollow(author_id: AuthorId, principal: SignedIn) -> Follow:
        """Follow an author no more."""
        return await following.unfollow(author_id, AccountId(principal.account_id or ""))

    return router


def accounts_router(signing_in: SigningIn, settings: ProfilesSettings) -> APIRouter:
    """Signing in and out."""
    router = APIRouter(dependencies=[Depends(caller)])

    @router.post("/sign-in-links", status_code=202)
    async def send_link(asked: LinkRequest) -> Response:
        """Mail a link. The answer is the same whether or not the address has an account."""
        await signing_in.send_link(asked.email, asked.next, settings.mail_from, settings.public_url)
        return Response(status_code=202)

    @router.post("/sessions", status_code=201)
    async def open_session(spent: Token) -> Opened:
        """Use a link's token, once."""
        return await signing_in.open_session(spent.token)

    @router.get("/sessions/current")
    async def get_current(x_session: XSession) -> Current:
        """Whose session it is."""
        return await signing_in.current(x_session)

    @router.delete("/sessions/current", status_code=204)
    async def end_session(x_session: XSession) -> Response:
        """End the session."""
        await signing_in.end_session(x_session)
        return Response(status_code=204)

    return router


def claims_router(claiming: Claiming, claims: ClaimStore) -> APIRouter:
    """Claims."""
    router = APIRouter()

    @router.post("/claims", status_code=201)
    async def open_claim(asked: ClaimRequest, principal: SignedIn) -> Claim:
        """Ask for a record; asking again gives the same claim."""
        return await claiming.open(asked.author_id, AccountId(principal.account_id or ""), asked.evidence, asked.note)

    @router.get("/claims/{claim_id}")
    async def get_claim(claim_id: ClaimId, principal: Caller) -> Claim:
        """A claim with its log, for its parties."""
        return await claiming.look(claim_id, _account(principal), reviewer=principal.reviewer)

    @router.post("/claims/{claim_id}/decision")
    async def decide(claim_id: ClaimId, decision: Decision, principal: Caller) -> Claim:
        """A reviewer's decision."""
        return await claiming.decide(
            claim_id, _account(principal), decision.evidence, accept=decision.accept, reviewer=principal.reviewer
        )

    @router.get("/claims")
    async def list_claims(
        principal: Caller,
        status: Literal["pending", "accepted", "rejected"] = "pending",
        cursor: str | None = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> ClaimList:
        """Claims of one status, oldest first, for reviewers."""
        if not principal.reviewer:
            raise Forbidden("Claims are listed for reviewers.", slug="reviewers-only")
        found = await claims.list_by_status(status, cursor, limit + 1)
        more = found[limit - 1].claim_id if len(found) > limit else None
        return ClaimList(items=list(found[:limit]), next_cursor=more)

    return router


def counts_router(accounts: AccountStore, follows: FollowStore, claims: ClaimStore, people: PeopleStore) -> APIRouter:
    """`GET /counts`."""
    router = APIRouter()

    @router.get("/counts")
    async def counts(_: Caller) -> dict[str, int]:
        """How much profiles holds."""
        return {
            "accounts": await accounts.count(),
            "follows": await follows.count(),
            "open_claims": await claims.count_open(),
            **await people.counts(),
        }

    return router


def _account(principal: Principal) -> AccountId | None:
    return AccountId(principal.account_id) if principal.account_id is not None else None
