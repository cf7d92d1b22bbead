"""Who is signed in: the session of a cookie or a bearer token, asked at profiles and held for seconds."""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.caches import Bounded
from services.gateway.clients.profiles import CurrentSession, NewSession, ProfilesClient
from services.gateway.settings import GatewaySettings
from shared.errors import NotFound, Problem, Unauthorised, Unavailable

SESSION_COOKIE = "bzpeer_session"
CSRF_COOKIE = "bzpeer_csrf"
_COOKIE_SECONDS = 30 * 24 * 3600
_TOKEN = re.compile(r"[\w.~+/=-]{1,512}", re.ASCII)
"""What a session's secret can look like; anything else is nobody's (RFC 6750, 2.1)."""


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in account. `by_cookie`: a browser sent it by itself, so a write must show that our own page asked."""

    account_id: str
    email: str
    csrf: str
    by_cookie: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads. `is_known`: whether anybody could say; while nobody can, a reader is treated as a visitor."""

    session: Session | None = None
    is_known: bool = True

    @property
    def account_id(self) -> str | None:
        """The account, or None for a visitor."""
        return self.session.account_id if self.session else None


class Sessions:
    """Finds the session of a request. An ended session is noticed at once here, within seconds on other replicas."""

    def __init__(self, profiles: ProfilesClient, settings: GatewaySettings) -> None:
        self._profiles = profiles
        self._settings = settings
        self._held: Bounded[str, CurrentSession] = Bounded(
            settings.session_cache_entries, settings.session_cache_seconds
        )

    async def find(self, request: Request, seconds: float | None = None) -> Session | None:
        """The session, or None for a visitor. Unavailable when profiles does not say so within `seconds`."""
        token = _token(request)
        if token is None:
            return None
        current = self._held.get(_key(token)) or await self._ask(token, seconds or self._settings.call_seconds)
        if current is None:
            return None
        return Session(current.account_id, current.email, current.csrf, by_cookie=not has_bearer(request))

    async def _ask(self, token: str, seconds: float) -> CurrentSession | None:
        try:
            async with asyncio.timeout(seconds):
                current = await self._profiles.current_session(token)
        except (Unauthorised, NotFound):
            return None
        except (TimeoutError, Problem, ValueError) as error:
            raise Unavailable(
                "Who is signed in cannot be looked up just now. Try again in a few seconds.", retry_after=5
            ) from error
        self._held.put(_key(token), current)
        return current

    async def begin(self, token: str, response: Response) -> NewSession:
        """Use a mailed token, once, and set the cookies of the new session."""
        new = await self._profiles.begin_session(token)
        self._set_cookie(response, SESSION_COOKIE, new.session, http_only=True)
        self._set_cookie(response, CSRF_COOKIE, new.csrf, http_only=False)
        return new

    async def end(self, request: Request, response: Response) -> None:
        """End the request's session, if there is one, and clear the cookies."""
        token = _token(request)
        if token is not None:
            self._held.drop(_key(token))
            with suppress(Unauthorised, NotFound):  # it has ended already
                await self._profiles.end_session(token)
        response.delete_cookie(SESSION_COOKIE, path="/", secure=self._settings.is_https, httponly=True, samesite="lax")
        response.delete_cookie(CSRF_COOKIE, path="/", secure=self._settings.is_https, samesite="lax")

    def _set_cookie(self, response: Response, name: str, value: str, *, http_only: bool) -> None:
        response.set_cookie(
            name,
            value,
            max_age=_COOKIE_SECONDS,
            path="/",
            secure=self._settings.is_https,
            httponly=http_only,
            samesite="lax",
        )


def has_bearer(request: Request) -> bool:
    """Whether the request names its account by a bearer token, which no browser sends by itself."""
    return bool(_bearer(request))


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _token(request: Request) -> str | None:
    token = _bearer(request) or request.cookies.get(SESSION_COOKIE, "")
    return token if _TOKEN.fullmatch(token) else None


def _key(token: str) -> str:
    return sha256(token.encode()).hexdigest()
