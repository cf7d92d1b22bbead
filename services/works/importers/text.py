"""Settling the white space of text from sources, and nothing else of it."""

import re

_SPACE = re.compile(r"\s+")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of what follows them, also beyond the text that they are in."""


def one_line(text: str) -> str:
    """The text on one line, its runs of white space made single spaces, and nothing in it that turns its direction."""
    return _SPACE.sub(" ", _TURNS.sub("", text)).strip()


def paragraphs(text: str) -> str:
    """Hard-wrapped lines joined; paragraphs (begun by an indent or an empty line) parted by one empty line."""
    parts: list[list[str]] = [[]]
    for line in text.strip().split("\n"):
        if not line or line[0] in " \t":
            parts.append([])
        parts[-1].append(line)
    return "\n\n".join(filter(None, (one_line(" ".join(part)) for part in parts)))


def shortened(text: str, limit: int) -> str:
    """The text, cut where it is longer than the limit."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
