"""Figures, dates and states as words for people."""

import datetime as dt
from collections.abc import Mapping

CLAIM_WORDS: Mapping[str, str] = {
    "unclaimed": "Unclaimed author",
    "pending": "Claim pending",
    "claimed": "Claimed author",
    "disputed": "Claim disputed",
    "closed": "Page closed",
}
BADGE_WORDS: Mapping[str, str] = {
    "researcher": "Researcher",
    "affiliation_not_imported": "Affiliation not imported",
    "open_to_collaborate": "Open to collaborate",
}
STATUS_WORDS: Mapping[str, str] = {
    "withdrawn": "Its authors took it back. Read it with that in mind.",
    "retracted": "Do not rely on its findings.",
}
LEVEL_WORDS: Mapping[str, str] = {
    "L0": "only a name is known",
    "L1": "the works come from a source that checks, but nobody holds the record",
    "L2": "an account is proven, but no third party ties it to a work",
    "L3": "a third party ties the person to a work",
    "L4": "two different kinds of third parties tie the person to works",
    "L5": "an institution's signature, or a chain of trusted people, stands behind the record",
}
IRREGULAR: Mapping[str, str] = {"person": "people"}


def plural(count: int, noun: str) -> str:
    """The noun for a count: `work` for 1, `works` for 0 or 2."""
    return noun if count == 1 else IRREGULAR.get(noun, f"{noun}s")


def counted(count: int, noun: str) -> str:
    """`1 follower`, `2 published items`, `12,000 followers`."""
    return f"{count:,} {plural(count, noun)}"


def badge(key: str) -> str:
    """A badge as words; an unknown one is shown as written, without its underscores."""
    return BADGE_WORDS.get(key, key.replace("_", " ").capitalize())


def claim_words(status: str) -> str:
    """Who holds the record, in two words."""
    return CLAIM_WORDS.get(status, status.capitalize())


def status_words(status: str) -> str:
    """What it means for a reader that a work is withdrawn or retracted."""
    return STATUS_WORDS.get(status, "")


def day(value: dt.date) -> str:
    """`3 January 2024`."""
    return f"{value.day} {value:%B %Y}"


def moment(value: dt.datetime) -> str:
    """`3 January 2024, 14:05 UTC`."""
    utc = value.astimezone(dt.UTC)
    return f"{day(utc)}, {utc:%H:%M} UTC"


def points(value: float) -> str:
    """Points with two decimals."""
    return f"{value:.2f}"


def listed(names: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return names[0] if len(names) == 1 else " and ".join([", ".join(names[:-1]), names[-1]]) if names else ""
