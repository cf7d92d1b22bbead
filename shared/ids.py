"""Ids are opaque strings; new ones are UUIDv7, so that they sort by the time they were made."""

from uuid import UUID

from uuid_utils import uuid7

_MILLISECOND_NS = 1_000_000
_RANDOM_BITS = 80


def new_id() -> str:
    """A new UUIDv7 in its 36-character form, later than every one made before it in this process."""
    return str(uuid7())


def new_id_after(id_: str) -> str:
    """A new UUIDv7 that sorts after this one, whatever the clock says."""
    milliseconds = UUID(id_).int >> _RANDOM_BITS
    return str(uuid7(nanoseconds=(milliseconds + 1) * _MILLISECOND_NS))
