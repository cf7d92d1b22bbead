"""Noticing that a work was withdrawn: arXiv says so only in words, in the comments or in place of the abstract."""

import re

_NOUN = r"(?:paper|article|manuscript|submission|work|preprint|draft|note|report|version|document|study|thesis)"
_SAID = r"(?:has been|have been|had been|was|is|being|been)(?: \w+ly)?"
_IN_COMMENTS = re.compile(
    rf"^\W*withdrawn\b"
    rf"|\b{_NOUN}\w?(?:\W+\w+){{0,2}}?\W+{_SAID} withdrawn\b(?! from (?!arxiv))"
    rf"|\b{_NOUN} withdrawn\b"
    rf"|\b(?:administratively|already) withdrawn\b"
    rf"|\bthis (?:is|was) withdrawn\b"
    rf"|\bwithdrawn by (?:the )?(?:\w+ )?(?:author|arxiv)",
    re.IGNORECASE,
)
_IN_ABSTRACT = re.compile(
    rf"\W*(?:(?:this|the|our) (?:\w+ )?{_NOUN}\w?(?:\W+\w+){{0,2}}? {_SAID} withdrawn\b|withdrawn\b)",
    re.IGNORECASE,
)


def is_withdrawn(abstract: str, comments: str | None) -> bool:
    """Whether the comments, or a paragraph of the abstract at its start, say that this very work was withdrawn."""
    in_abstract = any(map(_IN_ABSTRACT.match, abstract.split("\n")))
    return in_abstract or bool(comments and _IN_COMMENTS.search(comments))
