"""Macros that authors define for themselves and that abstracts leak, with what they nearly always mean."""

import re
from collections.abc import Collection

_LETTERS = {name: rf"\mathbb{{{name}}}" for name in ("R", "N", "Z", "Q", "C", "E", "F", "P")}
_BLACKBOARD = {
    **{f"{name}{name}": rf"\mathbb{{{name}}}" for name in ("R", "N", "Z", "Q", "C", "E", "F", "P", "K", "T")},
    **{f"bb{name}": rf"\mathbb{{{name}}}" for name in ("R", "N", "Z", "Q", "C", "E", "F", "P", "K")},
    **{f"b{name}": rf"\mathbb{{{name}}}" for name in ("R", "N", "Z", "Q", "C")},
    **{f"{name}bb": rf"\mathbb{{{name}}}" for name in ("R", "N", "Z", "Q", "C")},
    "reals": r"\mathbb{R}",
    "real": r"\mathbb{R}",
    "Reals": r"\mathbb{R}",
    "integers": r"\mathbb{Z}",
    "naturals": r"\mathbb{N}",
    "complex": r"\mathbb{C}",
    "rationals": r"\mathbb{Q}",
}
_CALLIGRAPHIC = {
    **{f"c{chr(code)}": rf"\mathcal{{{chr(code)}}}" for code in range(ord("A"), ord("Z") + 1)},
    **{f"cal{chr(code)}": rf"\mathcal{{{chr(code)}}}" for code in range(ord("A"), ord("Z") + 1)},
}
_BOLD = {
    **{f"v{chr(code)}": rf"\mathbf{{{chr(code)}}}" for code in range(ord("a"), ord("z") + 1)},
    **{f"bf{chr(code)}": rf"\mathbf{{{chr(code)}}}" for code in range(ord("a"), ord("z") + 1)},
}
_WORDS = {
    "eps": r"\varepsilon",
    "veps": r"\varepsilon",
    "epsi": r"\varepsilon",
    "vareps": r"\varepsilon",
    "lam": r"\lambda",
    "Lam": r"\Lambda",
    "sig": r"\sigma",
    "om": r"\omega",
    "Om": r"\Omega",
    "al": r"\alpha",
    "be": r"\beta",
    "ga": r"\gamma",
    "de": r"\delta",
    "vphi": r"\varphi",
    "vp": r"\varphi",
    "bs": r"\boldsymbol",
    "bm": r"\boldsymbol",
    "mc": r"\mathcal",
    "mb": r"\mathbf",
    "ms": r"\mathsf",
    "tr": r"\operatorname{tr}",
    "Tr": r"\operatorname{Tr}",
    "rank": r"\operatorname{rank}",
    "diag": r"\operatorname{diag}",
    "sgn": r"\operatorname{sgn}",
    "sign": r"\operatorname{sign}",
    "supp": r"\operatorname{supp}",
    "poly": r"\operatorname{poly}",
    "polylog": r"\operatorname{polylog}",
    "Var": r"\operatorname{Var}",
    "Cov": r"\operatorname{Cov}",
    "argmin": r"\operatorname{arg\,min}",
    "argmax": r"\operatorname{arg\,max}",
    "Hom": r"\operatorname{Hom}",
    "End": r"\operatorname{End}",
    "Aut": r"\operatorname{Aut}",
    "Ext": r"\operatorname{Ext}",
    "im": r"\operatorname{im}",
    "SL": r"\mathrm{SL}",
    "GL": r"\mathrm{GL}",
    "SU": r"\mathrm{SU}",
    "SO": r"\mathrm{SO}",
    "SAT": r"\mathrm{SAT}",
    "NP": r"\mathsf{NP}",
    "PSPACE": r"\mathsf{PSPACE}",
    "half": r"\tfrac{1}{2}",
    "ensuremath": r"",
    "xspace": r"",
    "hbox": r"\text",
    "mbox": r"\text",
    "textnormal": r"\text",
    "textup": r"\text",
    "emph": r"\textit",
    "textsc": r"\text",
    "textsf": r"\text",
    "texttt": r"\text",
    "textbf": r"\text",
    "textrm": r"\text",
    "mathds": r"\mathbb",
    "Bbb": r"\mathbb",
    "mathbbm": r"\mathbb",
    "ds": r"\mathbb",
    "dfrac": r"\frac",
    "nicefrac": r"\frac",
    "sfrac": r"\frac",
    "lesssim": "≲",
    "gtrsim": "≳",
    "coloneqq": "≔",
}
MACROS: dict[str, str] = {**_CALLIGRAPHIC, **_BOLD, **_BLACKBOARD, **_LETTERS, **_WORDS}

_COMMAND = re.compile(r"\\([A-Za-z]+)")


def expand(formula: str, unknown: Collection[str]) -> str:
    """The formula with those of the unknown commands replaced that this table knows."""

    def replace(match: re.Match[str]) -> str:
        meaning = MACROS.get(match[1]) if match[1] in unknown else None
        if meaning is None:
            return match[0]
        return f"{meaning} " if meaning[-1:].isalpha() else meaning

    return _COMMAND.sub(replace, formula)
