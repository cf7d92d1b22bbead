"""The profiles service: profiles, follows, claims, and who is signed in."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from services.gateway.clients.base import Model, segment
from shared.http import ServiceClient


class Viewer(Model):
    """What the person who looks at a researcher may do, and why not."""

    following: bool = False
    can_claim: bool = False
    can_invite: bool = False
    invite_blocked_by: str | None = None


class Profile(Model):
    """What is known about the person beside their works."""

    author_id: str
    slug: str | None = None
    name: str
    headline: str | None = None
    bio: str | None = None
    badges: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    claim_status: str = "unclaimed"
    followers: int = 0
    viewer: Viewer | None = None
    as_of: datetime | None = None


class Following(Model):
    """Whether the account follows, and how many do."""

    following: bool
    followers: int


class FollowerCount(Model):
    """How many accounts follow. Who they are is theirs to say."""

    followers: int


class Account(Model):
    """An account, as its own holder sees it."""

    id: str
    email: str


class NewSession(Model):
    """A session that has just begun: its secret, and the token that its forms echo."""

    session: str
    csrf: str
    account: Account


class CurrentSession(Model):
    """Whose session it is."""

    account_id: str
    email: str
    csrf: str


class ClaimStep(Model):
    """One line of a claim's log."""

    at: datetime
    what: str
    by: str
    evidence: tuple[str, ...] = ()


class Claim(Model):
    """A claim on an author record. Its powers count from `counts_from`, when the time to object has passed."""

    id: str = Field(validation_alias="claim_id")
    author_id: str
    status: str
    evidence: tuple[str, ...] = ()
    counts_from: datetime | None = None
    steps: tuple[ClaimStep, ...] = ()


class ProfilesClient:
    """Calls to the profiles service. All raise Problems; Unavailable when it does not answer."""

    def __init__(self, http: ServiceClient) -> None:
        self._http = http

    async def profile(self, author_id: str, account_id: str | None) -> Profile:
        """The profile as this account sees it (None: a visitor)."""
        answer = await self._http.get_json(f"/profiles/{segment(author_id)}", account_id=account_id)
        return Profile.model_validate(answer)

    async def followers(self, author_id: str) -> FollowerCount:
        """How many follow the author."""
        return FollowerCount.model_validate(await self._http.get_json(f"/followers/{segment(author_id)}"))

    async def set_following(self, author_id: str, account_id: str, *, following: bool) -> Following:
        """Follow or unfollow. Doing it twice changes nothing."""
        method = "PUT" if following else "DELETE"
        answer = await self._http.send(method, f"/follows/{segment(author_id)}", account_id=account_id)
        return Following.model_validate(answer)

    async def open_claim(self, author_id: str, account_id: str, evidence: Sequence[str], note: str) -> Claim:
        """Open a claim; Conflict when somebody else holds the record or has asked for it."""
        body = {"author_id": author_id, "evidence": list(evidence), "note": note}
        return Claim.model_validate(await self._http.send("POST", "/claims", account_id=account_id, json=body))

    async def claim(self, claim_id: str, account_id: str) -> Claim:
        """A claim, for its parties."""
        answer = await self._http.get_json(f"/claims/{segment(claim_id)}", account_id=account_id)
        return Claim.model_validate(answer)

    async def send_sign_in_link(self, email: str, onward: str | None = None) -> None:
        """Mail a link, which leads on to this page; the answer is the same whether or not the address is known."""
        await self._http.send("POST", "/sign-in-links", json={"email": email, "next": onward})

    async def begin_session(self, token: str) -> NewSession:
        """Use a mailed token, once."""
        return NewSession.model_validate(await self._http.send("POST", "/sessions", json={"token": token}))

    async def current_session(self, session: str) -> CurrentSession:
        """Whose session it is; Unauthorised or NotFound when it has ended or never was."""
        answer = await self._http.get_json("/sessions/current", headers={"X-Session": session})
        return CurrentSession.model_validate(answer)

    async def end_session(self, session: str) -> None:
        """End the session. Doing it twice changes nothing."""
        await self._http.send("DELETE", "/sessions/current", headers={"X-Session": session})
