"""The gateway before five services that do as they are told, over real HTTP."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr

from services.gateway.gateway import Gateway
from services.gateway.main import make_app, make_consumers, make_gateway
from services.gateway.settings import GatewaySettings
from tests.components.gateway.services import KEY, FakeServices
from tests.components.gateway.serving import serving

SIGNED_IN = {"Cookie": "bzpeer_session=secret; bzpeer_csrf=csrf-1"}
Start = Callable[..., Gateway]
Open = Callable[[Gateway], httpx2.AsyncClient]


@pytest.fixture
async def services() -> AsyncIterator[FakeServices]:
    fakes = FakeServices()
    yield fakes
    fakes.released.set()


@pytest.fixture
async def start(services: FakeServices) -> AsyncIterator[Start]:
    """Starts a gateway; settings may be changed by name."""
    async with AsyncExitStack() as stack:
        base = await stack.enter_async_context(serving(services.app()))
        stack.callback(services.released.set)

        def start_gateway(**changed: Any) -> Gateway:
            urls = {f"{name}_url": f"{base}/{name}" for name in ("works", "profiles", "trust", "graph", "notify")}
            settings = {"internal_key": SecretStr(KEY), "panel_budget_seconds": 1.0, **urls, **changed}
            gateway = make_gateway(GatewaySettings.model_validate(settings))
            stack.push_async_callback(gateway.upstreams.close)
            return gateway

        yield start_gateway


@pytest.fixture
async def open_client() -> AsyncIterator[Open]:
    """Opens a client of a gateway's app."""
    async with AsyncExitStack() as stack:

        def open_it(gateway: Gateway) -> httpx2.AsyncClient:
            transport = httpx2.ASGITransport(make_app(gateway, make_consumers(gateway)), raise_app_exceptions=False)
            client = httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")
            stack.push_async_callback(client.aclose)
            return client

        yield open_it


@pytest.fixture
def client(start: Start, open_client: Open) -> httpx2.AsyncClient:
    """A client of a gateway whose services are all well."""
    return open_client(start())
