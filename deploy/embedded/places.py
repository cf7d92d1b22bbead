"""Where the embedded stack keeps its things: state in the checkout, downloads in the user's cache."""

import os
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Places:
    """One stack's folder and what lies in it."""

    root: Path

    @property
    def data(self) -> Path:
        """What Kafka, MongoDB and the mailbox hold."""
        return self.root / "data"

    @property
    def mailbox(self) -> Path:
        """The Maildir of caught mails."""
        return self.data / "mailbox"

    @property
    def assets(self) -> Path:
        """What the pages use that is fetched: text faces."""
        return self.root / "assets"

    @property
    def logs(self) -> Path:
        """One log for each part."""
        return self.root / "logs"

    @property
    def record(self) -> Path:
        """Which processes run."""
        return self.root / "run.json"

    @property
    def lock(self) -> Path:
        """Held by the one `bzpeer up` of this checkout."""
        return self.root / "up.lock"

    @property
    def key(self) -> Path:
        """The secret by which the services know each other."""
        return self.root / "internal.key"


def checkout_places() -> Places:
    """Those of `bzpeer up`: `.bzpeer` in the checkout, or what BZPEER_STATE_DIR names."""
    return Places(Path(os.environ.get("BZPEER_STATE_DIR") or CHECKOUT / ".bzpeer").absolute())


def cache_folder() -> Path:
    """Where downloads and builds are kept between checkouts: `bzpeer` in the user's cache folder."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "bzpeer"
