"""Reading elements by their local name, whatever namespace a source puts them in."""

from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]

from services.works.importers.text import one_line


def tag(element: etree._Element) -> str:
    """The element's local name; empty for comments and the like."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def each(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """All elements of that name inside, at any depth."""
    if element is not None:
        yield from (found for found in element.iter() if tag(found) == name and found is not element)


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The first element on this path of children."""
    for name in names:
        element = next((found for found in element if tag(found) == name), None) if element is not None else None
    return element


def words(element: etree._Element | None) -> str:
    """All text inside, on one line; entities that were not expanded stay as they are written."""
    return one_line("".join(element.itertext())) if element is not None else ""


def inner(element: etree._Element | None, *names: str) -> str:
    """The text at the end of this path of children."""
    return words(child(element, *names))
