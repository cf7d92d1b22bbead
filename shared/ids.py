"""Ids are opaque strings; new ones are UUIDv7, so that they sort by the time they were made."""

from uuid_utils import uuid7


def new_id() -> str:
    """A new UUIDv7 in its 36-character form, later than every one made before it in this process."""
    return str(uuid7())
