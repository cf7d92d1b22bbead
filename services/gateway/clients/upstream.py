"""A service as the public door asks it: bounded in time, and without its inner address in what people read."""

import asyncio
from typing import Any

import httpx2

from shared.errors import Unavailable
from shared.http import ServiceClient


class UpstreamClient(ServiceClient):
    """A `ServiceClient` whose every call ends within `seconds`."""

    def __init__(self, name: str, base_url: str, key: str, client: httpx2.AsyncClient, seconds: float) -> None:
        super().__init__(base_url, key, "gateway", client)
        self._name = name
        self._seconds = seconds

    async def send(self, method: str, path: str, **options: Any) -> Any:
        """As `ServiceClient.send`; Unavailable names the service and says when to try again."""
        try:
            async with asyncio.timeout(self._seconds):
                return await super().send(method, path, **options)
        except (TimeoutError, Unavailable) as error:
            raise Unavailable(
                f"The part of this site that this needs ({self._name}) does not answer just now. "
                "Try again in a few seconds.",
                retry_after=getattr(error, "retry_after", None) or 5,
            ) from error
