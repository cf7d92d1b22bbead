"""Accounts, links and sessions. Addresses stand in `accounts`, and with an unused link until it expires."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from pymongo import ASCENDING, IndexModel

from services.profiles.domain.accounts import LINK_WINDOW, hashed, keyed_hash
from shared.events.base import AccountId
from shared.mongo import Mongo, Session, create_indexes

_EXPIRY = IndexModel([("expires_at", ASCENDING)], expireAfterSeconds=0)


class Account(BaseModel):
    """Somebody who proved an e-mail address."""

    model_config = ConfigDict(frozen=True)

    id: AccountId
    email: str


class AccountStore:
    """Queries on accounts and on the secrets that open them. Secrets are stored and looked up as hashes."""

    def __init__(self, mongo: Mongo, key: str) -> None:
        """`key` hides the addresses that links were sent to, which could be guessed from a plain hash."""
        self._key = key
        self._accounts = mongo.collection("accounts")
        self._links = mongo.collection("sign_in_links")
        self._sent = mongo.collection("sign_in_links_sent")
        self._sessions = mongo.collection("sessions")

    async def prepare(self) -> None:
        """Create the indexes. Expired secrets are also refused while they still stand."""
        await create_indexes(self._accounts, [IndexModel([("email", ASCENDING)], unique=True)])
        for collection in (self._links, self._sent, self._sessions):
            await create_indexes(collection, [_EXPIRY])

    async def links_sent(self, session: Session, email: str) -> list[datetime]:
        """When links were sent to the address of late."""
        document = await self._sent.find_one({"_id": keyed_hash(self._key, email)}, session=session)
        return list(document["sent"]) if document else []

    async def add_link(
        self, session: Session, token: str, email: str, sent: list[datetime], expires_at: datetime
    ) -> None:
        """Keep a new link, and the times of all of late with it in them."""
        sent_document = {"_id": keyed_hash(self._key, email), "sent": sent, "expires_at": max(sent) + LINK_WINDOW}
        await self._sent.replace_one({"_id": keyed_hash(self._key, email)}, sent_document, upsert=True, session=session)
        link = {"_id": hashed(token), "email": email, "expires_at": expires_at}
        await self._links.insert_one(link, session=session)

    async def forget_sent(self, email: str, at: datetime) -> None:
        """Do not count the link of that time: it did not go out."""
        await self._sent.update_one({"_id": keyed_hash(self._key, email)}, {"$pull": {"sent": at}})

    async def take_link(self, session: Session, token: str, now: datetime) -> str | None:
        """The address of the link, which is used up by this; None if there is no such link or no longer."""
        link = await self._links.find_one_and_delete(
            {"_id": hashed(token), "expires_at": {"$gt": now}}, session=session
        )
        return str(link["email"]) if link else None

    async def by_email(self, session: Session, email: str) -> Account | None:
        """The account of the address."""
        document = await self._accounts.find_one({"email": email}, session=session)
        return Account(id=document["_id"], email=document["email"]) if document else None

    async def add(self, session: Session, account: Account, now: datetime) -> None:
        """Keep a new account. Loses the race against another with the same address."""
        document = {"_id": account.id, "email": account.email, "registered_at": now}
        await self._accounts.insert_one(document, session=session)

    async def add_session(self, session: Session, secret: str, account_id: AccountId, expires_at: datetime) -> None:
        """Keep a new session of the account."""
        document = {"_id": hashed(secret), "account_id": account_id, "expires_at": expires_at}
        await self._sessions.insert_one(document, session=session)

    async def of_session(self, secret: str, now: datetime) -> Account | None:
        """Whose session it is, or None if it is nobody's or has expired."""
        found = await self._sessions.find_one({"_id": hashed(secret), "expires_at": {"$gt": now}})
        document = await self._accounts.find_one({"_id": found["account_id"]}) if found else None
        return Account(id=document["_id"], email=document["email"]) if document else None

    async def end_session(self, secret: str) -> None:
        """Forget the session."""
        await self._sessions.delete_one({"_id": hashed(secret)})

    async def count(self) -> int:
        """How many accounts there are."""
        return await self._accounts.count_documents({})
