"""Opaque cursors: where the next page begins, in a form that nobody should read."""

import base64
import json

from shared.errors import Invalid

MAX_LIMIT = 100


def to_cursor(*place: str | int) -> str:
    """A cursor that stands for the sort values of the last item shown."""
    return base64.urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).decode().rstrip("=")


def from_cursor(cursor: str, *kinds: type) -> list[str | int]:
    """The sort values, which must be of these kinds. Raises Invalid for what never was a cursor of this list."""
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        place = None
    if not isinstance(place, list) or [type(value) for value in place] != list(kinds) or not all(map(_is_kept, place)):
        raise Invalid("This cursor does not belong to this list; begin again without one.")
    return place


def _is_kept(value: str | int) -> bool:
    """Whether a database can have such a value: text without halves of characters, a number of at most 8 bytes."""
    if isinstance(value, int):
        return abs(value) < 2**63
    return not any("\ud800" <= letter <= "\udfff" for letter in value)
