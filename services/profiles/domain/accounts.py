"""Accounts and signing in by a mailed link: what is allowed, for how long, and what is stored of a secret."""

import hashlib
import hmac
import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from email_validator import EmailNotValidError, validate_email

from shared.errors import Invalid, TooMany

LINK_LIFETIME = timedelta(minutes=15)
LINKS_PER_HOUR = 5
LINK_WINDOW = timedelta(hours=1)
SESSION_LIFETIME = timedelta(days=30)
LONGEST_NEXT = 2000


def normalise_email(address: str) -> str:
    """The address in the one form it is kept in; Invalid when it is none. Asks no name server."""
    try:
        return validate_email(address.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise Invalid(f"This is not an e-mail address that mail can reach. {error}", slug="invalid-email") from error


def decide_link(sent: Sequence[datetime], now: datetime) -> list[datetime]:
    """The times of the links of the last hour, this one included; TooMany, with the wait, past the bound."""
    recent = [at for at in sent if now - at < LINK_WINDOW]
    if len(recent) >= LINKS_PER_HOUR:
        wait = math.ceil((min(recent) + LINK_WINDOW - now).total_seconds())
        raise TooMany(
            f"{LINKS_PER_HOUR} sign-in links went to this address within an hour. "
            f"Use the newest of them, or ask again in {_minutes(wait)}.",
            slug="too-many-sign-in-links",
            retry_after=wait,
        )
    return [*recent, now]


def safe_next(path: str | None) -> str | None:
    """The page to go on to after signing in, when it is a path of this site; None for anything else."""
    if not path or len(path) > LONGEST_NEXT or not path.startswith("/") or path.startswith("//"):
        return None
    return path if path.isprintable() and "\\" not in path else None


def hashed(secret: str) -> str:
    """What is stored of a random 256-bit secret. Needs no salt: there is nothing to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()


def keyed_hash(key: str, value: str) -> str:
    """What is stored of a value that could be guessed, such as an address: of no use without the key."""
    return hmac.new(key.encode(), value.encode(), hashlib.sha256).hexdigest()


def csrf_of(session: str) -> str:
    """The CSRF value of a session: derived, so that nothing more is stored, and of no help to find the session."""
    return hmac.new(session.encode(), b"bzpeer csrf", hashlib.sha256).hexdigest()


def _minutes(seconds: int) -> str:
    minutes = math.ceil(seconds / 60)
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
