"""Waiting for what is costly to ask, without taking the machine from what is waited for."""

import asyncio
from collections.abc import Awaitable, Callable

from tests.waiting import until

PAUSE = 0.25
PATIENCE = 180.0
"""Seconds: a busy machine is no fault."""


async def until_seldom(ask: Callable[[], Awaitable[object]], *, equals: object, seconds: float = PATIENCE) -> None:
    """As `until`, asking some four times a second."""

    async def paced() -> object:
        await asyncio.sleep(PAUSE)
        return await ask()

    await until(paced, equals=equals, seconds=seconds)
