"""What was merged into something else, or renamed: its old address leads to the new one for ever."""

from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response


class Moved(Exception):  # noqa: N818 - an answer, not an error
    """The same is at another address now."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location

    @classmethod
    def within(cls, request: Request, old: str, new: str) -> "Moved":
        """The request's own address with the segment that names the thing exchanged, its query kept.

        That segment is the one after `researchers` or `works`; others may happen to read the same.
        """
        segments = request.scope["path"].split("/")
        place = segments.index(old, 3 if segments[1] == "api" else 2)
        segments[place] = new
        path = "/".join(quote(segment, safe=":") for segment in segments)
        return cls(f"{path}?{request.url.query}" if request.url.query else path)


def add_redirects(app: FastAPI) -> None:
    """Answer Moved with 308, which keeps the method."""

    async def on_moved(_: Request, error: Exception) -> Response:
        assert isinstance(error, Moved)  # noqa: S101 - registered for nothing else
        return RedirectResponse(error.location, 308)

    app.add_exception_handler(Moved, on_moved)
