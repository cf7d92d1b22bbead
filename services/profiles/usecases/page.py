"""What the researcher's page says of the profile, put together for its reader."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from services.profiles.domain.page import Badge, Viewer, badges_of, decide_viewer, default_headline
from services.profiles.usecases.parts import ProfilesParts
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


async def get_page(parts: ProfilesParts, id_or_slug: str, account_id: AccountId | None) -> ProfilePage:
    """The profile as the reader sees it (None: a visitor). NotFound for an unknown author."""
    found = await parts.people.find(id_or_slug)
    if found is None:
        raise NotFound("There is no researcher with this id or name.", slug="unknown-researcher")
    person, name = found.value, found.value.name or ""
    author_id = person.author_id
    record = await parts.claims.record(author_id)
    following = account_id is not None and await parts.follows.is_following(author_id, account_id)
    own = await parts.claims.records_held_by(account_id) if account_id is not None else []
    return ProfilePage(
        author_id=author_id,
        slug=person.slug,
        name=name,
        headline=default_headline(name),
        bio="",
        badges=badges_of(person.affiliations),
        affiliations=person.affiliations,
        claim_status=record.status,
        followers=(await parts.follows.followee(author_id)).followers,
        viewer=decide_viewer(record, account_id, following=following, own_records=own, now=parts.clock()),
        as_of=found.as_of,
    )
