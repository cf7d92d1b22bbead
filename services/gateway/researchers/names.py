"""From what stands in an address to the author record."""

import asyncio
from uuid import UUID

from services.gateway.caches import Bounded
from services.gateway.clients.profiles import ProfilesClient
from services.gateway.clients.works import AuthorRef, WorksClient
from shared.errors import NotFound, Problem, Unavailable

FRESH_SECONDS = 5.0


class Names:
    """Resolves ids and slugs, at works. While works does not answer, what was found once is remembered, and profiles
    is asked for the rest. Answers hold for seconds, for a record can be renamed, merged and split."""

    def __init__(self, works: WorksClient, profiles: ProfilesClient, budget_seconds: float, entries: int) -> None:
        self._works = works
        self._profiles = profiles
        self._budget = budget_seconds
        self._known: Bounded[str, AuthorRef] = Bounded(entries)
        self._fresh: Bounded[str, AuthorRef] = Bounded(entries, FRESH_SECONDS)

    async def resolve(self, id_or_slug: str) -> AuthorRef:
        """The author record. NotFound when a service says that there is none, Unavailable when none can say."""
        fresh = self._fresh.get(id_or_slug)
        if fresh is not None:
            return fresh
        found = await self._ask_works(id_or_slug) or self._known.get(id_or_slug) or await self._ask_profiles(id_or_slug)
        self.remember(found)
        return found

    def remember(self, author: AuthorRef) -> None:
        """Answer the next request for this author's id or slug from memory."""
        for cache in (self._known, self._fresh):
            cache.put(author.id, author)
            cache.put(author.slug, author)

    def forget(self, author: AuthorRef) -> None:
        """Ask again next time."""
        for cache in (self._known, self._fresh):
            cache.drop(author.id)
            cache.drop(author.slug)

    async def _ask_works(self, id_or_slug: str) -> AuthorRef | None:
        try:
            async with asyncio.timeout(self._budget):
                return await self._works.resolve(id_or_slug)
        except NotFound:
            raise unknown_researcher() from None
        except (TimeoutError, Problem, ValueError):
            return None

    async def _ask_profiles(self, id_or_slug: str) -> AuthorRef:
        try:
            async with asyncio.timeout(self._budget):
                profile = await self._profiles.profile(id_or_slug, None)
        except NotFound:
            if _is_id(id_or_slug):
                raise unknown_researcher() from None
        except (TimeoutError, Problem, ValueError):
            pass
        else:
            return AuthorRef(id=profile.author_id, slug=profile.slug or profile.author_id, name=profile.name)
        raise Unavailable("Researchers cannot be looked up just now. Try again in a few seconds.", retry_after=5)


def unknown_researcher() -> NotFound:
    """The answer for an id or slug that nobody has."""
    return NotFound("There is no researcher by this name. Check the address, or search: /api/researchers?q=")


def _is_id(id_or_slug: str) -> bool:
    """Whether profiles would know it: it finds records by id, not all by slug."""
    try:
        UUID(id_or_slug)
    except ValueError:
        return False
    return True
