"""Settings of profiles."""

from pydantic import Field, SecretStr

from shared.settings import ServiceSettings


class ProfilesSettings(ServiceSettings):
    """What every service has, how mail leaves, and how long a claim's powers wait."""

    port: int = 8102
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 8125
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_timeout_seconds: float = 10.0
    mail_from: str = "BZPEER <sign-in@bzpeer.example>"
    claim_tripwire_hours: float = Field(default=72.0, ge=0)
    """Between a claim's acceptance and its powers, so that the real author can object."""
