"""Waiting for a condition, never for a time."""

import asyncio
from collections.abc import Awaitable, Callable


async def until(ask: Callable[[], Awaitable[object]], *, equals: object, seconds: float = 30.0) -> None:
    """Return when `ask` answers `equals`; fail with its last answer when that takes too long."""
    answer: object = None
    try:
        async with asyncio.timeout(seconds):
            while (answer := await ask()) != equals:
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"still {answer!r} after {seconds} s, not {equals!r}") from None
