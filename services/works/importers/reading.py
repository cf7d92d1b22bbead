"""What every importer needs: bounds, refusals, and the pieces of a record settled in one way."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any, cast
from unicodedata import normalize

import orjson
from lxml import etree  # type: ignore[import-untyped]

from services.works.domain.record import RecordAuthor, Refused, SourceRecord
from services.works.importers.text import one_line, shortened
from services.works.rendering import render

MAX_TITLE = 5_000
MAX_ABSTRACT = 100_000
MAX_NAME = 300
MAX_AUTHORS = 5_500
"""More than any work of arXiv has."""
MAX_BYLINE = 1_000_000
"""Characters of all names and affiliations: an event that tells of them still fits into a Kafka message."""
MAX_AFFILIATION = 1_000
MAX_AFFILIATIONS = 50
MAX_DOIS = 20
MAX_TOPICS = 50
MAX_NOTE = 10_000
MAX_SAID = 300
MAX_REFERENCES = 2_000
MAX_LINE = 8 * 2**20
"""Bytes of one line of a file of JSON lines."""
_MARKS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328", "r": "\u030a",
}  # fmt: skip
_ACCENT = re.compile(
    r"""\{?\\(?:(?P<mark>[`'^~"=.])\s?\{?(?P<letter>\\?[A-Za-z])\}?|(?P<named>[cvuHkr])(?:\s|\{)(?P<of>[A-Za-z])\}?)\}?"""
)
_NOBODY = frozenset({"et al", "others", "and others", "anonymous", "none", "unknown", "n/a"})
_EMAIL = re.compile(
    r"(?:[;,.]?\s*(?:electronic address|e-?mail):\s*)?[\w.+-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63}){1,5})\.?",
    re.IGNORECASE,
)
_ORCID = re.compile(r"(?<!\d)(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])(?![\dXx])")


class NotReadable(ValueError):  # noqa: N818 - said of a file, not of the program
    """The file as a whole cannot be read as this source's format. The message says where and why."""


class Unfit(ValueError):  # noqa: N818 - as above
    """This entry cannot be a work; the message is the reason."""


def bounded(what: str, text: str, limit: int) -> str:
    """The text. Raises Unfit where it is longer than the limit."""
    if len(text) > limit:
        raise Unfit(f"its {what} is {len(text):,} characters long; the most taken is {limit:,}")
    return text


def few(what: str, many: Sequence[str], limit: int) -> Sequence[str]:
    """The same. Raises Unfit where there are more than the limit."""
    if len(many) > limit:
        raise Unfit(f"it has {len(many):,} {what}; the most taken is {limit:,}")
    return many


def title_of(text: str | None) -> str:
    """A title on one line. Raises Unfit where there is none."""
    title = one_line(text or "")
    if not title:
        raise Unfit("it has no title")
    return bounded("title", title, MAX_TITLE)


def name_of(text: str) -> str:
    """The name of an author on one line, LaTeX's accents made letters."""
    printed = _accented(bounded("name of an author", one_line(text), MAX_NAME))
    return one_line(render(printed).text) if "\\" in printed or "{" in printed else printed


def _accented(text: str) -> str:
    """The usual accents made letters at once; whatever else there is of LaTeX is left to the renderer."""
    return _ACCENT.sub(_letter, text) if "\\" in text else text


def _letter(found: re.Match[str]) -> str:
    mark, letter = (found["mark"], found["letter"]) if found["mark"] else (found["named"], found["of"])
    return normalize("NFC", letter.lstrip("\\") + _MARKS[mark])


def byline_of(authors: Iterable[RecordAuthor]) -> tuple[RecordAuthor, ...]:
    """Those who are somebody. Raises Unfit where there is nobody, or more than can be told of."""
    byline = tuple(each for each in authors if is_somebody(each.name))
    if not byline:
        raise Unfit("it names no author")
    if len(byline) > MAX_AUTHORS:
        raise Unfit(f"it names {len(byline):,} authors; the most taken is {MAX_AUTHORS:,}")
    bounded("byline", "".join(part for author in byline for part in (author.name, *author.affiliations)), MAX_BYLINE)
    return byline


def is_somebody(name: str) -> bool:
    """Whether the name is one, and not "et al."."""
    return any(map(str.isalpha, name)) and name.casefold().strip(". ") not in _NOBODY


def affiliations_of(printed: Iterable[str]) -> tuple[str, ...]:
    """Affiliations on one line each, each once, without any e-mail address that is printed with them."""
    lines = dict.fromkeys(filter(None, (one_line(_EMAIL.sub("", each)) for each in printed)))
    named = tuple(bounded("affiliation", each, MAX_AFFILIATION) for each in lines)
    return tuple(few("affiliations of an author", named, MAX_AFFILIATIONS))


def email_domain_of(printed: Iterable[str]) -> str | None:
    """What stands after the @ of the first e-mail address that is printed."""
    found = next(filter(None, (_EMAIL.search(each) for each in printed)), None)
    return found[1].lower().rstrip(".") if found else None


def orcid_of(text: object) -> str | None:
    """The bare ORCID iD in the text; None where there is none or its check digit (ISO 7064 mod 11-2) is wrong."""
    found = _ORCID.search(text) if isinstance(text, str) else None
    if found is None:
        return None
    digits = "".join(found.groups()).upper()
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    right = (12 - total % 11) % 11
    if digits[-1] != ("X" if right == 10 else str(right)):
        return None
    return "-".join(digits[place : place + 4] for place in range(0, 16, 4))


def moment_of(text: object) -> datetime | None:
    """A date or time as ISO 8601 writes it, to the year, month, day or second, in UTC; None for what is none."""
    if not isinstance(text, str):
        return None
    text = text.strip()
    if re.fullmatch(r"[0-9]{4}(-[0-9]{1,2}){0,2}", text):
        return moment_from(*map(int, text.split("-")))
    with suppress(ValueError, OverflowError):
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    return None


def moment_from(year: object, month: object = None, day: object = None) -> datetime | None:
    """The date from its numbers, the first day where only year or month is known; None for what is no date."""
    with suppress(ValueError, TypeError, OverflowError):
        whole = date(int(cast(int, year)), int(cast(int, month or 1)), int(cast(int, day or 1)))
        return datetime(whole.year, whole.month, whole.day, tzinfo=UTC) if whole.year >= 1000 else None
    return None


def mail_date_of(text: object) -> datetime | None:
    """A time as mail writes it, "Mon, 2 Apr 2007 19:18:42 GMT", in UTC; None for what is none."""
    if not isinstance(text, str):
        return None
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    return None


def dates_of(*candidates: datetime | None, updated: datetime | None = None) -> tuple[datetime, datetime]:
    """The first candidate that is a date, and the time of this version. Raises Unfit where there is none."""
    published = next(filter(None, candidates), None) or updated
    if published is None:
        raise Unfit("it has no date of publication that can be read")
    return published, max(updated or published, published)


def json_of(data: bytes) -> Any:
    """The JSON document. Raises NotReadable."""
    if not data.strip():
        raise NotReadable("The file is empty.")
    try:
        return orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise NotReadable(f"The file is not JSON: {error.msg} (line {error.lineno}).") from error


def json_lines(data: bytes) -> Iterator[tuple[int, object]]:
    """The lines that are not empty, with their numbers from 1; one that is no JSON comes as an Unfit that says so."""
    for number, line in enumerate(BytesIO(data.removeprefix(b"\xef\xbb\xbf")), start=1):
        if not line.strip():
            continue
        if len(line) > MAX_LINE:
            yield number, Unfit(f"the line is longer than {MAX_LINE // 2**20} MB")
            continue
        try:
            yield number, orjson.loads(line)
        except orjson.JSONDecodeError as error:
            yield number, Unfit(f"the line is not JSON: {error.msg}")


def xml_events(data: bytes, doctype: str | None = None) -> Iterator[tuple[str, etree._Element]]:
    """Start and end events of the document. Raises NotReadable for what is no well-formed XML, and for a document type
    other than that named; entities are never expanded, and the network, document types and huge trees are off."""
    if not data.strip():
        raise NotReadable("The file is empty.")
    walk = etree.iterparse(
        BytesIO(data), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        first = True
        for event, element in walk:
            declared = element.getroottree().docinfo if first else None
            if declared is not None and declared.doctype and declared.root_name != doctype:
                raise NotReadable("The file declares a document type, which is not taken for it can hide anything.")
            first = False
            yield event, element
    except etree.XMLSyntaxError as error:
        raise NotReadable(f"The file is not well-formed XML: {error.msg}.") from error


def text_of(value: object) -> str:
    """The text, or a number as text; empty for anything else."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def items_of(value: object) -> list[Any]:
    """The list, or none for anything else."""
    return value if isinstance(value, list) else []


def fields_of(value: object) -> dict[str, Any]:
    """The object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def each_read(
    entries: Iterable[tuple[str, object]], read: Callable[[dict[str, Any]], SourceRecord]
) -> Iterator[SourceRecord | Refused]:
    """Each entry, named for people, read as a record or refused with the reason."""
    for name, entry in entries:
        try:
            yield read(_object(entry))
        except Unfit as unfit:
            yield Refused(shortened(one_line(name), MAX_SAID), str(unfit))


def _object(entry: object) -> dict[str, Any]:
    if isinstance(entry, Unfit):
        raise entry
    if not isinstance(entry, dict):
        raise Unfit("it is no JSON object")
    return entry


def json_entries(data: bytes, *lists: str) -> Iterator[tuple[str, object]]:
    """The entries of a JSON document, with a name for each: those of the list under one of the names, or of the list
    that it is, or itself; and where it is no single document, its lines. Raises NotReadable."""
    try:
        document = json_of(data)
    except NotReadable:
        if b"\n" not in data.strip():
            raise
        found = list(json_lines(data))
        if all(isinstance(entry, Unfit) for _, entry in found):
            raise
        yield from ((f"line {number}", entry) for number, entry in found)
        return
    for name in lists:
        inner = fields_of(document).get(name)
        if isinstance(inner, dict) and isinstance(inner.get(name), list):
            inner = inner[name]
        if isinstance(inner, list):
            document = inner
            break
    entries = document if isinstance(document, list) else [document]
    yield from ((f"entry {place}", entry) for place, entry in enumerate(entries, start=1))
