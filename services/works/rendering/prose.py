"""LaTeX outside formulas: to HTML and to plain text.

Where a formula stood, the prose has a mark that passes through here untouched.
"""

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from html import escape

from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]
from pylatexenc.latexwalker import (  # type: ignore[import-untyped]
    LatexCharsNode,
    LatexEnvironmentNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexNode,
    LatexWalker,
    get_default_latex_context_db,
)
from pylatexenc.macrospec import MacroSpec  # type: ignore[import-untyped]

MAX_DEPTH = 40
MAX_OPEN = 6
MAX_COMMANDS = 2_000
_ELEMENTS = {
    "emph": "em", "textit": "em", "textsl": "em", "em": "em", "it": "em", "sl": "em", "itshape": "em",
    "textbf": "strong", "bf": "strong", "bfseries": "strong", "texttt": "code", "tt": "code",
    "textsuperscript": "sup", "textsubscript": "sub",
}  # fmt: skip
_SWITCHES = frozenset(["em", "it", "sl", "itshape", "bf", "bfseries", "tt", "sc", "rm", "sf", "scshape", "normalfont"])
_CONTENT_ONLY = frozenset(["textsc", "textrm", "textsf", "textnormal", "text", "mbox", "hbox", "underline", "uline"])
_AS_WRITTEN = frozenset(["cite", "citep", "citet", "ref", "eqref", "label"])
_LIGATURES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"))
_NEEDS_PARSING = re.compile(r"[\\{}]")
_BARE = re.compile(r"(?<!\\)([%#&$^_])")
_TIE = re.compile(r"(?<=[^\s/])~(?=\S)")

logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # it warns of every \frac without arguments


def prose_html(source: str) -> str:
    """The prose as HTML, everything in it escaped but what this function makes. May raise on what LaTeX cannot be."""
    if not _NEEDS_PARSING.search(source):
        return escape(_ligatures(source), quote=False)
    return _Html().all(_parse(source))


def prose_text(source: str) -> str:
    """The prose as plain text."""
    if not _NEEDS_PARSING.search(source):
        return _ligatures(source)
    return _Text().all(_parse(source))


def is_known_to_text(command: str) -> bool:
    """Whether there is a plain-text form of the command."""
    return _TO_TEXT.latex_context.get_macro_spec(command) is not None


class _Text:
    """Nodes to plain text; a subclass says how that is marked up."""

    def all(self, nodes: Iterable[LatexNode | None]) -> str:
        pieces: list[str] = []
        switched: list[str] = []
        after_unknown = False
        for node in filter(None, nodes):
            if isinstance(node, LatexMacroNode) and node.macroname in _SWITCHES:
                switched.append(node.macroname)
                pieces.append(self.opened(node.macroname))
            elif after_unknown and isinstance(node, LatexGroupNode):
                pieces.append(self.escaped("{") + self.all(node.nodelist) + self.escaped("}"))
            else:
                pieces.append(self.one(node))
            after_unknown = _is_unknown(node) or (after_unknown and isinstance(node, LatexGroupNode))
        return "".join([*pieces, *map(self.closed, reversed(switched))])

    def one(self, node: LatexNode) -> str:
        if isinstance(node, LatexGroupNode | LatexEnvironmentNode):
            return self.all(node.nodelist)
        if isinstance(node, LatexMacroNode) and node.macroname in _ELEMENTS.keys() | _CONTENT_ONLY:
            name = node.macroname
            return self.opened(name) + self.all(_arguments(node)) + self.closed(name)
        return self.escaped(_plain(node))

    def opened(self, command: str) -> str:
        return ""

    def closed(self, command: str) -> str:
        return ""

    def escaped(self, text: str) -> str:
        return text


class _Html(_Text):
    def opened(self, command: str) -> str:
        return f"<{_ELEMENTS[command]}>" if command in _ELEMENTS else ""

    def closed(self, command: str) -> str:
        return f"</{_ELEMENTS[command]}>" if command in _ELEMENTS else ""

    def escaped(self, text: str) -> str:
        return escape(text, quote=False)


def _parse(source: str) -> list[LatexNode]:
    if _depth(source) > MAX_DEPTH or source.count("\\") > MAX_COMMANDS:
        raise ValueError("too deep or too much to be an abstract")
    if abs(source.count("{") - source.count("}")) + abs(source.count("[") - source.count("]")) > MAX_OPEN:
        raise ValueError("too much of it never ends: reading it as it may be meant doubles the time with each")
    bare = _BARE.sub(r"\\\1", source)  # in abstracts, % is a percent sign, and so on
    nodes, _, _ = LatexWalker(bare, latex_context=_CONTEXT, tolerant_parsing=True).get_latex_nodes()
    return list(nodes)


def _plain(node: LatexNode) -> str:
    if isinstance(node, LatexCharsNode):
        return _ligatures(node.chars)
    if not isinstance(node, LatexMacroNode):
        return str(_TO_TEXT.node_to_text(node))
    if node.macroname == "\\":
        return " "
    special = _SPECIAL.get(node.macroname)
    if special is not None:
        return special(_arguments(node)) + ("" if _arguments(node) else node.macro_post_space)
    if node.macroname in _AS_WRITTEN or _is_unknown(node):
        return str(node.latex_verbatim())
    return str(_TO_TEXT.node_to_text(node)) + ("" if _arguments(node) else node.macro_post_space)


def _is_unknown(node: LatexNode | None) -> bool:
    if not isinstance(node, LatexMacroNode):
        return False
    name = node.macroname
    return name not in _ELEMENTS.keys() | _CONTENT_ONLY | _SPECIAL.keys() and not is_known_to_text(name)


def _arguments(node: LatexMacroNode) -> list[LatexNode | None]:
    return list(node.nodeargd.argnlist) if node.nodeargd and node.nodeargd.argnlist else []


def _address(arguments: Sequence[LatexNode | None]) -> str:
    written = "".join(argument.latex_verbatim() for argument in arguments if argument)
    return re.sub(r"\\([%#&$^_])", r"\1", written).strip("{}")


def _ligatures(text: str) -> str:
    for written, set_as in _LIGATURES:
        text = text.replace(written, set_as)
    return _TIE.sub("\u00a0", text)


def _depth(source: str) -> int:
    depth = deepest = 0
    for letter in source:
        depth += (letter == "{") - (letter == "}")
        deepest = max(deepest, depth)
    return deepest


_SPECIAL: dict[str, Callable[[list[LatexNode | None]], str]] = {
    "url": _address,
    "href": lambda arguments: _Text().all(arguments[-1:]),
    **{name: lambda _, name=name: name for name in ("TeX", "LaTeX", "BibTeX")},  # type: ignore[misc]
    "footnote": lambda arguments: f" ({_Text().all(arguments)})",
}
_TO_TEXT = LatexNodes2Text(strict_latex_spaces="except-in-equations", math_mode="verbatim")
_CONTEXT = get_default_latex_context_db()
_CONTEXT.add_context_category(
    "faces",
    macros=[
        *(MacroSpec(name, "{") for name in (*_ELEMENTS, *_CONTENT_ONLY, "url") if name not in _SWITCHES),
        MacroSpec("href", "{{"),
    ],
    prepend=True,
)
