"""Following and unfollowing authors."""

from services.profiles.domain.follows import Followee, decide_follow, decide_unfollow
from services.profiles.usecases.fates import lead_followers_on
from services.profiles.usecases.parts import ProfilesParts
from services.profiles.usecases.saving import save_follows
from shared.errors import NotFound
from shared.events.base import AccountId, AuthorId
from shared.events.trust import VerificationLevel
from shared.mongo import Session


async def follow(parts: ProfilesParts, account_id: AccountId, author_id: AuthorId) -> Followee:
    """The account follows the author; doing it twice changes nothing. NotFound for an unknown author.

    One who is merged away at this moment is followed under the other record.
    """
    await _require_known(parts, author_id)
    level = await level_of(parts, account_id)

    async def work(session: Session) -> Followee:
        followee = await parts.follows.followee(author_id, session)
        following = await parts.follows.is_following(author_id, account_id, session)
        follows = await parts.follows.follows_of(account_id, session)
        events = decide_follow(followee, account_id, following=following, follows=follows, level=level)
        return await save_follows(parts, session, followee, events)

    async with parts.turns.of(f"followee:{author_id}"):
        followee = await parts.mongo.transaction(work)
    await lead_followers_on(parts, author_id)
    return followee


async def unfollow(parts: ProfilesParts, account_id: AccountId, author_id: AuthorId) -> Followee:
    """The account follows the author no more; doing it twice changes nothing. NotFound for an unknown author."""

    async def work(session: Session) -> Followee:
        followee = await parts.follows.followee(author_id, session)
        following = await parts.follows.is_following(author_id, account_id, session)
        events = decide_unfollow(followee, account_id, following=following)
        if events:
            await parts.fates.forget_moved_to(session, author_id, account_id)
        return await save_follows(parts, session, followee, events)

    async with parts.turns.of(f"followee:{author_id}"):
        followee = await parts.mongo.transaction(work)
    if followee.sequence == 0:
        await _require_known(parts, author_id)
    return followee


async def level_of(parts: ProfilesParts, account_id: AccountId) -> VerificationLevel:
    """The account's level: that of the best record it holds."""
    held = await parts.claims.records_held_by(account_id)
    return await parts.people.highest_level([record.author_id for record in held])


async def _require_known(parts: ProfilesParts, author_id: AuthorId) -> None:
    person = await parts.people.get(author_id)
    if person is None or person.value.into is not None:
        raise NotFound("There is no researcher with this id.", slug="unknown-researcher")
