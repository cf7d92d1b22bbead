"""Settings of the works service."""

from shared.settings import ServiceSettings


class WorksSettings(ServiceSettings):
    """Beside what every service has."""

    port: int = 8101
    arxiv_url: str = "https://export.arxiv.org/api/query"
    """arXiv's query API, or what stands in for it."""
    arxiv_pause_seconds: float = 3.0
    """Between two requests to arXiv, over all replicas. Less than arXiv's three seconds is only for a stand-in."""
    upload_bytes: int = 32 * 1024 * 1024
    """The largest file that one import takes."""

    @property
    def user_agent(self) -> str:
        """Who asks, for the operators of the sources."""
        return f"BZPEER/0.1 (+{self.public_url})"
