"""The routes of profiles; for the system's own services only."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, Field

from services.profiles import queries
from services.profiles.domain.accounts import csrf_of
from services.profiles.domain.claims import Claim, Step
from services.profiles.store.accounts import Account
from services.profiles.usecases import accounts, claims, follows
from services.profiles.usecases.parts import ProfilesParts
from shared.auth import Caller, Principal, SignedIn
from shared.errors import Forbidden, Invalid, NotFound, Unauthorised
from shared.events.base import AccountId, AuthorId, ClaimId
from shared.events.claims import EvidenceClass

SessionSecret = Annotated[str | None, Header(alias="X-Session", max_length=200)]
Evidence = Annotated[list[EvidenceClass], Field(max_length=20)]
CLAIMS_AT_ONCE = 100


class LinkWanted(BaseModel):
    """Who wants to sign in, and the page to go on to."""

    email: str = Field(max_length=320)
    next: str | None = None


class LinkToken(BaseModel):
    """The secret part of a mailed link."""

    token: str = Field(min_length=1, max_length=200)


class NewSession(BaseModel):
    """A session's secret and CSRF value, and whose it is."""

    session: str
    csrf: str
    account: Account


class CurrentSession(BaseModel):
    """Whose session it is, for its holder alone."""

    account_id: AccountId
    email: str
    csrf: str


class Following(BaseModel):
    """Whether the account follows, and how many do."""

    following: bool
    followers: int


class ClaimWanted(BaseModel):
    """Which record, what the claimant brings forward, and their own words for the reviewer."""

    author_id: AuthorId
    evidence: Evidence = []
    note: str = Field(default="", max_length=2000)


class Decision(BaseModel):
    """A reviewer's word, with the evidence found."""

    accept: bool
    evidence: Evidence = []


class ClaimView(BaseModel):
    """A claim, for the one who opened it and for reviewers."""

    id: ClaimId
    author_id: AuthorId
    account_id: AccountId
    status: Literal["pending", "accepted", "rejected"]
    evidence: tuple[EvidenceClass, ...]
    note: str
    counts_from: datetime | None
    steps: tuple[Step, ...]

    @classmethod
    def of(cls, claim: Claim) -> "ClaimView":
        """The claim as it is shown."""
        return cls.model_validate({"id": claim.claim_id, **claim.model_dump(exclude={"claim_id"})})


class ClaimPage(BaseModel):
    """Claims, and where the next ones begin."""

    items: list[ClaimView]
    next_cursor: str | None


def profiles_router(parts: ProfilesParts) -> APIRouter:
    """All routes of the service."""
    router = APIRouter()
    _add_profiles(router, parts)
    _add_sign_in(router, parts)
    _add_follows(router, parts)
    _add_claims(router, parts)
    _add_review(router, parts)
    return router


def _add_profiles(router: APIRouter, parts: ProfilesParts) -> None:
    @router.get("/profiles/{author_id}")
    async def get_profile(author_id: AuthorId, principal: Caller) -> queries.Profile:
        """The researcher, and what the reader may do. The reader may be a visitor."""
        return await queries.get_profile(parts, author_id, _reader(principal))

    @router.get("/counts")
    async def get_counts(_: Caller) -> dict[str, int]:
        """How much profiles holds."""
        return await queries.get_counts(parts)


def _add_sign_in(router: APIRouter, parts: ProfilesParts) -> None:
    @router.post("/sign-in-links", status_code=202)
    async def send_link(wanted: LinkWanted, _: Caller) -> dict[str, bool]:
        """Mail a link. The answer says nothing of whether the address has an account."""
        await accounts.send_sign_in_link(parts, wanted.email, wanted.next)
        return {"sent": True}

    @router.post("/sessions", status_code=201)
    async def open_session(link: LinkToken, _: Caller) -> NewSession:
        """Use a mailed token, once; the first time it makes the account."""
        secret, account = await accounts.open_session(parts, link.token)
        return NewSession(session=secret, csrf=csrf_of(secret), account=account)

    @router.get("/sessions/current")
    async def current_session(_: Caller, secret: SessionSecret = None) -> CurrentSession:
        """Whose session it is; 401 when it has ended or never was."""
        if not secret:
            raise Unauthorised("Sign in first.")
        account = await accounts.account_of(parts, secret)
        return CurrentSession(account_id=account.id, email=account.email, csrf=csrf_of(secret))

    @router.delete("/sessions/current", status_code=204)
    async def end_session(_: Caller, secret: SessionSecret = None) -> Response:
        """End the session. Doing it twice changes nothing."""
        if secret:
            await parts.accounts.end_session(secret)
        return Response(status_code=204)


def _add_follows(router: APIRouter, parts: ProfilesParts) -> None:
    @router.put("/follows/{author_id}")
    async def follow(author_id: AuthorId, principal: SignedIn) -> Following:
        """Follow the author. Doing it twice changes nothing."""
        followee = await follows.follow(parts, _account(principal), author_id)
        return Following(following=True, followers=followee.followers)

    @router.delete("/follows/{author_id}")
    async def unfollow(author_id: AuthorId, principal: SignedIn) -> Following:
        """Follow the author no more. Doing it twice changes nothing."""
        followee = await follows.unfollow(parts, _account(principal), author_id)
        return Following(following=False, followers=followee.followers)

    @router.get("/followers/{author_id}")
    async def count_followers(author_id: AuthorId, _: Caller) -> dict[str, int]:
        """How many follow the author. Who they are is theirs to say."""
        return {"followers": (await parts.follows.followee(author_id)).followers}


def _add_claims(router: APIRouter, parts: ProfilesParts) -> None:
    @router.post("/claims", status_code=201)
    async def open_claim(wanted: ClaimWanted, principal: SignedIn) -> ClaimView:
        """Ask for a record. The same account's second time answers with the claim that stands."""
        account_id = _account(principal)
        claim = await claims.open_claim(parts, account_id, wanted.author_id, wanted.evidence, wanted.note)
        return ClaimView.of(claim)

    @router.get("/claims/{claim_id}")
    async def get_claim(claim_id: ClaimId, principal: Caller) -> ClaimView:
        """A claim with its log, for the one who opened it and for reviewers; 404 for everybody else."""
        claim = await parts.claims.claim(claim_id)
        if claim is None or not (principal.reviewer or claim.account_id == principal.account_id):
            raise NotFound("There is no claim with this id that you may see.", slug="unknown-claim")
        return ClaimView.of(claim)


def _add_review(router: APIRouter, parts: ProfilesParts) -> None:
    @router.get("/claims")
    async def list_claims(
        principal: Caller,
        status: Literal["pending", "accepted", "rejected"] = "pending",
        cursor: Annotated[str | None, Query(max_length=100)] = None,
        limit: Annotated[int, Query(ge=1, le=CLAIMS_AT_ONCE)] = 20,
    ) -> ClaimPage:
        """Claims of one status, oldest first; for reviewers."""
        _require_reviewer(principal)
        found = await parts.claims.list_by_status(status, cursor, limit + 1)
        more = found[limit - 1].claim_id if len(found) > limit else None
        return ClaimPage(items=[ClaimView.of(claim) for claim in found[:limit]], next_cursor=more)

    @router.post("/claims/{claim_id}/decision")
    async def decide(claim_id: ClaimId, decision: Decision, principal: Caller) -> ClaimView:
        """Accept or reject a claim; for reviewers. The same word twice changes nothing."""
        _require_reviewer(principal)
        if decision.evidence and not decision.accept:
            raise Invalid("A rejection names no evidence; leave it out.")
        claim = await claims.decide_claim(
            parts, claim_id, _reader(principal), accept=decision.accept, evidence=decision.evidence
        )
        return ClaimView.of(claim)


def _require_reviewer(principal: Principal) -> None:
    if not principal.reviewer:
        raise Forbidden("Only a reviewer decides claims.", slug="reviewers-only")


def _reader(principal: Principal) -> AccountId | None:
    return AccountId(principal.account_id) if principal.account_id is not None else None


def _account(principal: Principal) -> AccountId:
    account_id = _reader(principal)
    if account_id is None:
        raise Unauthorised("Sign in to do this.")
    return account_id
