"""Who is meant by a name on a byline. `resolve` is the seam: another resolver answers the same question."""

from collections.abc import Iterable
from typing import Protocol

from services.works.domain.names import name_key
from services.works.domain.record import RecordAuthor


class Resolve(Protocol):
    """Gives each place of a byline the key of the author record it is a signature of.

    The keys are what the store loads author records by; a key without a record makes a new one. No key comes twice,
    for nobody is on a byline twice.
    """

    def __call__(self, byline: Iterable[RecordAuthor]) -> list[str]: ...


def resolve_by_name(byline: Iterable[RecordAuthor]) -> list[str]:
    """The same normalised full name is the same record. Namesakes on one byline are different people: the second one
    gets the key "wei zhang#2", on every byline where there are two."""
    seen: dict[str, int] = {}
    keys = []
    for author in byline:
        key = name_key(author.name)
        seen[key] = seen.get(key, 0) + 1
        keys.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return keys
