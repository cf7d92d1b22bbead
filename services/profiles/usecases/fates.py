"""What becomes of follows when author records are merged, and when a merge is undone."""

from collections.abc import Awaitable, Callable, Sequence

from services.profiles.domain.follows import decide_move, decide_unfollow
from services.profiles.usecases.follows import save_follow
from services.profiles.usecases.parts import ProfilesParts
from shared.events.authors import AuthorsMerged, AuthorSplit
from shared.events.base import AccountId, AuthorId
from shared.messaging.envelope import Envelope
from shared.mongo import Session

CHUNK = 100


async def ensure_fates(parts: ProfilesParts, envelopes: Sequence[Envelope]) -> None:
    """Followers of a record that was merged away follow the one it became; they follow it again when it stands again.

    A follower at a time, each in one transaction: stopped anywhere, it goes on with those who are left.
    """
    for envelope in envelopes:
        match envelope.event:
            case AuthorsMerged(author_id=gone, into=into):
                await _each(lambda: parts.follows.followers_of(gone, CHUNK), _mover(parts, gone, into))
            case AuthorSplit(author_id=whole, part=part):
                await _each(lambda: parts.follows.moved(part, whole, CHUNK), _restorer(parts, part, whole))
            case _:
                continue


async def _each(some: Callable[[], Awaitable[list[AccountId]]], work: Callable[[AccountId], Awaitable[None]]) -> None:
    while accounts := await some():
        for account_id in accounts:
            await work(account_id)


def _mover(parts: ProfilesParts, gone: AuthorId, into: AuthorId) -> Callable[[AccountId], Awaitable[None]]:
    async def move(account_id: AccountId) -> None:
        async def work(session: Session) -> None:
            if not await parts.follows.is_following(gone, account_id, session):
                return
            await _follow(parts, session, into, account_id)
            left = await parts.follows.followee(gone, session)
            events = decide_unfollow(left, account_id, following=True)
            await save_follow(parts, session, left, account_id, events, following=False)
            await parts.follows.note_moved(session, account_id, gone, into)

        async with parts.turns.of(f"followee:{into}"):
            await parts.mongo.transaction(work)

    return move


def _restorer(parts: ProfilesParts, part: AuthorId, whole: AuthorId) -> Callable[[AccountId], Awaitable[None]]:
    async def restore(account_id: AccountId) -> None:
        async def work(session: Session) -> None:
            if await parts.follows.is_following(whole, account_id, session):
                await _follow(parts, session, part, account_id)
            await parts.follows.forget_moved(session, account_id, part, whole)

        async with parts.turns.of(f"followee:{part}"):
            await parts.mongo.transaction(work)

    return restore


async def _follow(parts: ProfilesParts, session: Session, author_id: AuthorId, account_id: AccountId) -> None:
    followee = await parts.follows.followee(author_id, session)
    following = await parts.follows.is_following(author_id, account_id, session)
    events = decide_move(followee, account_id, following=following)
    await save_follow(parts, session, followee, account_id, events, following=True)
