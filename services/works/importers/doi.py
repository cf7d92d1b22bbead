"""Digital Object Identifiers as sources write them."""

import re

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+", re.IGNORECASE)


def find_dois(text: str) -> tuple[str, ...]:
    """The DOIs in the text, in lower case (they are case-insensitive), without addresses around them."""
    return tuple(dict.fromkeys(found.rstrip(".,;").lower() for found in _DOI.findall(text.replace(";10.", " 10."))))
