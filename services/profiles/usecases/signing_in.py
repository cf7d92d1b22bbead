"""Signing in by a mailed link."""

import secrets

from pydantic import BaseModel

from services.profiles.domain.accounts import (
    LINK_LIFETIME,
    SESSION_LIFETIME,
    csrf_of,
    decide_link,
    normalise_email,
    safe_next,
)
from services.profiles.mail import Mailer, sign_in_mail
from services.profiles.store.accounts import Account, AccountStore
from shared.clock import Clock
from shared.errors import Invalid, Unauthorised
from shared.events.accounts import AccountRegistered
from shared.events.base import AccountId
from shared.ids import new_id
from shared.messaging.eventlog import Append, EventLog
from shared.mongo import Mongo, Session


class Opened(BaseModel):
    """A session just begun. Both secrets are shown here and never again."""

    session: str
    csrf: str
    account: Account


class Current(BaseModel):
    """Whose session it is."""

    account_id: AccountId
    email: str
    csrf: str


class SigningIn:
    """Links, accounts and sessions."""

    def __init__(self, mongo: Mongo, log: EventLog, store: AccountStore, mailer: Mailer, clock: Clock) -> None:
        self._mongo = mongo
        self._log = log
        self._store = store
        self._mailer = mailer
        self._clock = clock

    async def send_link(self, address: str, then: str | None, sender: str, public_url: str) -> None:
        """Mail a new link to the address, known or not. Invalid, TooMany, or Unavailable when no mail goes out."""
        email, token, now = normalise_email(address), secrets.token_urlsafe(32), self._clock()

        async def work(session: Session) -> None:
            sent = decide_link(await self._store.links_sent(session, email), now)
            await self._store.add_link(session, token, email, sent, now + LINK_LIFETIME)

        await self._mongo.transaction(work)
        await self._mailer.send(sign_in_mail(sender, email, public_url, token, safe_next(then)))

    async def open_session(self, token: str) -> Opened:
        """Use up the token; register its address if it is new. Invalid when the token is not good any more."""
        now, fresh, secret = self._clock(), AccountId(new_id()), secrets.token_urlsafe(32)

        async def work(session: Session) -> Account | None:
            email = await self._store.take_link(session, token, now)
            if email is None:
                return None
            account = await self._store.by_email(session, email)
            if account is None:
                account = Account(id=fresh, email=email)
                await self._store.add(session, account, now)
                registered = AccountRegistered(account_id=fresh)
                await self._log.append(session, [Append(registered.topic, fresh, 0, [registered])])
            await self._store.add_session(session, secret, account.id, now + SESSION_LIFETIME)
            return account

        account = await self._mongo.transaction(work)
        if account is None:
            raise Invalid("This sign-in link was used or is too old. Ask for a new one.", slug="sign-in-link-spent")
        return Opened(session=secret, csrf=csrf_of(secret), account=account)

    async def current(self, secret: str) -> Current:
        """Whose session this is; Unauthorised when it is nobody's."""
        account = await self._store.of_session(secret, self._clock())
        if account is None:
            raise Unauthorised("This session has ended. Sign in again.")
        return Current(account_id=account.id, email=account.email, csrf=csrf_of(secret))

    async def end_session(self, secret: str) -> None:
        """End the session; an ended one stays so."""
        await self._store.end_session(secret)
