"""The five services as the gateway sees them: one small app on loopback that can hang and fail."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, FastAPI, Header

from shared.auth import Caller, SignedIn, caller
from shared.errors import Conflict, NotFound, Unauthorised, Unavailable
from shared.http import add_problem_handlers

KEY = "k" * 32
HANNAH = "01890000-0000-7000-8000-000000000001"
ME = "account-1"
EMAIL = "reader@example.org"
THEN = "2024-01-05T10:00:00Z"
Json = dict[str, Any]


class FakeServices:
    """What the services answer, and how well they are. Tests change it between requests."""

    def __init__(self) -> None:
        self.hanging: set[str] = set()
        self.failing: set[str] = set()
        self.released = asyncio.Event()
        self.score = 13
        self.followers: set[str] = set()
        self.session_lookups = 0
        self.sessions = {"secret": {"account_id": ME, "email": EMAIL, "csrf": "csrf-1"}}
        self.links: list[str] = []
        self.onward: list[str | None] = []
        self.notifications: list[Json] = []
        self.read: list[Json] = []
        self.before_replay: Callable[[], Awaitable[None]] | None = None

    def app(self) -> FastAPI:
        """All five services under /works, /profiles, /trust, /graph and /notify."""
        app = FastAPI()
        app.state.internal_key = KEY
        add_problem_handlers(app)
        for name, build in {
            "works": _works,
            "profiles": _profiles,
            "trust": _trust,
            "graph": _graph,
            "notify": _notify,
        }.items():
            gates = [Depends(self._gate(name)), Depends(caller)]
            app.include_router(build(self), prefix=f"/{name}", dependencies=gates)
        return app

    def _gate(self, name: str) -> Callable[[], Awaitable[None]]:
        async def gate() -> None:
            if name in self.hanging:
                await self.released.wait()
            if name in self.failing:
                raise Unavailable("Broken on purpose.")

        return gate


def work(number: int, year: int) -> Json:
    return {
        "id": f"work-{number}",
        "kind": "preprint",
        "year": year,
        "source": "arXiv",
        "title": f"Work {number}",
        "abstract": "An abstract.",
        "abstract_html": "An abstract.",
        "status": "current",
        "a_field_of_tomorrow": 1,
    }


def _works(_: FakeServices) -> APIRouter:
    router = APIRouter()
    ref = {"id": HANNAH, "slug": "hannah-lawrence", "name": "Hannah Lawrence"}

    @router.get("/authors/resolve/{id_or_slug}")
    async def resolve(id_or_slug: str) -> Json:
        if id_or_slug not in {HANNAH, "hannah-lawrence", "old-slug", "works"}:
            raise NotFound("No such author.")
        return ref

    @router.get("/authors/{author_id}")
    async def author(author_id: str) -> Json:
        return {**ref, "id": author_id, "orcid": None, "counts": {"works": 2, "topics": 5}, "as_of": THEN}

    @router.get("/authors/{author_id}/works")
    async def works(author_id: str, limit: int, cursor: str | None = None) -> Json:
        items = [work(1, 2024), work(2, 2022)]
        start = int(cursor or 0)
        end = start + limit
        return {"items": items[start:end], "next_cursor": str(end) if end < len(items) else None}

    @router.get("/search/works")
    async def search_works(q: str = "", year: int | None = None) -> Json:
        items = [work(1, 2024), work(2, 2022)]
        found = [each for each in items if q.lower() in each["title"].lower() and year in {None, each["year"]}]
        return {"items": found, "next_cursor": None}

    @router.get("/search/people")
    async def search(q: str, topic: str | None = None, institution: str | None = None) -> Json:
        if topic or institution:
            return {"items": [], "next_cursor": None}
        return {"items": [{**ref, "works": 2}] if q.lower() in "hannah lawrence" else [], "next_cursor": None}

    @router.get("/works/{work_id}")
    async def one(work_id: str) -> Json:
        if work_id not in {"work-1", "old-work"}:
            raise NotFound("No such work.")
        return work(1, 2024)

    return router


def _profiles(services: FakeServices) -> APIRouter:
    router = APIRouter()

    @router.get("/profiles/{author_id}")
    async def profile(author_id: str, by: Caller) -> Json:
        if author_id != HANNAH:
            raise NotFound("No such profile.")
        return {
            "author_id": HANNAH,
            "name": "Hannah Lawrence",
            "headline": "A headline.",
            "badges": ["researcher", "affiliation_not_imported", "open_to_collaborate"],
            "claim_status": "unclaimed",
            "followers": len(services.followers),
            "viewer": {
                "following": by.account_id in services.followers,
                "can_claim": True,
                "can_invite": False,
                "invite_blocked_by": "unclaimed",
            },
            "as_of": THEN,
        }

    @router.put("/follows/{author_id}")
    async def follow(author_id: str, by: SignedIn) -> Json:
        services.followers.add(str(by.account_id))
        return {"following": True, "followers": len(services.followers)}

    @router.delete("/follows/{author_id}")
    async def unfollow(author_id: str, by: SignedIn) -> Json:
        services.followers.discard(str(by.account_id))
        return {"following": False, "followers": len(services.followers)}

    @router.get("/followers/{author_id}")
    async def followers(author_id: str) -> Json:
        return {"followers": len(services.followers)}

    @router.post("/claims")
    async def claim(by: SignedIn, body: Annotated[Json, Body()]) -> Json:
        if not body["evidence"]:
            raise Conflict("Somebody else holds this record.", slug="record-claimed")
        return {
            "claim_id": "claim-1",
            "author_id": body["author_id"],
            "status": "pending",
            "evidence": body["evidence"],
        }

    @router.post("/sign-in-links", status_code=202)
    async def link(body: Annotated[Json, Body()]) -> None:
        services.links.append(body["email"])
        services.onward.append(body["next"])

    _add_sessions(router, services)
    return router


def _add_sessions(router: APIRouter, services: FakeServices) -> None:
    @router.post("/sessions")
    async def begin(body: Annotated[Json, Body()]) -> Json:
        if body["token"] != "mailed":
            raise Unauthorised("This link was used already, or is too old. Ask for a new one.", slug="link-used")
        return {"session": "secret", "csrf": "csrf-1", "account": {"id": ME, "email": EMAIL}}

    @router.get("/sessions/current")
    async def current(x_session: Annotated[str, Header()]) -> Json:
        services.session_lookups += 1
        if x_session not in services.sessions:
            raise Unauthorised("This session has ended.")
        return services.sessions[x_session]

    @router.delete("/sessions/current", status_code=204)
    async def end(x_session: Annotated[str, Header()]) -> None:
        services.sessions.pop(x_session, None)


def _trust(services: FakeServices) -> APIRouter:
    router = APIRouter()

    @router.get("/trust/{author_id}")
    async def trust(author_id: str) -> Json:
        return {
            "score": services.score,
            "tier": "Unverified",
            "verification_level": "L1",
            "claim_status": "unclaimed",
            "model": "v1",
            "as_of": THEN,
        }

    return router


def _graph(_: FakeServices) -> APIRouter:
    router = APIRouter()

    @router.get("/collaborators/{author_id}")
    async def collaborators(author_id: str) -> Json:
        close = [{"author_id": f"author-{n}", "name": f"Author {n}", "strength": 0.5} for n in range(4)]
        return {"close": close, "total": 6, "as_of": THEN}

    @router.get("/slice/{author_id}")
    async def slice_(author_id: str, works: int = 12) -> Json:
        nodes = [{"id": author_id, "kind": "person", "label": "Hannah Lawrence"}]
        return {"centre": author_id, "nodes": nodes, "shown": {"works": works}, "as_of": THEN}

    return router


def _notify(services: FakeServices) -> APIRouter:
    router = APIRouter()

    @router.get("/notifications")
    async def notifications(by: SignedIn, limit: int, after: str | None = None) -> Json:
        ids = [one["id"] for one in services.notifications]
        if after is None:
            items = services.notifications[::-1][:limit]
        elif after in ids:
            start = ids.index(after) + 1
            items = services.notifications[start : start + limit]
            if services.before_replay:
                await services.before_replay()
        else:
            raise NotFound("No such notification.")
        return {"items": items, "next_cursor": None, "unseen": len(services.notifications)}

    @router.post("/notifications/read")
    async def read(by: SignedIn, body: Annotated[Json, Body()]) -> None:
        services.read.append(body)

    return router
