"""Cutting LaTeX text into prose and formulas, without being fooled by prices."""

import re
from collections.abc import Iterator
from typing import NamedTuple


class Prose(NamedTuple):
    """Text outside formulas, LaTeX commands still in it."""

    source: str


class Formula(NamedTuple):
    """The inside of a formula, the formula with its delimiters, and whether it stands on a line of its own."""

    inside: str
    source: str
    display: bool


Segment = Prose | Formula

_FORMULA = re.compile(
    r"(?<!\\)(?:\\\\)*(?:"
    r"\$\$(?P<dollars>[^$]+)\$\$"
    r"|\$(?P<dollar>(?:\\.|[^$\\])+)\$"
    r"|\\\((?P<round>.{1,5000}?)\\\)"
    r"|\\\[(?P<square>.{1,5000}?)\\\]"
    r"|\\begin\{(?P<env>equation|align|gather|multline|eqnarray|displaymath|math)(?P<star>\*?)\}"
    r"(?P<body>.{1,5000}?)\\end\{(?P=env)(?P=star)\}"
    r")",
    re.DOTALL,
)
_LOOKS_LIKE_MATHS = re.compile(r"[\\^_=<>|+/*{}]|^\s*\S{1,4}\s*$")


def segments(text: str) -> Iterator[Segment]:
    """The text cut into prose and formulas; joined again, their sources are the text."""
    start = place = 0
    while match := _FORMULA.search(text, place):
        formula = _formula(match)
        if formula is None:
            place = match.start() + 1
            continue
        begin = match.end() - len(formula.source)
        if begin > start:
            yield Prose(text[start:begin])
        yield formula
        start = place = match.end()
    if start < len(text):
        yield Prose(text[start:])


def _formula(match: re.Match[str]) -> Formula | None:
    source = match[0]
    if (inside := match["dollar"]) is not None:
        source = f"${inside}$"
        return Formula(inside, source, display=False) if _is_maths(inside, match) else None
    if (inside := match["dollars"]) is not None:
        return Formula(inside, f"$${inside}$$", display=True)
    if (inside := match["round"]) is not None:
        return Formula(inside, rf"\({inside}\)", display=False)
    if (inside := match["square"]) is not None:
        return Formula(inside, rf"\[{inside}\]", display=True)
    env = match["env"] + match["star"]
    inside = match["body"]
    wrapped = rf"\begin{{aligned}}{inside}\end{{aligned}}" if env.startswith(("align", "eqnarray")) else inside
    return Formula(wrapped, rf"\begin{{{env}}}{inside}\end{{{env}}}", display=env != "math")


def _is_maths(inside: str, match: re.Match[str]) -> bool:
    """Pandoc's rule (no space inside the dollars, no digit after), or else signs that only formulas have."""
    if not inside.strip() or "\n\n" in inside:
        return False
    tight = not inside[0].isspace() and not inside[-1].isspace()
    after = match.string[match.end() : match.end() + 1]
    return (tight and not after.isdecimal()) or bool(_LOOKS_LIKE_MATHS.search(inside))
