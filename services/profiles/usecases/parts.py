"""What the use cases work with."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from weakref import WeakValueDictionary

from services.profiles.mail import SendMail
from services.profiles.store.accounts import AccountStore
from services.profiles.store.claims import ClaimStore
from services.profiles.store.fates import FateStore
from services.profiles.store.follows import FollowStore
from services.profiles.store.people import PeopleStore
from shared.clock import Clock
from shared.messaging.eventlog import EventLog
from shared.mongo import Mongo

Secrets = Callable[[], str]


class Turns:
    """Lets one at a time through per key in this process, in the order they came.

    For aggregates that many write at once: their transactions would mostly conflict.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, key: str) -> AsyncIterator[None]:
        """Wait for the key's turn, and hold it meanwhile."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        async with lock:
            yield


@dataclass(frozen=True)
class ProfilesParts:
    """Stores, log, clock, and what sends mail and makes secrets."""

    mongo: Mongo
    log: EventLog
    accounts: AccountStore
    follows: FollowStore
    fates: FateStore
    claims: ClaimStore
    people: PeopleStore
    clock: Clock
    send_mail: SendMail
    new_secret: Secrets
    public_url: str
    mail_from: str
    tripwire: timedelta
    turns: Turns = field(default_factory=Turns)
