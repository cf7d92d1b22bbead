"""ORCID's XML in the shape of its JSON, as far as works need it."""

from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from services.works.importers.reading import NotReadable, xml_events
from services.works.importers.xml_parts import child, each, inner, tag, words

_FIELDS = ("journal-title", "short-description", "url", "type")
Json = dict[str, Any]


def to_json_shape(data: bytes) -> Json:
    """The document as its JSON form would be. Raises NotReadable for what is no XML, or none of ORCID's."""
    root = None
    for event, element in xml_events(data):
        root = element if root is None and event == "start" else root
    if root is None or "orcid" not in (etree.QName(root).namespace or ""):
        raise NotReadable("The file is no document of ORCID: its outermost element is not of ORCID's namespaces.")
    if tag(root) == "work":
        return _work(root)
    if tag(root) == "bulk":
        return {"bulk": [{"work": _work(found)} for found in each(root, "work")]}
    summaries = [{"work-summary": [_work(found)]} for found in each(root, "work-summary")]
    name = next(each(root, "name"), None)
    path = root.get("path") or inner(root, "orcid-identifier", "path")
    person = {"given-names": inner(name, "given-names"), "family-name": inner(name, "family-name")}
    return {"path": path, "person": {"name": {**person, "credit-name": inner(name, "credit-name")}}, "group": summaries}


def _work(work: etree._Element) -> Json:
    title = child(work, "title")
    return {
        **{field: inner(work, field) for field in _FIELDS},
        "put-code": work.get("put-code") or "",
        "path": work.get("path") or "",
        "title": {"title": inner(title, "title"), "subtitle": inner(title, "subtitle")},
        "publication-date": {name: inner(work, "publication-date", name) for name in ("year", "month", "day")},
        "external-ids": {"external-id": [_external(found) for found in each(work, "external-id")]},
        "contributors": {"contributor": [_contributor(found) for found in each(work, "contributor")]},
    }


def _external(found: etree._Element) -> Json:
    return {tag(part): words(part) for part in found}


def _contributor(found: etree._Element) -> Json:
    return {
        "credit-name": inner(found, "credit-name"),
        "contributor-orcid": {"path": inner(found, "contributor-orcid", "path")},
        "contributor-attributes": {
            "contributor-role": inner(found, "contributor-attributes", "contributor-role"),
        },
    }
