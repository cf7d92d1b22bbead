"""Turns of a single process."""


class Turns:
    """Notes which source's turn was taken, and the pauses after it."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.pauses: list[float] = []
        self.taken: list[str] = []

    async def take(self, source: str, token: str) -> float:
        if self.waits:
            return self.waits.pop(0)
        self.taken.append(source)
        return 0.0

    async def give_back(self, _source: str, token: str, *, pause: float) -> None:
        self.pauses.append(pause)
