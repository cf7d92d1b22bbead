"""accounts.v1: accounts, by id alone. Owner: profiles. Subject: the account."""

from typing import ClassVar

from shared.events.base import AccountId, Event


class AccountRegistered(Event):
    """Somebody proved an address and has an account now. The address stays in profiles."""

    topic: ClassVar[str] = "accounts.v1"

    account_id: AccountId

    @property
    def subject(self) -> str:
        return self.account_id
