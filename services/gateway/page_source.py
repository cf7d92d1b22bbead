"""What the pages show, from the same parts as the API."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict

from fastapi import Request, Response

from services.gateway.clients.graph import Slice
from services.gateway.clients.notify import NotificationPage
from services.gateway.clients.trust import Trust
from services.gateway.clients.works import AuthorPage, Work, WorkPage, WorkQuery
from services.gateway.gateway import Gateway
from services.gateway.researchers.page import ResearcherPage
from services.gateway.researchers.slices import MOST_NODES, SliceLimits, quotas
from services.gateway.sessions import Reader, Session
from services.gateway.web import Viewer
from shared.errors import NotFound, Problem, Unavailable

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
        return Viewer(**asdict(session), unseen=await self._unseen(session.account_id))

    async def _unseen(self, account_id: str) -> int | None:
        try:
            async with asyncio.timeout(self._budget):
                return (await self._upstreams.notify.notifications(account_id, limit=1)).unseen
        except (TimeoutError, Problem, ValueError):
            return None

    async def researcher(self, id_or_slug: str, viewer: Viewer | None) -> ResearcherPage:
        """The researcher's page in one answer."""
        return await self._gateway.researchers.page(id_or_slug, Reader(viewer))

    async def works(self, author_id: str, cursor: str | None) -> WorkPage:
        """A page of the researcher's works."""
        return await self._upstreams.works.works_of(author_id, cursor, self._gateway.settings.page_works)

    async def slice(self, author_id: str, *, wide: bool = False) -> Slice | None:
        """What surrounds the researcher; None when the graph service does not know or does not answer in time."""
        try:
            async with asyncio.timeout(self._gateway.settings.call_seconds if wide else self._budget):
                return await self._upstreams.graph.slice(author_id, _WIDE if wide else {})
        except (TimeoutError, NotFound, Unavailable, ValueError):
            return None

    async def trust(self, author_id: str) -> Trust | None:
        """The explanation of the score; None when the trust service does not know or does not answer."""
        try:
            return await self._upstreams.trust.trust(author_id)
        except (NotFound, Unavailable, ValueError):
            return None

    async def researchers(self, query: str, cursor: str | None) -> AuthorPage:
        """Researchers by name."""
        return await self._upstreams.works.authors(query, cursor, 20)

    async def found_works(self, query: WorkQuery, cursor: str | None) -> WorkPage:
        """Works that match."""
        return await self._upstreams.works.search(query, cursor, 20)

    async def work(self, work_id: str) -> Work:
        """One work."""
        return await self._upstreams.works.work(work_id)

    async def notifications(self, viewer: Viewer, cursor: str | None) -> NotificationPage:
        """A page of the inbox."""
        return await self._upstreams.notify.notifications(viewer.account_id, cursor=cursor)

    async def mark_read(self, viewer: Viewer, ids: Sequence[str] | None) -> None:
        """Mark these as read, or all of them for None."""
        await self._upstreams.notify.mark_read(viewer.account_id, ids)

    async def set_following(self, author_id: str, viewer: Viewer, *, following: bool) -> None:
        """Follow or unfollow."""
        await self._upstreams.profiles.set_following(author_id, viewer.account_id, following=following)

    async def claim(self, author_id: str, viewer: Viewer, evidence: Sequence[str]) -> None:
        """Open a claim."""
        await self._upstreams.profiles.open_claim(author_id, viewer.account_id, evidence, "")

    async def send_sign_in_link(self, email: str, onward: str) -> None:
        """Mail a link that signs in."""
        await self._upstreams.profiles.send_sign_in_link(email, onward)

    async def sign_in(self, token: str, response: Response) -> None:
        """Begin a session."""
        await self._gateway.sessions.begin(token, response)

    async def sign_out(self, request: Request, response: Response) -> None:
        """End the session."""
        await self._gateway.sign_out(request, response)
