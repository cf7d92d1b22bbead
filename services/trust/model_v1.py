"""Version 1 of the trust model: every constant in one place. A change of any of them is a new version.

The number says how sure BZPEER is that a record is one real person, rightly sourced, and, once claimed, held by that
person. It is not research quality: citations, counts of topics and counts of followers are no part of it.
"""

from typing import Final

from shared.events.claims import EvidenceClass
from shared.events.trust import Tier, VerificationLevel
from shared.events.works import SourceClass

VERSION: Final = "v1"

CAPS: Final[dict[VerificationLevel, int]] = {"L0": 10, "L1": 20, "L2": 20, "L3": 65, "L4": 85, "L5": 100}
"""No record scores above the cap of its level."""
TIERS: Final[tuple[tuple[int, Tier], ...]] = (
    (85, "Anchored"),
    (70, "Trusted"),
    (50, "Established"),
    (25, "Claimed"),
    (0, "Unverified"),
)
"""The first tier whose lower bound the score reaches."""

SUPPORTING: Final[tuple[EvidenceClass, ...]] = ("institution_domain", "signed_credential")
"""May be the second class that L4 asks for, never the first: a domain alone proves nobody."""
SHARED_IDENTIFIERS: Final[tuple[EvidenceClass, ...]] = ("orcid_third_party", "orcid_member_marker", "arxiv_author_feed")
"""Evidence that names works by an identifier of the person, which makes kappa KAPPA_SHARED_ID."""
L4_UNDISPUTED_DAYS: Final = 90
L5_MONTHS_AT_L4: Final = 12
L5_VOUCH_PATHS: Final = 2

IDENTITY_MAX: Final = 40.0
Q_DEPOSIT: Final = 0.05
Q_CURATED: Final = 0.10
Q_EVIDENCE: Final[dict[EvidenceClass, float]] = {
    "orcid_third_party": 0.45,
    "email_on_paper": 0.45,
    "orcid_member_marker": 0.35,
    "arxiv_author_feed": 0.35,
    "institution_domain": 0.30,
    "signed_credential": 0.55,
}
"""Weight of each class of evidence; webmail and a self-listed iD are no class: they prove only the account."""
VOUCH_DOUBT: Final = 0.75
"""Vouches weigh 1 - VOUCH_DOUBT^k."""
VOUCHES_COUNTED: Final = 2
INSTITUTION_MONTHS: Final = 12
"""An institution's address counts this long unless renewed."""
VOUCH_HALF_LIFE_MONTHS: Final = 24
MONTH_DAYS: Final = 365.25 / 12

PROVENANCE_MAX: Final = 25.0
PROVENANCE_SCALE: Final = 6.0
WORK_WEIGHT: Final[dict[SourceClass, float]] = {
    "peer_reviewed": 1.0,
    "moderated": 0.5,
    "self_deposit": 0.2,
    "self_import": 0.0,
}
MODERATED_MOST: Final = 6.0
DEPOSITS_MOST: Final = 1.0

COHERENCE_MAX: Final = 10.0
COHERENCE_SCALE: Final = 4.0
COHERENT_WEIGHT: Final = 0.5
"""Only works of at least this weight make a record coherent."""
KAPPA_SHARED_ID: Final = 0.99
KAPPA_LINKED: Final = 0.5
"""From here on the works of a record hang together by more than a name; below it may be several people."""
SPLIT_SUSPICION: Final = 0.5
"""An open suspicion that a record is several people multiplies kappa by this."""

NETWORK_MAX: Final = 20.0
NETWORK_SCALE: Final = 4.0
SOURCED_COLLABORATOR: Final = 0.1
SOURCED_COLLABORATORS_MOST: Final = 5

AUDIENCE_MAX: Final = 5.0
AUDIENCE_SCALE: Final = 25.0
