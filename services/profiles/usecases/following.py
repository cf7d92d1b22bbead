"""Following an author, and leaving."""

from pydantic import BaseModel

from services.profiles.domain.follows import decide_follow, decide_unfollow, evolve
from services.profiles.store.claims import ClaimStore
from services.profiles.store.follows import FollowStore
from services.profiles.store.people import PeopleStore
from shared.errors import NotFound
from shared.events.base import AccountId, AuthorId
from shared.events.trust import VerificationLevel
from shared.locks import KeyedLocks
from shared.messaging.eventlog import Append, EventLog
from shared.mongo import Mongo, Session


class Follow(BaseModel):
    """How it stands after the command."""

    following: bool
    followers: int


class Following:
    """Follow and unfollow. Doing either twice changes nothing and says nothing."""

    def __init__(
        self, mongo: Mongo, log: EventLog, follows: FollowStore, people: PeopleStore, claims: ClaimStore
    ) -> None:
        self._mongo = mongo
        self._log = log
        self._follows = follows
        self._people = people
        self._claims = claims
        self._turns = KeyedLocks()

    async def follow(self, author_id: AuthorId, account_id: AccountId) -> Follow:
        """Follow. NotFound for an author that nobody knows, Conflict at the cap of the account's level."""
        if await self._people.get(author_id) is None:
            raise NotFound("No author record with this id is known here. A new one appears within seconds: try again.")
        level = await self._level(account_id)
        return await self._change(author_id, account_id, level)

    async def unfollow(self, author_id: AuthorId, account_id: AccountId) -> Follow:
        """Leave; also an author whose record is gone."""
        return await self._change(author_id, account_id, None)

    async def _level(self, account_id: AccountId) -> VerificationLevel:
        held = await self._claims.records_held_by(account_id)
        return await self._people.highest_level([record.author_id for record in held])

    async def _change(self, author_id: AuthorId, account_id: AccountId, level: VerificationLevel | None) -> Follow:
        async def work(session: Session) -> Follow:
            followee = await self._follows.followee(author_id, session)
            following = await self._follows.is_following(author_id, account_id, session)
            if level is None:
                events = decide_unfollow(followee, account_id, following=following)
            else:
                follows = await self._follows.follows_of(account_id, session)
                events = decide_follow(followee, account_id, following=following, follows=follows, level=level)
            for event in events:
                after = evolve(followee, event)
                await self._follows.save(session, after, account_id, following=level is not None)
                await self._log.append(session, [Append(event.topic, author_id, followee.sequence, [event])])
                followee = after
            return Follow(following=level is not None, followers=followee.followers)

        async with self._turns.holding(author_id):
            return await self._mongo.transaction(work)
