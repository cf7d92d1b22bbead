"""Settings of profiles."""

from shared.settings import ServiceSettings


class ProfilesSettings(ServiceSettings):
    """What profiles reads from the environment beside what every service does."""

    port: int = 8102
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 8125
    smtp_start_tls: bool | None = None
    """None: when the server offers it."""
    smtp_username: str | None = None
    smtp_password: str | None = None
    mail_from: str = "BZPEER <no-reply@bzpeer.example>"
    claim_tripwire_hours: float = 72.0
    """How long an accepted claim waits for objections before it gives powers."""
