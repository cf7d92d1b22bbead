"""Typed clients of the five services, each with its own connections: a slow service delays only its own panel."""

from dataclasses import dataclass

import httpx2

from services.gateway.clients.graph import GraphClient
from services.gateway.clients.notify import NotifyClient
from services.gateway.clients.profiles import ProfilesClient
from services.gateway.clients.trust import TrustClient
from services.gateway.clients.upstream import UpstreamClient
from services.gateway.clients.works import WorksClient
from services.gateway.settings import GatewaySettings

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
    limits = httpx2.Limits(max_connections=200, max_keepalive_connections=50, keepalive_expiry=_KEEPALIVE_SECONDS)
    ssl_context = httpx2.create_ssl_context()
    connections: list[httpx2.AsyncClient] = []

    def upstream(name: str, url: str) -> UpstreamClient:
        connections.append(httpx2.AsyncClient(limits=limits, trust_env=False, verify=ssl_context))
        return UpstreamClient(name, url, key, connections[-1], settings.call_seconds)

    return Upstreams(
        works=WorksClient(upstream("works", settings.works_url)),
        profiles=ProfilesClient(upstream("profiles", settings.profiles_url)),
        trust=TrustClient(upstream("trust", settings.trust_url)),
        graph=GraphClient(upstream("graph", settings.graph_url)),
        notify=NotifyClient(upstream("notify", settings.notify_url)),
        connections=tuple(connections),
    )
