"""A service's routes for operators, with what a test puts into it."""

from typing import Any

from fastapi import Depends, FastAPI

from shared.auth import Caller
from shared.errors import Conflict, NotFound
from shared.http import add_problem_handlers

KEY = "k" * 32
Letter = dict[str, Any]
AT = "2026-11-24T12:00:00Z"


def letter(id_: str, **more: Any) -> Letter:
    """A dead letter of an event that the graph's people view could not take in."""
    return {
        "id": id_,
        "group": "graph.people.v1",
        "topic": "authors.v1",
        "partition": 3,
        "offset": 120,
        "key": "ada",
        "subject": "ada",
        "sequence": 7,
        "type": "AuthorCredited",
        "error": "ZeroDivisionError: no view can take this in",
        "attempts": 5,
        "state": "dead",
        "first_at": AT,
        "last_at": AT,
        "due_at": None,
        "stack": "Traceback (most recent call last):\n  File people.py",
        "headers": [["ce_type", "AuthorCredited"], ["ce_id", "e1"]],
        "value": '{"author_id": "ada"}',
        **more,
    }


class FakeService:
    """One service. `unfit` holds the letters that fail whenever they are tried; a look at a letter tries it."""

    def __init__(self) -> None:
        self.letters: dict[str, Letter] = {}
        self.unfit: set[str] = set()
        self.stopped = False
        self.views: list[dict[str, Any]] = []
        self.results: list[dict[str, Any]] = []
        self.rebuilds: list[tuple[str, bool]] = []
        self.wanted: list[dict[str, Any]] = []
        self.events = 0
        self.unpublished = 0
        self.groups: dict[str, list[str]] = {}
        self.app = FastAPI(dependencies=[Depends(_known)])
        self.app.state.internal_key = KEY
        add_problem_handlers(self.app)
        self._letter_routes()
        self._view_routes()

    def hold(self, *letters: Letter) -> None:
        """Keep these letters."""
        self.letters |= {each["id"]: each for each in letters}

    def _letter_routes(self) -> None:
        app = self.app

        @app.get("/dead-letters")
        async def listing(limit: int, group: str = "", state: str = "", cursor: int = 0) -> dict[str, Any]:
            every = [
                {name: value for name, value in each.items() if name not in {"stack", "headers", "value"}}
                for each in self.letters.values()
                if group in {"", each["group"]} and state in {"", each["state"]}
            ]
            end = cursor + min(limit, 2)
            return {"items": every[cursor:end], "next_cursor": str(end) if end < len(every) else None}

        @app.get("/dead-letters/{id_}")
        async def one(id_: str) -> Letter:
            found = self._letter(id_)
            if found["attempts"] == 0 and not self.stopped:
                self._try(found)
            return found

        @app.post("/dead-letters/{id_}/retry", status_code=202)
        async def retry(id_: str) -> Letter:
            self._letter(id_).update(attempts=0, state="waiting", due_at=AT)
            return dict(self._letter(id_))

        @app.post("/dead-letters/{id_}/discard")
        async def discard(id_: str) -> Letter:
            self._letter(id_)
            return self.letters.pop(id_)

    def _letter(self, id_: str) -> Letter:
        if id_ not in self.letters:
            raise NotFound("There is no such dead letter.")
        return self.letters[id_]

    def _try(self, found: Letter) -> None:
        if found["id"] in self.unfit:
            found.update(attempts=1, last_at="2026-11-24T13:00:00Z", error="ZeroDivisionError: still not")
        else:
            del self.letters[found["id"]]

    def _view_routes(self) -> None:
        app = self.app

        @app.get("/views")
        async def views() -> dict[str, Any]:
            answer = {"items": [dict(view) for view in self.views]}
            for view in self.views:
                self._go_on(view)
            return answer

        @app.post("/views/{name}/rebuild", status_code=202)
        async def rebuild(name: str, body: dict[str, bool]) -> None:
            (view,) = [view for view in self.views if view["name"] == name]
            if view["building"]:
                raise Conflict("It runs already.")
            self.rebuilds.append((name, body["swap"]))
            view["building"] = {"generation": 2, "started_at": AT, "state": "folding", "read": 1, "of": 3}

        @app.post("/views/{name}/rebuild/cancel")
        async def cancel(name: str) -> None:
            for view in self.views:
                view["building"] = None if view["name"] == name else view["building"]

        @app.post("/resync")
        async def resync(body: dict[str, list[dict[str, Any]]]) -> dict[str, int]:
            self.wanted += body["wanted"]
            return {"events": self.events}

        @app.get("/progress")
        async def progress() -> dict[str, Any]:
            return {"unpublished": self.unpublished, "groups": self.groups}

    def _go_on(self, view: dict[str, Any]) -> None:
        """A rebuild that was looked at once is over; what comes of it are the results in their order."""
        if view["building"] and view["building"]["read"] == 3:
            view["building"] = None
            view["last"] = self.results.pop(0) if self.results else view["last"]
        elif view["building"]:
            view["building"] = {**view["building"], "read": 3, "state": "comparing"}


async def _known(_: Caller) -> None:
    """Every route needs the internal token."""


def view(name: str) -> dict[str, Any]:
    """A view that was never rebuilt."""
    return {"name": name, "service": "graph", "generation": 1, "collection": name, "documents": 4} | {
        "building": None,
        "last": None,
    }


def result(**more: Any) -> dict[str, Any]:
    """What a rebuild found when old and new agree."""
    counts = {"documents": 4, "equal": 4, "differing": 0, "missing": 0, "extra": 0, "examples": []}
    return {"generation": 2, "finished_at": AT, "swapped": True, **counts, **more}
