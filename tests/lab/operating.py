"""What an operator does with the lab: look at letters, try them again, throw them away."""

from typing import Any

from shared.http import ServiceClient

Letter = dict[str, Any]


class Letters:
    """The dead letters of a service, by its API."""

    def __init__(self, service: ServiceClient) -> None:
        self._service = service

    async def all(self, group: str | None = None, state: str | None = None) -> list[Letter]:
        """Every letter of the group in this state."""
        letters: list[Letter] = []
        cursor: str | None = None
        while True:
            params = {"group": group, "state": state, "limit": 100, "cursor": cursor}
            page = await self._service.get_json("/dead-letters", params=params)
            letters += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return letters

    async def whole(self, letter: Letter) -> Letter:
        """The letter with its stack, headers and value."""
        found: Letter = await self._service.get_json(f"/dead-letters/{letter['id']}")
        return found

    async def retry(self, letter: Letter) -> None:
        """Try it again now."""
        await self._service.send("POST", f"/dead-letters/{letter['id']}/retry")

    async def discard(self, letter: Letter) -> None:
        """Throw it away."""
        await self._service.send("POST", f"/dead-letters/{letter['id']}/discard")
