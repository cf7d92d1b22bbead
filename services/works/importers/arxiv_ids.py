"""arXiv identifiers: `2401.01869v2`, `astro-ph/0601001v1`, and the addresses that hold them."""

import re
from typing import NamedTuple

_ID = re.compile(
    r"^(?:(?:https?://)?(?:[a-z0-9-]+\.)*arxiv\.org/(?:abs|pdf)/|arxiv:)?"
    r"(?P<base>\d{4}\.\d{4,5}|[a-z][a-z-]{0,19}(?:\.[A-Za-z-]{2,20})?/\d{7})(?:v(?P<version>[1-9]\d{0,3}))?$",
    re.IGNORECASE | re.ASCII,
)


class ArxivId(NamedTuple):
    """The identifier without its version, and the version where one is given."""

    base: str
    version: int | None


def parse_arxiv_id(text: str) -> ArxivId | None:
    """Read an identifier or an address of arXiv; None when it is neither."""
    match = _ID.match(text.strip())
    if match is None:
        return None
    base = match["base"]
    if "/" in base:
        archive, number = base.split("/")
        base = f"{archive.split('.')[0].lower()}/{number}"
    return ArxivId(base, int(match["version"]) if match["version"] else None)
