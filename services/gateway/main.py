"""The gateway, put together: `python -m services.gateway.main`. It has no database and no part in any group."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from secure.middleware import SecureASGIMiddleware
from starlette.middleware.gzip import GZipMiddleware

from services.gateway.api import ROUTERS
from services.gateway.api.docs import API_DESCRIPTION
from services.gateway.clients import connect
from services.gateway.gateway import Gateway
from services.gateway.headers import security_headers
from services.gateway.live import Hub
from services.gateway.mailbox import mailbox_router
from services.gateway.middleware import BoundedBodies, HeadAsGet
from services.gateway.moved import add_redirects
from services.gateway.page_source import PageSource
from services.gateway.problems import SameOriginWrites, add_problem_pages
from services.gateway.researchers.reading import Researchers
from services.gateway.sessions import Sessions
from services.gateway.settings import GatewaySettings
from services.gateway.tracing import hide_secrets
from services.gateway.web import install_pages
from shared import telemetry
from shared.health import health_router
from shared.messaging.consumer import Consumers
from shared.service import Running, serve

NAME = "gateway"
_UNTRACED = "healthz,readyz,metrics,notifications/stream"


def make_gateway(settings: GatewaySettings) -> Gateway:
    """The parts; nothing is connected yet."""
    upstreams = connect(settings)
    return Gateway(
        settings=settings,
        upstreams=upstreams,
        researchers=Researchers(upstreams, settings),
        sessions=Sessions(upstreams.profiles, settings),
        hub=Hub(settings.stream_queue, settings.streams_per_account),
    )


def make_consumers(gateway: Gateway) -> Consumers:
    """Every replica hears every notification: the reader's stream may be open on any of them."""
    consumers = Consumers(gateway.settings, None, None)
    consumers.broadcast("gateway.live", ("notifications.v1",), gateway.hub.deliver)
    return consumers


def make_app(gateway: Gateway, consumers: Consumers) -> FastAPI:
    """The gateway's ASGI app: the API, the pages, and the live streams."""
    running = Running(consumers, prepared=True)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(consumers.run(), name="consumers")
        running.tasks.append(task)
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await gateway.upstreams.close()

    app = FastAPI(
        title="BZPEER",
        description=API_DESCRIPTION,
        version="1",
        lifespan=lifespan,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.gateway = gateway
    _add_routes(app, gateway, running)
    _add_middleware(app, gateway.settings)
    return app


def _add_routes(app: FastAPI, gateway: Gateway, running: Running) -> None:
    add_problem_pages(app, security_headers(is_https=gateway.settings.is_https))
    add_redirects(app)
    app.include_router(health_router(None, running), include_in_schema=False)
    for router in ROUTERS:
        app.include_router(router)
    settings = gateway.settings
    if settings.mailbox_dir is not None:
        app.include_router(mailbox_router(settings.mailbox_dir))
    fonts = settings.assets_dir / "fonts" if settings.assets_dir else None
    install_pages(app, PageSource(gateway), contact=settings.contact, fonts_dir=fonts)


def _add_middleware(app: FastAPI, settings: GatewaySettings) -> None:
    """The last one added sees a request first."""
    app.add_middleware(SameOriginWrites, public_url=settings.public_url)
    app.add_middleware(BoundedBodies, most_bytes=settings.body_bytes)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(SecureASGIMiddleware, secure=security_headers(is_https=settings.is_https), multi_ok=())
    app.add_middleware(HeadAsGet)
    FastAPIInstrumentor.instrument_app(
        app, server_request_hook=hide_secrets, excluded_urls=_UNTRACED, exclude_spans=["receive", "send"]
    )


def main() -> None:
    """Run the gateway from the environment's settings."""
    settings = GatewaySettings()
    telemetry.set_up(NAME, settings)
    gateway = make_gateway(settings)
    serve(make_app(gateway, make_consumers(gateway)), settings)


if __name__ == "__main__":
    main()
