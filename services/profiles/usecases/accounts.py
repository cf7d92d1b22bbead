"""Signing in: a link is mailed, its token opens a session once, and the first time an account."""

from urllib.parse import urlencode

from services.profiles.domain.accounts import (
    LINK_LIFETIME,
    SESSION_LIFETIME,
    decide_link,
    normalise_email,
    safe_next,
)
from services.profiles.mail import sign_in_mail
from services.profiles.store.accounts import Account
from services.profiles.usecases.parts import ProfilesParts
from shared.errors import Unauthorised, Unavailable
from shared.events.accounts import AccountRegistered
from shared.events.base import AccountId
from shared.ids import new_id
from shared.messaging.eventlog import Append
from shared.mongo import Session


async def send_sign_in_link(parts: ProfilesParts, address: str, next_path: str | None) -> None:
    """Mail a link that works once. Does the same whether or not the address has an account.

    Invalid for no address, TooMany past the bound, Unavailable while no mail goes out, which costs no try.
    """
    email, token, now = normalise_email(address), parts.new_secret(), parts.clock()

    async def work(session: Session) -> None:
        sent = decide_link(await parts.accounts.links_sent(session, email), now)
        await parts.accounts.add_link(session, token, email, sent, now + LINK_LIFETIME)

    async with parts.turns.of(f"links:{email}"):
        await parts.mongo.transaction(work)
    onward = safe_next(next_path)
    query = f"?{urlencode({'next': onward})}" if onward else ""
    link = f"{parts.public_url.rstrip('/')}/sign-in/{token}{query}"
    try:
        await parts.send_mail(sign_in_mail(parts.mail_from, email, link))
    except Unavailable:
        await parts.accounts.forget_sent(email, now)
        raise


async def open_session(parts: ProfilesParts, token: str) -> tuple[str, Account]:
    """Use the token up: the secret of a new session, and its account, made the first time. Unauthorised if spent."""
    secret, new_account_id = parts.new_secret(), AccountId(new_id())

    async def work(session: Session) -> Account | None:
        now = parts.clock()
        email = await parts.accounts.take_link(session, token, now)
        if email is None:
            return None
        account = await parts.accounts.by_email(session, email)
        if account is None:
            account = Account(id=new_account_id, email=email)
            await _register(parts, session, account)
        await parts.accounts.add_session(session, secret, account.id, now + SESSION_LIFETIME)
        return account

    account = await parts.mongo.transaction(work)
    if account is None:
        raise Unauthorised("This link was used already, or is too old. Ask for a new one.", slug="link-used")
    return secret, account


async def _register(parts: ProfilesParts, session: Session, account: Account) -> None:
    event = AccountRegistered(account_id=account.id)
    await parts.accounts.add(session, account, parts.clock())
    await parts.log.append(session, [Append(event.topic, account.id, 0, [event])])


async def account_of(parts: ProfilesParts, secret: str) -> Account:
    """Whose session it is; Unauthorised when it has ended."""
    account = await parts.accounts.of_session(secret, parts.clock())
    if account is None:
        raise Unauthorised("This session has ended. Sign in again.", slug="session-ended")
    return account
