"""What becomes of follows and claims when author records are merged, and when a merge is undone.

Events of two records come in any order, so none is taken at its word: it says where a record stands now, and whatever
follows or claims the record is then led to where it belongs. Doing that again, or ending anywhere within, is harmless.
"""

from collections.abc import Sequence

from services.profiles.domain.follows import decide_arrivals, decide_departures
from services.profiles.store.fates import Fate
from services.profiles.usecases.claims import reject_claim_on_merged
from services.profiles.usecases.parts import ProfilesParts
from services.profiles.usecases.saving import save_follows
from shared.events.authors import AuthorIdentified, AuthorsMerged
from shared.events.base import AuthorId
from shared.messaging.envelope import Envelope
from shared.mongo import Session

CHUNK = 100
"""Follows that move in one transaction."""


async def ensure_fates(parts: ProfilesParts, envelopes: Sequence[Envelope]) -> None:
    """Who followed a record that was merged away follows the one it became; and it again when it stands again.

    A claim that nobody has decided on such a record is rejected.
    """
    for author_id, fate in (await _told(parts, envelopes)).items():
        await parts.fates.note(author_id, fate)
        if await parts.fates.into(author_id) is None:
            await _bring_followers_back(parts, author_id)
            for merged in await parts.fates.merged_into(author_id):
                await lead_followers_on(parts, merged)
        else:
            await lead_followers_on(parts, author_id)
            await reject_claim_on_merged(parts, author_id)


async def lead_followers_on(parts: ProfilesParts, author_id: AuthorId) -> None:
    """Followers of a record that was merged away follow the one that stands for it, however many merges later."""
    been = {author_id}
    while (into := await parts.fates.into(author_id)) is not None and into not in been:
        while await _move_some(parts, author_id, into):
            pass
        been.add(into)
        author_id = into


async def _told(parts: ProfilesParts, envelopes: Sequence[Envelope]) -> dict[AuthorId, Fate]:
    """The last word on each record. To be identified means something to those only that were merged away before."""
    told: dict[AuthorId, Fate] = {}
    merged: set[AuthorId] = set()
    for envelope in envelopes:
        if isinstance(envelope.event, AuthorsMerged):
            told[envelope.event.author_id] = Fate(envelope.event.into, envelope.sequence)
            merged.add(envelope.event.author_id)
        elif isinstance(envelope.event, AuthorIdentified):
            told[envelope.event.author_id] = Fate(None, envelope.sequence)
    merged |= await parts.fates.with_a_fate(told.keys() - merged)
    return {author_id: fate for author_id, fate in told.items() if author_id in merged}


async def _move_some(parts: ProfilesParts, gone: AuthorId, into: AuthorId) -> bool:
    """Move a chunk of the followers; whether there were any, and the record is still merged into that one."""

    async def work(session: Session) -> bool:
        if not await parts.fates.hold(session, gone, into):
            return False
        accounts = await parts.follows.followers_of(gone, CHUNK, session)
        if not accounts:
            return False
        left, came = await parts.follows.followee(gone, session), await parts.follows.followee(into, session)
        there = await parts.follows.following([(into, account) for account in accounts], session)
        await save_follows(parts, session, left, decide_departures(left, accounts))
        await save_follows(parts, session, came, decide_arrivals(came, [one for one in accounts if one not in there]))
        await parts.fates.note_moved(session, gone, into, accounts)
        return True

    return await parts.mongo.transaction(work)


async def _bring_followers_back(parts: ProfilesParts, author_id: AuthorId) -> None:
    """Who followed the record before it was merged away, and has not left what it became, follows it too."""

    async def work(session: Session) -> bool:
        if not await parts.fates.hold(session, author_id, None):
            return False
        moved = await parts.fates.moved(author_id, CHUNK, session)
        if not moved:
            return False
        followee = await parts.follows.followee(author_id, session)
        staying = await parts.follows.following([(one.to, one.account_id) for one in moved], session)
        there = await parts.follows.following([(author_id, one.account_id) for one in moved], session)
        back = [one.account_id for one in moved if one.account_id in staying - there]
        await save_follows(parts, session, followee, decide_arrivals(followee, back))
        await parts.fates.forget_moved(session, author_id, [one.account_id for one in moved])
        return True

    while await parts.mongo.transaction(work):
        pass
