"""What the researcher's page says of the profile, put together for its reader."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from services.profiles.domain.page import Badge, Viewer, badges_of, decide_viewer, default_headline
from services.profiles.store.claims import ClaimStore
from services.profiles.store.follows import FollowStore
from services.profiles.store.people import PeopleStore
from shared.clock import Clock
from shared.errors import NotFound
from shared.events.base import AccountId


class ProfilePage(BaseModel):
    """The profile of a researcher, and what its reader may do."""

    author_id: str
    slug: str | None
    name: str
    headline: str
    bio: str
    badges: list[Badge]
    affiliations: tuple[str, ...]
    claim_status: Literal["unclaimed", "pending", "claimed"]
    followers: int
    viewer: Viewer
    as_of: datetime


class Pages:
    """Reads profiles."""

    def __init__(self, people: PeopleStore, follows: FollowStore, claims: ClaimStore, clock: Clock) -> None:
        self._people = people
        self._follows = follows
        self._claims = claims
        self._clock = clock

    async def get(self, id_or_slug: str, account_id: AccountId | None) -> ProfilePage:
        """The profile as the reader sees it (None: a visitor). NotFound for an unknown author."""
        found = await self._people.find(id_or_slug)
        if found is None:
            raise NotFound("No author record with this id or name is known here.")
        person, name = found.value, found.value.name or ""
        author_id = person.author_id
        record = await self._claims.record(author_id)
        followee = await self._follows.followee(author_id)
        following = account_id is not None and await self._follows.is_following(author_id, account_id)
        own = await self._claims.records_held_by(account_id) if account_id is not None else []
        return ProfilePage(
            author_id=author_id,
            slug=person.slug,
            name=name,
            headline=default_headline(name),
            bio="",
            badges=badges_of(person.affiliations),
            affiliations=person.affiliations,
            claim_status=record.status,
            followers=followee.followers,
            viewer=decide_viewer(record, account_id, following=following, own_records=own, now=self._clock()),
            as_of=found.as_of,
        )
