"""Settings of the gateway."""

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field

from shared.settings import ServiceSettings


class GatewaySettings(ServiceSettings):
    """What the gateway reads from the environment beside what every service does."""

    port: int = 8000
    mailbox_dir: Path | None = None
    """A Maildir of caught mails. Only where it is set is there a /dev/mailbox."""
    assets_dir: Path | None = None
    """Fonts and other files that are fetched at build time."""
    contact: str | None = None
    """Where people write who want a page corrected or closed."""

    panel_budget_seconds: float = Field(0.25, gt=0)
    """What one panel of a page may take; then its last known value is used, or it is missing."""
    call_seconds: float = Field(5.0, gt=0)
    """What a call may take that the whole answer depends on."""
    body_bytes: int = Field(1_000_000, gt=0)
    """The largest body that a request may have."""
    page_works: int = Field(20, ge=1, le=100)
    """Works on the first page."""
    last_known_researchers: int = 500
    """Researchers whose last known panels are held in memory."""
    known_names: int = 10_000
    """Slugs and ids whose author is remembered."""

    session_cache_seconds: float = Field(30.0, ge=0, le=30)
    session_cache_entries: int = 10_000

    stream_heartbeat_seconds: float = Field(15.0, gt=0)
    stream_lifetime_seconds: float = 1800.0
    """A live stream ends after this long and is opened again by the browser, so that a session's end is noticed."""
    stream_queue: int = 256
    """Events that wait for a slow reader before it is dropped; it resumes by Last-Event-ID."""
    streams_per_account: int = 32

    @property
    def is_https(self) -> bool:
        """Whether people reach the gateway by https, so that cookies are for https alone."""
        return urlsplit(self.public_url).scheme == "https"
