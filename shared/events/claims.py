"""claims.v1: who says that an author record is theirs. Owner: profiles. Subject: the author record."""

from datetime import datetime
from typing import ClassVar, Literal

from shared.events.base import AccountId, AuthorId, ClaimId, Event

EvidenceClass = Literal[
    "webmail",
    "self_listed_orcid",
    "orcid_third_party",
    "orcid_member_marker",
    "email_on_paper",
    "arxiv_author_feed",
    "institution_domain",
    "vouch",
    "signed_credential",
]

TIES_TO_A_WORK: tuple[EvidenceClass, ...] = (
    "orcid_third_party",
    "email_on_paper",
    "orcid_member_marker",
    "arxiv_author_feed",
)
"""A third party's word that ties the person to a work. A claim counts only with one of these: a mailbox, a self-listed
iD or a domain proves an account, not authorship."""


class ClaimEvent(Event):
    """An event of the claims on one author record."""

    topic: ClassVar[str] = "claims.v1"

    claim_id: ClaimId
    author_id: AuthorId
    account_id: AccountId

    @property
    def subject(self) -> str:
        return self.author_id


class ClaimOpened(ClaimEvent):
    """An account asked for the record; nothing is decided."""

    evidence: tuple[EvidenceClass, ...] = ()


class AuthorClaimed(ClaimEvent):
    """A reviewer accepted the claim. It gives powers from `counts_from` on, when the tripwire has passed."""

    evidence: tuple[EvidenceClass, ...]
    counts_from: datetime


class ClaimRejected(ClaimEvent):
    """The claim came to nothing, and the record is unclaimed again.

    `reason`: a reviewer found the evidence wanting, or the record was merged into another one while the claim waited;
    its claimant may then ask for that one.
    """

    reason: Literal["evidence", "record_merged"] = "evidence"
