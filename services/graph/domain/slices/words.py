"""Why an edge is there, in a sentence."""

from services.graph.domain.person import Credit
from shared.events.works import WorkStatus

_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")


def authored(position: int, byline_size: int, status: WorkStatus) -> str:
    """`Third of 5 authors`, `Only author`, `First of 2 authors; the work was retracted`."""
    marked = "" if status == "current" else f"; the work was {status}"
    if byline_size == 1:
        return f"Only author{marked}"
    place = _ORDINALS[position - 1] if position <= len(_ORDINALS) else f"Number {position:,}"
    return f"{place} of {byline_size:,} authors{marked}"


def together(works: int, last: Credit) -> str:
    """`2 works together, the last in 2024`."""
    return f"1 work together, {last.year}" if works == 1 else f"{works:,} works together, the last in {last.year}"


def about(source: str, topic: str) -> str:
    """`Listed by arXiv under Machine Learning`."""
    return f"Listed by {source} under {topic}"


def printed(works: int, last: Credit) -> str:
    """`Printed on 2 works, the last in 2024`."""
    return f"Printed on 1 work, {last.year}" if works == 1 else f"Printed on {works:,} works, the last in {last.year}"
