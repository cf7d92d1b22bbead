"""Settings of the graph service."""

from shared.settings import ServiceSettings


class GraphSettings(ServiceSettings):
    """What every service has."""

    port: int = 8104
