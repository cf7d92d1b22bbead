"""Protection of writes against other sites: where the request comes from, and a token that only our pages can read.

https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
"""

from hmac import compare_digest
from urllib.parse import urlsplit

from starlette.requests import Request

from services.gateway.sessions import CSRF_COOKIE, Session
from shared.errors import Forbidden

CSRF_HEADER = "X-CSRF-Token"


def require_csrf(request: Request, session: Session) -> None:
    """Refuse a write by cookie without the session's token in both the header and the cookie."""
    if not session.by_cookie:
        return
    header, cookie = request.headers.get(CSRF_HEADER, ""), request.cookies.get(CSRF_COOKIE, "")
    if not header:
        raise Forbidden(
            f"Send the value of the cookie {CSRF_COOKIE} in the header {CSRF_HEADER} with every write.",
            slug="csrf-token-missing",
        )
    if not (_equal(header, cookie) and _equal(header, session.csrf)):
        raise Forbidden(
            f"The header {CSRF_HEADER} is not the value of this session's cookie {CSRF_COOKIE}. Load the page again; "
            "if that does not help, sign in again.",
            slug="csrf-token-wrong",
        )


def is_from_elsewhere(request: Request, public_url: str) -> bool:
    """Whether a browser says that another site's page sent this. Other clients than browsers say nothing."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("origin")
    if origin is None:
        return False
    try:
        host = urlsplit(origin).netloc
    except ValueError:  # no browser sends this
        return True
    return host not in {urlsplit(public_url).netloc, request.headers.get("host", "")} - {""}


def _equal(one: str, other: str) -> bool:
    return compare_digest(one.encode(), other.encode())
