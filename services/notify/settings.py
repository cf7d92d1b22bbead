"""Settings of notify."""

from shared.settings import ServiceSettings


class NotifySettings(ServiceSettings):
    """What notify reads from the environment: nothing of its own yet but its port."""

    port: int = 8105
