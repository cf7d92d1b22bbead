"""Settling the white space of text from sources, and nothing else of it."""

import re

_PARAGRAPH = re.compile(r"[ \t]*\n(?:[ \t]*\n)*[ \t]+(?=\S)|[ \t]*\n[ \t]*\n\s*")
_SPACE = re.compile(r"\s+")


def one_line(text: str) -> str:
    """The text on one line, its runs of white space made single spaces."""
    return _SPACE.sub(" ", text).strip()


def paragraphs(text: str) -> str:
    """Hard-wrapped lines joined; paragraphs (begun by an indent or an empty line) parted by one empty line."""
    return "\n\n".join(filter(None, (one_line(part) for part in _PARAGRAPH.split(text.strip()))))
