"""Titles and abstracts for people: plain text, and HTML with MathML, from the LaTeX that sources give."""

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import NamedTuple

import nh3

from services.works.rendering.formula import MATHML_ATTRIBUTES, MATHML_ELEMENTS, formula_html, formula_text
from services.works.rendering.prose import prose_html, prose_text
from services.works.rendering.segments import Formula, segments

MAX_FORMULAS = 500
_LATEX = re.compile(r"[\\${}~`]|--|''")
_OPENING = re.compile(r"\\[(\[]|\\begin\{")
_TAGS = {"em", "strong", "code", "sup", "sub", *MATHML_ELEMENTS}
_ATTRIBUTES = {"*": set(MATHML_ATTRIBUTES), "math": {"alttext"}}
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_UNMARKED = str.maketrans({_OPEN: "\ufffd", _CLOSE: "\ufffd"})


class Rendered(NamedTuple):
    """The same text twice: without any markup, and as safe inline HTML."""

    text: str
    html: str


@lru_cache(maxsize=4096)
def render(source: str) -> Rendered:
    """Render one run of text. Never raises; what cannot be rendered shows its source."""
    if not _LATEX.search(source) or len(_OPENING.findall(source)) > MAX_FORMULAS:
        return Rendered(source, escape(source, quote=False))
    parts = list(segments(source.translate(_UNMARKED)))
    formulas = [part for part in parts if isinstance(part, Formula)]
    if len(formulas) > MAX_FORMULAS:
        return Rendered(source, escape(source, quote=False))
    marks = iter(range(len(formulas)))
    prose = "".join(f"{_OPEN}{next(marks)}{_CLOSE}" if isinstance(part, Formula) else part.source for part in parts)
    text = _filled(_tried(prose_text, prose, str), [formula_text(formula) for formula in formulas])
    html = _filled(_tried(prose_html, prose, _escaped), [formula_html(formula) for formula in formulas])
    return Rendered(text, nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None))


def render_paragraphs(source: str) -> Rendered:
    """As `render`, with each paragraph (parted by an empty line) in a `<p>`."""
    rendered = [render(part) for part in source.split("\n\n") if part]
    return Rendered("\n\n".join(r.text for r in rendered), "".join(f"<p>{r.html}</p>" for r in rendered))


def _tried(renderer: Callable[[str], str], prose: str, otherwise: Callable[[str], str]) -> str:
    try:
        return renderer(prose)
    except Exception:  # noqa: BLE001 - parsers of LaTeX raise what they like on what authors write
        return otherwise(prose)


def _filled(prose: str, formulas: list[str]) -> str:
    return _MARK.sub(lambda mark: formulas[int(mark[1])], prose)


def _escaped(text: str) -> str:
    return escape(text, quote=False)
