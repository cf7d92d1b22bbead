"""Settings of the trust service."""

from shared.settings import ServiceSettings


class TrustSettings(ServiceSettings):
    """What every service has, and how often time alone is looked at."""

    port: int = 8103
    sweep_seconds: float = 15.0
    """How long a claim whose waiting time is over can go unnoticed."""
