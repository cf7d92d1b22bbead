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


TOPICS: tuple[TopicSpec, ...] = (
    TopicSpec("works.v1", "works", "work id", ("graph",), partitions=12),
    TopicSpec("authors.v1", "works", "author id", ("profiles", "trust", "graph", "notify"), partitions=12),
    TopicSpec("accounts.v1", "profiles", "account id", ()),
    TopicSpec("claims.v1", "profiles", "author id", ("works", "trust")),
    TopicSpec("follows.v1", "profiles", "followee id", ("trust", "notify")),
    TopicSpec("trust.v1", "trust", "author id", ("profiles",)),
    TopicSpec("graph.v1", "graph", "author id", ("trust",)),
    TopicSpec("notifications.v1", "notify", "account id", ("gateway",)),
)
