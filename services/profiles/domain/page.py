"""What the researcher's page says of the profile, and what its reader may do there."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from services.profiles.domain.claims import Record
from shared.events.base import AccountId

Badge = Literal["researcher", "affiliation_not_imported", "open_to_collaborate"]
InviteBlock = Literal["unclaimed", "sign_in", "own_record", "no_claim", "tripwire", "not_available"]


class Viewer(BaseModel):
    """What the reader of the page may do, and why not."""

    model_config = ConfigDict(frozen=True)

    following: bool
    can_claim: bool
    can_invite: bool
    invite_blocked_by: InviteBlock | None


def default_headline(name: str) -> str:
    """The headline of a record whose owner has not written one."""
    return f"{name} contributes to research discovery and scholarly infrastructure."


def badges_of(affiliations: tuple[str, ...]) -> list[Badge]:
    """The badges under the name, in their order."""
    missing: list[Badge] = [] if affiliations else ["affiliation_not_imported"]
    return ["researcher", *missing, "open_to_collaborate"]


def decide_viewer(
    record: Record, account_id: AccountId | None, *, following: bool, own_records: list[Record], now: datetime
) -> Viewer:
    """`own_records`: those that the reader holds a claim on. A visitor may claim after signing in."""
    block = _invite_block(record, account_id, own_records, now)
    return Viewer(
        following=following,
        can_claim=record.status == "unclaimed",
        can_invite=block is None,
        invite_blocked_by=block,
    )


def _invite_block(
    record: Record, account_id: AccountId | None, own_records: list[Record], now: datetime
) -> InviteBlock | None:
    if record.status != "claimed":
        return "unclaimed"
    if account_id is None:
        return "sign_in"
    if record.account_id == account_id:
        return "own_record"
    if not own_records:
        return "no_claim"
    if not any(_counts(own, now) for own in own_records) or not _counts(record, now):
        return "tripwire"
    return "not_available"  # until invitations are built


def _counts(record: Record, now: datetime) -> bool:
    return record.counts_from is not None and record.counts_from <= now
