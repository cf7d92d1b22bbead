"""Reading one panel."""

import asyncio

from pydantic import TypeAdapter

from services.gateway.researchers.panels import PanelReader
from shared.errors import NotFound, Unavailable


async def says(value: str) -> str:
    return value


async def fails(error: Exception) -> str:
    raise error


async def hangs() -> str:
    await asyncio.Event().wait()
    return ""


async def says_nonsense() -> str:
    return str(TypeAdapter(int).validate_python("nonsense"))


async def test_a_fresh_value_is_neither_stale_nor_a_failure() -> None:
    panel = await PanelReader[str]("p", 1, 10).read("a", says("x"))
    assert (panel.value, panel.failure, panel.is_stale) == ("x", None, False)


async def test_whatever_goes_wrong_the_last_known_value_is_used() -> None:
    reader = PanelReader[str]("p", 0.01, 10)
    await reader.read("a", says("x"))
    for bad in (hangs(), fails(Unavailable("away")), says_nonsense()):
        panel = await reader.read("a", bad)
        assert (panel.value, panel.is_stale) == ("x", True)


async def test_one_authors_value_never_stands_for_another() -> None:
    reader = PanelReader[str]("p", 1, 10)
    await reader.read("a", says("x"))
    assert (await reader.read("b", fails(Unavailable("away")))).value is None


async def test_what_is_gone_is_forgotten() -> None:
    reader = PanelReader[str]("p", 1, 10)
    await reader.read("a", says("x"))
    panel = await reader.read("a", fails(NotFound("gone")))
    assert (panel.is_gone, panel.value) == (True, None)
