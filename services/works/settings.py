"""Settings of the works service."""

from pydantic import SecretStr

from shared.settings import ServiceSettings


class WorksSettings(ServiceSettings):
    """Beside what every service has."""

    port: int = 8101
    arxiv_url: str = "https://export.arxiv.org/api/query"
    """arXiv's query API, or what stands in for it."""
    arxiv_pause_seconds: float = 3.0
    """Between two requests to arXiv, over all replicas. Less than arXiv's three seconds is only for a stand-in."""
    oai_url: str = "https://oaipmh.arxiv.org/oai"
    openalex_url: str = "https://api.openalex.org/works"
    crossref_url: str = "https://api.crossref.org/works"
    datacite_url: str = "https://api.datacite.org/dois"
    dblp_url: str = "https://dblp.org/search/publ/api"
    orcid_url: str = "https://pub.orcid.org/v3.0"
    semanticscholar_url: str = "https://api.semanticscholar.org/graph/v1/paper/search/bulk"
    contact: str | None = None
    """An address of the operators, told to OpenAlex and Crossref, which answer better then."""
    openalex_key: SecretStr | None = None
    """OpenAlex answers more to those who have one."""
    source_pause_seconds: float | None = None
    """Between two requests to any other source; None: as each of them wishes. Less is only for a stand-in."""
    harvest_sets: str = ""
    """Sets of arXiv, such as "cs,math", whose daily news are harvested; none by default."""
    follow_harvest: bool = False
    """Whether new works of followed researchers are looked for once a day."""
    upload_bytes: int = 32 * 1024 * 1024
    """The largest file that one import takes."""

    @property
    def user_agent(self) -> str:
        """Who asks, for the operators of the sources."""
        return f"BZPEER/0.1 (+{self.public_url})"
