"""One formula as MathML, or its source where that is not possible. Nothing but known MathML ever comes out."""

import re
from html import escape

from latex2mathml.converter import convert
from lxml import etree  # type: ignore[import-untyped]
from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]

from services.works.rendering.macros import expand
from services.works.rendering.prose import is_known_to_text
from services.works.rendering.segments import Formula

MATHML_ELEMENTS = frozenset(
    """
    math mrow mi mn mo mtext mspace ms msup msub msubsup mfrac msqrt mroot munder mover munderover mtable mtr
    mtd mpadded mphantom mstyle menclose mmultiscripts mprescripts none semantics
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
MATHML_ATTRIBUTES = frozenset(
    """
    display mathvariant stretchy fence separator form accent accentunder linethickness columnalign rowalign
    columnspacing rowspacing columnlines rowlines width height depth lspace rspace voffset movablelimits
    symmetric minsize maxsize displaystyle scriptlevel notation largeop bevelled
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
MAX_LENGTH = 2_000
MAX_DEPTH = 40
_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
_BARE_PERCENT = re.compile(r"(?<!\\)%")
_RAW_COMMAND = re.compile(r"\\([A-Za-z]+)")
_TO_TEXT = LatexNodes2Text(math_mode="text", strict_latex_spaces="based-on-source")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def formula_html(formula: Formula) -> str:
    """MathML with the source as its `alttext`; where it cannot be made, the source in `<code>`. Never raises."""
    mathml = _mathml(formula)
    return mathml if mathml is not None else f"<code>{escape(formula.source, quote=False)}</code>"


def formula_text(formula: Formula) -> str:
    """The formula in plain characters, such as "α ≤ x^2"; its source where a command has no such form. Never raises."""
    inside = _BARE_PERCENT.sub(r"\\%", formula.inside)
    inside = expand(inside, {name for name in _RAW_COMMAND.findall(inside) if not is_known_to_text(name)})
    if len(inside) > MAX_LENGTH or _depth(inside) > MAX_DEPTH:
        return formula.source
    if not all(map(is_known_to_text, _RAW_COMMAND.findall(inside))):
        return formula.source
    try:
        return " ".join(str(_TO_TEXT.latex_to_text(inside)).split())
    except Exception:  # noqa: BLE001 - the parser raises what it likes on what authors write
        return formula.source


def _mathml(formula: Formula) -> str | None:
    inside = _BARE_PERCENT.sub(r"\\%", " ".join(formula.inside.split()))
    if len(inside) > MAX_LENGTH or _depth(inside) > MAX_DEPTH:
        return None
    made = _convert(inside, display=formula.display)
    if made is not None and (unknown := set(_RAW_COMMAND.findall(made))):
        made = _convert(expand(inside, unknown), display=formula.display)
    if made is None or _RAW_COMMAND.search(made):
        return None
    return _checked(made, inside)


def _convert(inside: str, *, display: bool) -> str | None:
    try:
        return convert(inside, display="block" if display else "inline")
    except Exception:  # noqa: BLE001 - the converter raises what it likes on what authors write
        return None


def _checked(mathml: str, inside: str) -> str | None:
    try:
        root = etree.fromstring(mathml, _PARSER)
    except etree.XMLSyntaxError:
        return None
    for element in root.iter():
        name = element.tag.removeprefix(_NAMESPACE) if isinstance(element.tag, str) else ""
        if name not in MATHML_ELEMENTS:
            return None
        for attribute in set(element.attrib) - MATHML_ATTRIBUTES:
            del element.attrib[attribute]
        element.tag = name
    root.set("alttext", inside)
    etree.cleanup_namespaces(root)
    return str(etree.tostring(root, encoding="unicode", with_tail=False))


def _depth(inside: str) -> int:
    depth = deepest = 0
    for letter in inside:
        depth += (letter == "{") - (letter == "}")
        deepest = max(deepest, depth)
    return deepest + inside.count(r"\left") + inside.count(r"\begin")
