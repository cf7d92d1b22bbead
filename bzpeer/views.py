"""The views of all services, as `bzpeer rebuild` finds, starts, follows and cancels them."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

import typer

from bzpeer.running import Answers, Running, names_of
from shared.errors import Conflict, Problem, Unavailable
from shared.http import ServiceClient

View = dict[str, Any]

PATIENCE_SECONDS = 120.0
"""A service that restarts during a rebuild is waited for so long."""
POLL_SECONDS = 0.2


class Views:
    """An operator's calls about views."""

    def __init__(self, running: Running) -> None:
        self._running = running

    async def all_of(self) -> Answers[list[View]]:
        """The views of each service that answers."""
        return await self._running.ask(_items)

    async def find(self, words: Sequence[str]) -> list[View]:
        """The views that are meant: by a name with or without its version, or by the service that keeps them."""
        answers = await self.all_of()
        every = [{**view, "service": service} for service, views in answers.found.items() for view in views]
        found: dict[str, View] = {}
        for word in words:
            fitting = [view for view in every if word in names_of(view["name"])]
            if not fitting and answers.silent:
                raise Problem(
                    f"There is no view {word} in the services that answer; {', '.join(answers.silent)} do not."
                )
            if not fitting:
                known = ", ".join(sorted(view["name"] for view in every))
                raise typer.BadParameter(f"there is no view {word}; there are {known}")
            found |= {view["name"]: view for view in fitting}
        return list(found.values())

    async def start(self, view: View, *, swap: bool) -> bool:
        """Begin a rebuild; False when one runs already."""
        try:
            await self._service(view).send("POST", _path(view, "rebuild"), json={"swap": swap})
        except Conflict:
            return False
        return True

    async def follow(self, view: View, look: Callable[[View], None]) -> View:
        """The view once its rebuild has ended; `look` is shown each state. Raises a Problem when it came to nothing."""
        waited = 0.0
        while True:
            try:
                (now,) = [each for each in await _items(self._service(view)) if each["name"] == view["name"]]
                waited = 0.0
            except Unavailable:
                if waited > PATIENCE_SECONDS:
                    raise
            else:
                if now["building"] is None:
                    return _ended(view, now)
                look(now)
            await asyncio.sleep(POLL_SECONDS)
            waited += POLL_SECONDS

    async def cancel(self, view: View) -> None:
        """End a rebuild without a swap."""
        await self._service(view).send("POST", _path(view, "rebuild/cancel"))

    def _service(self, view: View) -> ServiceClient:
        return self._running.service(view["service"])


async def _items(service: ServiceClient) -> list[View]:
    items: list[View] = (await service.get_json("/views"))["items"]
    return items


def _path(view: View, what: str) -> str:
    return f"/views/{quote(view['name'], safe='')}/{what}"


def _ended(before: View, now: View) -> View:
    if now["last"] is None or now["last"] == before["last"]:
        raise Problem(f"The rebuild of {now['name']} was cancelled; the old generation serves on.")
    return {**now, "service": before["service"]}
