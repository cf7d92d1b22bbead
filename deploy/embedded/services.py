"""The services as parts."""

import http.client
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import partial

from deploy.embedded.parts import Part
from deploy.embedded.ports import LOOPBACK

SERVICES = ("works", "profiles", "trust", "graph", "notify", "gateway")
HTTP_OK = 200


def is_ready(port: int) -> bool:
    """Whether GET /readyz answers 200."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=1.0)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/readyz")
        status = connection.getresponse().status
        connection.close()
        return status == HTTP_OK
    connection.close()
    return False


def service_command(name: str) -> list[str]:
    """Runs one service with all its roles."""
    return [sys.executable, "-m", f"services.{name}.main"]


def service_part(name: str, port: int, env: Mapping[str, str]) -> Part:
    """One service, which listens on `port`."""
    return Part(
        name=name,
        command=service_command(name),
        port=port,
        ready=partial(is_ready, port),
        env={**env, "BZPEER_HOST": LOOPBACK, "BZPEER_PORT": str(port)},
        detail="service",
    )


def service_urls(ports: Mapping[str, int]) -> dict[str, str]:
    """The variables by which services find each other, and the public address."""
    urls = {f"BZPEER_{name.upper()}_URL": f"http://{LOOPBACK}:{ports[name]}" for name in SERVICES if name != "gateway"}
    return {**urls, "BZPEER_PUBLIC_URL": f"http://{LOOPBACK}:{ports['gateway']}"}
