"""What the pages ask of profiles."""

import asyncio
from datetime import datetime

from pydantic import BaseModel

from services.profiles.domain.claims import Record
from services.profiles.domain.page import Badge, Viewer, badges_of, decide_viewer, default_headline
from services.profiles.usecases.parts import ProfilesParts
from shared.errors import NotFound
from shared.events.base import AccountId, AuthorId


class Profile(BaseModel):
    """One researcher as the reader sees them. `as_of`: the last event known of the record."""

    author_id: AuthorId
    slug: str
    name: str
    headline: str
    bio: str
    badges: list[Badge]
    affiliations: tuple[str, ...]
    claim_status: str
    followers: int
    viewer: Viewer
    as_of: datetime


async def get_profile(parts: ProfilesParts, author_id: AuthorId, account_id: AccountId | None) -> Profile:
    """The profile for an account, or for a visitor. NotFound until the record's first event is known here."""
    found, followee, record = await asyncio.gather(
        parts.people.get(author_id), parts.follows.followee(author_id), parts.claims.record(author_id)
    )
    if found is None:
        raise NotFound("There is no researcher with this id.", slug="unknown-researcher")
    person, name = found.value, found.value.name or ""
    following = False
    own_records: list[Record] = []
    if account_id is not None:
        following, own_records = await asyncio.gather(
            parts.follows.is_following(author_id, account_id), parts.claims.records_held_by(account_id)
        )
    return Profile(
        author_id=author_id,
        slug=person.slug or "",
        name=name,
        headline=default_headline(name),
        bio="",
        badges=badges_of(person.affiliations),
        affiliations=person.affiliations,
        claim_status=record.status,
        followers=followee.followers,
        viewer=decide_viewer(record, account_id, following=following, own_records=own_records, now=parts.clock()),
        as_of=found.as_of,
    )


async def get_counts(parts: ProfilesParts) -> dict[str, int]:
    """How much profiles holds: its own state, and what its view knows of works."""
    accounts, follows, pending, view = await asyncio.gather(
        parts.accounts.count(), parts.follows.count(), parts.claims.count_open(), parts.people.counts()
    )
    return {"accounts": accounts, "follows": follows, "pending_claims": pending, **view}
