"""Routes of the inbox, for the account whose it is."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, model_validator

from services.notify.store import Notification, NotifyStore
from shared.auth import Caller, SignedIn
from shared.errors import Invalid, NotFound
from shared.events.base import AccountId


class NotificationPage(BaseModel):
    """Notifications, where the next ones begin, and how many are unseen in all."""

    items: list[Notification]
    next_cursor: str | None
    unseen: int


class Looked(BaseModel):
    """Which notifications were read, or only seen: these, or all."""

    ids: list[str] | None = Field(default=None, max_length=1000)
    all: bool = False
    state: Literal["seen", "read"] = "read"

    @model_validator(mode="after")
    def _says_which(self) -> "Looked":
        if (self.ids is None) != self.all:
            raise ValueError('send either {"ids": […]} or {"all": true}')
        return self


def notify_router(store: NotifyStore) -> APIRouter:
    """`GET /notifications`, `POST /notifications/read`, `GET /counts`."""
    router = APIRouter()

    @router.get("/notifications")
    async def list_notifications(
        principal: SignedIn,
        cursor: str | None = None,
        after: str | None = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> NotificationPage:
        """Newest first from the cursor on; with `after`, what came later than that notification, oldest first."""
        account_id = AccountId(principal.account_id or "")
        if after is not None:
            number = await store.number_of(account_id, after)
            if number is None:
                raise NotFound("You have no notification with this id; ask again without `after`.")
            items = await store.later_than(account_id, number, limit)
            return NotificationPage(items=items, next_cursor=None, unseen=await store.unseen(account_id))
        found = await store.newest(account_id, _number_in(cursor), limit + 1)
        more = str(found[limit - 1].number) if len(found) > limit else None
        return NotificationPage(items=found[:limit], next_cursor=more, unseen=await store.unseen(account_id))

    @router.post("/notifications/read", status_code=204)
    async def mark(looked: Looked, principal: SignedIn) -> Response:
        """Mark notifications; those of other accounts and unknown ones are passed over."""
        await store.mark(AccountId(principal.account_id or ""), looked.ids, looked.state)
        return Response(status_code=204)

    @router.get("/counts")
    async def counts(_: Caller) -> dict[str, int]:
        """How much notify holds."""
        return await store.counts()

    return router


def _number_in(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not cursor.isdecimal() or len(cursor) > 15:
        raise Invalid("This cursor was not given by this list; start again without one.")
    return int(cursor)
