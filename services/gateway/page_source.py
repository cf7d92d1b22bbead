"""What the pages show, from the same parts as the API."""

import asyncio
from collections.abc import Mapping, Sequence

from fastapi import Request, Response
from pydantic import BaseModel

from services.gateway.gateway import Gateway
from services.gateway.researchers.slices import MOST_NODES, SliceLimits, quotas
from services.gateway.sessions import Reader, Session
from services.gateway.web import Viewer
from shared.errors import NotFound, Problem, Unavailable

Answer = Mapping[str, object]
_WIDE = quotas(SliceLimits(limit=MOST_NODES))


class PageSource:
    """The gateway as the pages see it (`services.gateway.web.PageData`)."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._upstreams = gateway.upstreams
        self._budget = gateway.settings.panel_budget_seconds

    async def viewer(self, request: Request) -> Viewer | None:
        """Who is signed in, with the count of the inbox if notify answers in time."""
        try:
            session = await self._gateway.sessions.find(request, self._budget)
        except Unavailable:
            return None
        return await self._viewer(session)

    async def account(self, request: Request) -> Viewer | None:
        """Who is signed in, with time enough to say so; Unavailable while nobody can."""
        return await self._viewer(await self._gateway.sessions.find(request))

    async def _viewer(self, session: Session | None) -> Viewer | None:
        if session is None:
            return None
        return Viewer(session.account_id, session.email, session.csrf, await self._unseen(session.account_id))

    async def _unseen(self, account_id: str) -> int | None:
        try:
            async with asyncio.timeout(self._budget):
                return (await self._upstreams.notify.notifications(account_id, limit=1)).unseen
        except (TimeoutError, Problem, ValueError):
            return None

    async def researcher(self, id_or_slug: str, viewer: Viewer | None) -> Answer:
        """The researcher's page in one answer."""
        return _json(await self._gateway.researchers.page(id_or_slug, _reader(viewer)))

    async def works(self, author_id: str, cursor: str | None) -> Answer:
        """A page of the researcher's works."""
        return _json(await self._upstreams.works.works_of(author_id, cursor, self._gateway.settings.page_works))

    async def slice(self, author_id: str, *, wide: bool = False) -> Answer | None:
        """What surrounds the researcher; None when the graph service does not know or does not answer in time."""
        try:
            async with asyncio.timeout(self._gateway.settings.call_seconds if wide else self._budget):
                return _json(await self._upstreams.graph.slice(author_id, _WIDE if wide else {}))
        except (TimeoutError, NotFound, Unavailable, ValueError):
            return None

    async def trust(self, author_id: str) -> Answer | None:
        """The explanation of the score; None when the trust service does not know or does not answer."""
        try:
            return _json(await self._upstreams.trust.trust(author_id))
        except (NotFound, Unavailable, ValueError):
            return None

    async def researchers(self, query: str, cursor: str | None) -> Answer:
        """Researchers by name."""
        return _json(await self._upstreams.works.authors(query, cursor, 20))

    async def work(self, work_id: str) -> Answer:
        """One work."""
        return _json(await self._upstreams.works.work(work_id))

    async def notifications(self, viewer: Viewer, cursor: str | None) -> Answer:
        """A page of the inbox."""
        return _json(await self._upstreams.notify.notifications(viewer.account_id, cursor=cursor))

    async def mark_read(self, viewer: Viewer, ids: Sequence[str] | None) -> None:
        """Mark these as read, or all of them for None."""
        await self._upstreams.notify.mark_read(viewer.account_id, ids)

    async def set_following(self, author_id: str, viewer: Viewer, *, following: bool) -> None:
        """Follow or unfollow."""
        await self._upstreams.profiles.set_following(author_id, viewer.account_id, following=following)

    async def claim(self, author_id: str, viewer: Viewer, evidence: Sequence[str]) -> Answer:
        """Open a claim."""
        return _json(await self._upstreams.profiles.open_claim(author_id, viewer.account_id, evidence, ""))

    async def send_sign_in_link(self, email: str) -> None:
        """Mail a link that signs in."""
        await self._upstreams.profiles.send_sign_in_link(email)

    async def sign_in(self, token: str, response: Response) -> None:
        """Begin a session."""
        await self._gateway.sessions.begin(token, response)

    async def sign_out(self, request: Request, response: Response) -> None:
        """End the session."""
        await self._gateway.sign_out(request, response)


def _reader(viewer: Viewer | None) -> Reader:
    if viewer is None:
        return Reader()
    return Reader(Session(viewer.account_id, viewer.email, viewer.csrf, by_cookie=True))


def _json(answer: BaseModel) -> Answer:
    dumped: Answer = answer.model_dump(mode="json")
    return dumped
