"""Every source that is read page by page with a cursor of its own: how to ask for a page, and where the next begins.

`SOURCES` lists them; a new one is added here and nowhere else. arXiv's query API counts offsets and stands in `arxiv`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs, quote, urlsplit

from services.works.domain.record import Refused, SourceRecord
from services.works.importers import PARSERS
from services.works.importers.oai import resumption_token
from services.works.importers.reading import fields_of, items_of, json_of, moment_of, orcid_of, text_of
from shared.errors import Invalid

Entries = Iterable[SourceRecord | Refused]
PAGE = 100
_FILTER = re.compile(r"[a-z][\w.-]{1,60}:\S")
_SET = re.compile(r"[\w.:-]{1,100}")
_ORCID_CHUNK = 50
_S2_FIELDS = (
    "paperId,externalIds,title,abstract,venue,year,publicationDate,publicationTypes,journal,authors,s2FieldsOfStudy"
)


class Request(NamedTuple):
    """What to ask for: a path below the source's address, and parameters."""

    path: str
    params: Mapping[str, str]


class CursorSource(NamedTuple):
    """One source. `budget` names the turns that it takes, which several may share; `pause` is in seconds.

    `request` makes the request for a query and a cursor (None: the first page); it raises Invalid for a query that
    makes no sense. `following` reads where the next page begins out of the reply; None where this was the last one.
    """

    name: str
    budget: str
    pause: float
    request: Callable[[str, str | None], Request]
    following: Callable[[bytes, str | None], str | None]
    parse: Callable[[bytes], Entries]
    accept: str = "application/json"


def oai_request(query: str, cursor: str | None) -> Request:
    """A set, with `from=` and `until=` as days: "cs from=2024-01-01"."""
    if cursor:
        return Request("", {"verb": "ListRecords", "resumptionToken": cursor})
    params = {"verb": "ListRecords", "metadataPrefix": "arXiv"}
    for word in query.split():
        name, equals, day = word.partition("=")
        if equals and name in {"from", "until"} and moment_of(day):
            params[name] = day
        elif not equals and _SET.fullmatch(word) and "set" not in params:
            params["set"] = word
        else:
            raise Invalid(f"{word!r} is neither a set such as cs nor from= or until= with a day such as 2024-01-31.")
    return Request("", params)


def _oai_following(reply: bytes, cursor: str | None) -> str | None:
    token = resumption_token(reply)
    return token if token != cursor else None


def _oai_entries(reply: bytes) -> Entries:
    """What the reply says, but for the word that nothing matches, which is no refusal."""
    return [each for each in PARSERS["oai"](reply) if getattr(each, "record", "") != "noRecordsMatch"]


def openalex_request(query: str, cursor: str | None) -> Request:
    """Words to search for, or a filter of OpenAlex such as `author.orcid:0000-0002-1825-0097`."""
    asked = {"filter": query} if _FILTER.match(query) else {"search": query}
    return Request("", {**asked, "per-page": str(PAGE), "cursor": cursor or "*"})


def _openalex_following(reply: bytes, _: str | None) -> str | None:
    document = fields_of(json_of(reply))
    return text_of(fields_of(document.get("meta")).get("next_cursor")) or None if document.get("results") else None


def crossref_request(query: str, cursor: str | None) -> Request:
    """Words to search for, or a filter of Crossref such as `orcid:0000-0002-1825-0097`."""
    asked = {"filter": query} if _FILTER.match(query) else {"query": query}
    return Request("", {**asked, "rows": str(PAGE), "cursor": cursor or "*"})


def _crossref_following(reply: bytes, _: str | None) -> str | None:
    """The cursor, which often stays the same from page to page; the last page is a short one."""
    message = fields_of(fields_of(json_of(reply)).get("message"))
    whole = len(items_of(message.get("items"))) >= PAGE
    return text_of(message.get("next-cursor")) or None if whole else None


def datacite_request(query: str, cursor: str | None) -> Request:
    """A query of DataCite."""
    return Request("", {"query": query, "page[size]": str(PAGE), "page[cursor]": cursor or "1"})


def _datacite_following(reply: bytes, _: str | None) -> str | None:
    address = text_of(fields_of(fields_of(json_of(reply)).get("links")).get("next"))
    return next(iter(parse_qs(urlsplit(address).query).get("page[cursor]", ())), None)


def dblp_request(query: str, cursor: str | None) -> Request:
    """Words to search for."""
    return Request("", {"q": query, "format": "json", "h": str(PAGE), "f": cursor or "0"})


def _dblp_following(reply: bytes, cursor: str | None) -> str | None:
    hits = fields_of(fields_of(fields_of(json_of(reply)).get("result")).get("hits"))
    sent, total = text_of(hits.get("@sent")), text_of(hits.get("@total"))
    place = int(cursor or "0") + (int(sent) if sent.isdecimal() else 0)
    return str(place) if sent not in {"", "0"} and total.isdecimal() and place < int(total) else None


def semanticscholar_request(query: str, cursor: str | None) -> Request:
    """Words to search for."""
    return Request("", {"query": query, "fields": _S2_FIELDS, **({"token": cursor} if cursor else {})})


def _semanticscholar_following(reply: bytes, _: str | None) -> str | None:
    return text_of(fields_of(json_of(reply)).get("token")) or None


def orcid_request(query: str, cursor: str | None) -> Request:
    """An ORCID iD: first the list of its works, then the works themselves, some at a time."""
    person = orcid_of(query)
    if person is None:
        raise Invalid("ORCID is asked for the works of one iD, such as 0000-0002-1825-0097.")
    chunk = ",".join((cursor or "").split(",")[:_ORCID_CHUNK])
    return Request(f"/{person}/works" + (f"/{quote(chunk, safe=',')}" if chunk else ""), {})


def _orcid_following(reply: bytes, cursor: str | None) -> str | None:
    """The put-codes that are still to be asked for."""
    if cursor:
        return ",".join(cursor.split(",")[_ORCID_CHUNK:]) or None
    return ",".join(filter(str.isdecimal, map(_put_code, items_of(fields_of(json_of(reply)).get("group"))))) or None


def _put_code(group: object) -> str:
    summaries: list[Any] = items_of(fields_of(group).get("work-summary"))
    return text_of(fields_of(summaries[0]).get("put-code")) if summaries else ""


def _orcid_entries(reply: bytes) -> Entries:
    """The works in bulk; nothing of the list, whose summaries have no byline."""
    return PARSERS["orcid"](reply) if "bulk" in fields_of(json_of(reply)) else []


SOURCES: Mapping[str, CursorSource] = {
    each.name: each
    for each in (
        CursorSource("oai", "arxiv", 3.0, oai_request, _oai_following, _oai_entries, "text/xml"),
        CursorSource("openalex", "openalex", 0.2, openalex_request, _openalex_following, PARSERS["openalex"]),
        CursorSource("crossref", "crossref", 0.2, crossref_request, _crossref_following, PARSERS["crossref"]),
        CursorSource("datacite", "datacite", 0.5, datacite_request, _datacite_following, PARSERS["datacite"]),
        CursorSource("dblp", "dblp", 1.0, dblp_request, _dblp_following, PARSERS["dblp"]),
        CursorSource("orcid", "orcid", 0.5, orcid_request, _orcid_following, _orcid_entries),
        CursorSource(
            "semanticscholar",
            "semanticscholar",
            1.1,
            semanticscholar_request,
            _semanticscholar_following,
            PARSERS["semanticscholar"],
        ),
    )
}
