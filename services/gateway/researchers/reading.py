"""Reads a researcher's page: who it is, then the four panels at once."""

import asyncio
from dataclasses import replace

from services.gateway.clients import Upstreams
from services.gateway.clients.graph import Collaborators
from services.gateway.clients.profiles import Profile
from services.gateway.clients.trust import Trust
from services.gateway.clients.works import AuthorRef
from services.gateway.researchers.names import Names, unknown_researcher
from services.gateway.researchers.page import Panels, Published, ResearcherPage, compose
from services.gateway.researchers.panels import PanelReader
from services.gateway.sessions import Reader
from services.gateway.settings import GatewaySettings
from shared.errors import Unavailable


class Researchers:
    """The pages of researchers, complete as far as the services answer within their budgets."""

    def __init__(self, upstreams: Upstreams, settings: GatewaySettings) -> None:
        self._upstreams = upstreams
        self._page_works = settings.page_works
        budget, entries = settings.panel_budget_seconds, settings.last_known_researchers
        self.names = Names(upstreams.works, upstreams.profiles, budget, settings.known_names)
        self._works = PanelReader[Published]("works", budget, entries)
        self._profiles = PanelReader[Profile]("profiles", budget, entries)
        self._trust = PanelReader[Trust]("trust", budget, entries)
        self._graph = PanelReader[Collaborators]("graph", budget, entries)

    async def page(self, id_or_slug: str, reader: Reader) -> ResearcherPage:
        """The page as this reader sees it. NotFound; Unavailable when nobody can say whose page it is."""
        ref = await self.names.resolve(id_or_slug)
        works, profiles, trust, graph = await asyncio.gather(
            self._works.read(ref.id, self._published(ref.id)),
            self._profiles.read(ref.id, self._upstreams.profiles.profile(ref.id, reader.account_id)),
            self._trust.read(ref.id, self._upstreams.trust.trust(ref.id)),
            self._graph.read(ref.id, self._upstreams.graph.collaborators(ref.id)),
        )
        if works.is_gone:
            self.names.forget(ref)
            raise unknown_researcher()
        if works.value:
            author = works.value.author
            self.names.remember(AuthorRef(id=author.id, slug=author.slug, name=author.name))
        if not reader.is_known:
            profiles = replace(profiles, failure=Unavailable("Nobody can say now who reads this."))
        return compose(ref, Panels(works, profiles, trust, graph))

    async def _published(self, author_id: str) -> Published:
        author, works = await asyncio.gather(
            self._upstreams.works.author(author_id),
            self._upstreams.works.works_of(author_id, None, self._page_works),
        )
        return Published(author, works)
