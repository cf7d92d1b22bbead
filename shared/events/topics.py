"""The single table of topics: who owns each, how it is keyed and split, how long it is kept, who reads it."""

from dataclasses import dataclass

FOR_EVER = -1
LARGEST_MESSAGE = 8 * 2**20
"""Bytes. A work with a byline of several thousand authors has about one million."""


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """One topic. `retention_ms` of FOR_EVER keeps it whole, so that every view can be rebuilt from it."""

    name: str
    owner: str
    key: str
    readers: tuple[str, ...]
    partitions: int = 6
    retention_ms: int = FOR_EVER
    about: str = ""
    """What its events tell, in one sentence for the catalogue."""


TOPICS: tuple[TopicSpec, ...] = (
    TopicSpec(
        "works.v1",
        owner="works",
        key="work id",
        readers=("graph",),
        partitions=12,
        about="What is known of each work: its byline, topics and status, from whichever source it came.",
    ),
    TopicSpec(
        "authors.v1",
        owner="works",
        key="author id",
        readers=("profiles", "trust", "graph", "notify"),
        partitions=12,
        about="Author records, and the works that each is credited with.",
    ),
    TopicSpec(
        "accounts.v1",
        owner="profiles",
        key="account id",
        readers=(),
        about="Accounts come and go, by id alone: nobody's address or name is in here.",
    ),
    TopicSpec(
        "claims.v1",
        owner="profiles",
        key="author id",
        readers=("works", "trust"),
        about="Who says that an author record is theirs, and what a reviewer decided.",
    ),
    TopicSpec(
        "follows.v1",
        owner="profiles",
        key="followee id",
        readers=("works", "trust", "notify"),
        about="Who follows whom, by account id.",
    ),
    TopicSpec(
        "trust.v1",
        owner="trust",
        key="author id",
        readers=("profiles",),
        about="How sure BZPEER is of each author record, with every part of the score.",
    ),
    TopicSpec(
        "graph.v1",
        owner="graph",
        key="author id",
        readers=("trust",),
        about="What the research graph derives about each author record.",
    ),
    TopicSpec(
        "notifications.v1",
        owner="notify",
        key="account id",
        readers=("gateway",),
        about="What each account is told, for those who show it at once.",
    ),
)
