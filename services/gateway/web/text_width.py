"""How wide a label is, without a font at hand: widths of Source Serif 4, rounded up, in thousandths of an em."""

import unicodedata

LABEL_LENGTH = 30
ELLIPSIS = "…"
GROUPS = {
    320: " '!|,-.:;j",
    380: "[]il/\\t{}()If",
    460: '"J`?*r',
    540: "sz$_c#+0123456789<=>^e~",
    600: "SagovxZky",
    660: "FLbdqEPTpuBhn",
    740: "CXYRAKV&DGOQ",
    840: "UNH@w",
    1020: "%MmW",
}
WIDTHS = {character: width for width, characters in GROUPS.items() for character in characters}
WIDE, OTHER = 1100, 740
FALLBACK_FACES = 1.06
"""System faces are fitted to Source Serif 4 on average; single words can come out wider."""


def text_width(text: str, size: float) -> float:
    """An upper estimate of the width of one line at this size, in the unit of the size."""
    return sum(character_width(character) for character in text) * size / 1000 * FALLBACK_FACES


def character_width(character: str) -> int:
    """Accents count as their letter, combining marks as nothing, East Asian characters as a full square."""
    known = WIDTHS.get(character)
    if known is not None:
        return known
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Mn"}:
        return 0
    if unicodedata.east_asian_width(character) in {"W", "F"} or ord(character) > 0xFFFF:
        return WIDE
    base = unicodedata.normalize("NFD", character)[0]
    return WIDTHS.get(base, OTHER)


def fitted(text: str, size: float, width: float) -> str:
    """The text if it has at most 30 characters and fits the width, else as much of it as does, with an ellipsis."""
    label = " ".join(text.split())
    if len(label) <= LABEL_LENGTH and text_width(label, size) <= width:
        return label
    kept = label[: LABEL_LENGTH - 1]
    while kept and text_width(kept + ELLIPSIS, size) > width:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS
