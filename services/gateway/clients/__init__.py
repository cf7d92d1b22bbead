"""Typed clients of the five services, each with its own connections: a slow service delays only its own panel."""

from dataclasses import dataclass

import httpx2

from services.gateway.clients.graph import GraphClient
from services.gateway.clients.notify import NotifyClient
from services.gateway.clients.profiles import ProfilesClient
from services.gateway.clients.trust import TrustClient
from services.gateway.clients.works import WorksClient
from services.gateway.settings import GatewaySettings
from shared.http import ServiceClient

_KEEPALIVE_SECONDS = 3.0
"""Shorter than the services' own, so that a request never meets a connection that the other side is closing."""


@dataclass(frozen=True)
class Upstreams:
    """All that the gateway asks."""

    works: WorksClient
    profiles: ProfilesClient
    trust: TrustClient
    graph: GraphClient
    notify: NotifyClient
    connections: tuple[httpx2.AsyncClient, ...]

    async def close(self) -> None:
        """Close every connection."""
        for client in self.connections:
            await client.aclose()


def connect(settings: GatewaySettings) -> Upstreams:
    """Clients for the settings' addresses; nothing is connected yet."""
    key = settings.internal_key.get_secret_value()
    urls = (settings.works_url, settings.profiles_url, settings.trust_url, settings.graph_url, settings.notify_url)
    limits = httpx2.Limits(max_connections=200, max_keepalive_connections=50, keepalive_expiry=_KEEPALIVE_SECONDS)
    clients = tuple(httpx2.AsyncClient(limits=limits, trust_env=False) for _ in urls)
    works, profiles, trust, graph, notify = (
        ServiceClient(url, key, "gateway", client) for url, client in zip(urls, clients, strict=True)
    )
    return Upstreams(
        WorksClient(works),
        ProfilesClient(profiles),
        TrustClient(trust),
        GraphClient(graph),
        NotifyClient(notify),
        clients,
    )
