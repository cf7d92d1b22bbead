"""BibTeX files: each entry on its own, so that a broken one is refused and the others go on."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from itertools import pairwise

from pybtex.database import Person
from pybtex.database.input.bibtex import LowLevelParser
from pybtex.errors import set_strict_mode
from pybtex.exceptions import PybtexError

from services.works.domain.record import RecordAuthor, Refused, SourceRecord
from services.works.importers.published import PublishedFields, arxiv_ids, doi_ids, keyword, kind_of, page_url
from services.works.importers.reading import (
    MAX_SAID,
    NotReadable,
    Unfit,
    moment_from,
    name_of,
    orcid_of,
)
from services.works.importers.text import one_line, shortened
from services.works.rendering import render
from shared.events.works import WorkKind

KINDS: Mapping[str, WorkKind] = {
    "article": "article", "inproceedings": "conference_paper", "conference": "conference_paper",
    "incollection": "chapter", "inbook": "chapter", "book": "book", "phdthesis": "thesis", "mastersthesis": "thesis",
    "thesis": "thesis", "techreport": "report", "report": "report", "unpublished": "preprint", "preprint": "preprint",
    "dataset": "dataset", "software": "software",
}  # fmt: skip


class _Macros(dict[str, str]):
    """The file's abbreviations; one that it does not define stands for itself, as `Aug` for August."""

    def __missing__(self, name: str) -> str:
        return name


MAX_ENTRY = 200_000
"""Characters of one entry."""
MAX_ENTRIES = 60_000
_START = re.compile(r"^[ \t]*@", re.MULTILINE)
_NO_ENTRY = re.compile(r"@\s*(?:comment|preamble|string)\b", re.IGNORECASE)
_STRING = re.compile(r"@\s*string\b", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
set_strict_mode(False)


def parse_bibtex(data: bytes) -> Iterator[SourceRecord | Refused]:
    """Each entry as a record, or refused with the reason. Raises NotReadable where there is no entry."""
    text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    starts = [found.start() for found in _START.finditer(text)][: MAX_ENTRIES + 1]
    if len(starts) > MAX_ENTRIES:
        raise NotReadable(f"The file has more than {MAX_ENTRIES:,} entries; split it and import the parts.")
    parts = [text[start:end].strip() for start, end in pairwise([*starts, len(text)])]
    macros = "\n".join(part for part in parts if _STRING.match(part) and len(part) < MAX_SAID)[:MAX_ENTRY]
    entries = [part for part in parts if not _NO_ENTRY.match(part)]
    if not entries:
        raise NotReadable("The file has no BibTeX entry: none begins with @ and a type.")
    for place, entry in enumerate(entries, start=1):
        yield _read(entry, macros, place)


def _read(entry: str, macros: str, place: int) -> SourceRecord | Refused:
    named = shortened(one_line(entry.partition(",")[0].partition("{")[2]) or f"entry {place}", MAX_SAID)
    if len(entry) > MAX_ENTRY:
        return Refused(named, f"the entry is longer than {MAX_ENTRY:,} characters")
    try:
        kind, key, fields = _fields(entry, macros)
        return _record(kind, key, fields)
    except Unfit as unfit:
        return Refused(named, str(unfit))
    except (PybtexError, RecursionError) as error:
        return Refused(named, f"it is not well-formed BibTeX: {shortened(one_line(str(error)), MAX_SAID)}")


def _fields(entry: str, macros: str) -> tuple[str, str, dict[str, str]]:
    for command, body in LowLevelParser(f"{macros}\n{entry}", macros=_Macros()):
        if command.lower() not in {"string", "comment", "preamble"}:
            key, listed = body
            fields: dict[str, str] = {}
            for name, values in listed:
                fields.setdefault(name.lower(), "".join(map(str, values)))
            return command.lower(), key or "", fields
    raise Unfit("it is not well-formed BibTeX: it does not end")


def _record(kind: str, key: str, fields: Mapping[str, str]) -> SourceRecord:
    def get(name: str) -> str:
        return one_line(fields.get(name, ""))

    content = "|".join(map(get, ("title", "author", "year")))
    eprint = arxiv_ids(get("eprint")) if get("archiveprefix").lower() in {"", "arxiv"} else []
    ids = [*doi_ids(get("doi")), *(eprint or arxiv_ids(get("url"))), *_named("pmid", get("pmid"))]
    venue = get("journal") or get("journaltitle") or get("booktitle") or get("school") or get("publisher")
    found = kind_of(KINDS, kind)
    return PublishedFields(
        source="BibTeX",
        source_class="self_import",
        kind="preprint" if "arxiv" in venue.lower() or (found == "other" and eprint) else found,
        identifiers=ids or [f"bibtex:{sha256(content.encode()).hexdigest()[:24]}"],
        url=page_url(get("url"), f"https://doi.org/{get('doi')}" if doi_ids(get("doi")) else ""),
        title=_text(get("title")),
        authors=[_author(name) for name in _people(get("author"))],
        published=_date(get("date") or get("year"), get("month")),
        abstract=_text(fields.get("abstract", "")),
        topics=[keyword("bibtex", label) for label in re.split(r"[;,]", _text(get("keywords")))[:30] if label.strip()],
        venue=_text(venue),
        comments=_text(get("note")),
    ).record()


def _named(scheme: str, number: str) -> list[str]:
    return [f"{scheme}:{number}"] if number.isdecimal() else []


def _text(text: str) -> str:
    """Without the braces that only keep capitals; LaTeX stays as it is given."""
    return re.sub(r"(?<!\\)[{}]", "", text) if "$" not in text and "\\" not in text else text


def _people(text: str) -> list[str]:
    return [part for part in re.split(r"\s+and\s+", text, flags=re.IGNORECASE) if part.strip()]


def _author(written: str) -> RecordAuthor:
    """The name as BibTeX reads it; in braces it is one name, of a group."""
    if written.startswith("{") and written.endswith("}"):
        return RecordAuthor(name=name_of(render(written.strip("{}")).text))
    plain = name_of(written).replace("{", "").replace("}", "")
    if len(plain) > MAX_SAID:
        raise Unfit("the name of an author is too long; authors are parted by “and”")
    person = Person(plain)
    given = " ".join((*person.first_names, *person.middle_names))
    family = " ".join((*person.prelast_names, *person.last_names))
    name = " ".join(filter(None, (given, family, " ".join(person.lineage_names))))
    return RecordAuthor(name=name, given=given or None, family=family or None, orcid=orcid_of(written))


def _date(year: str, month: str) -> datetime | None:
    number = _MONTHS.index(month[:3].lower()) + 1 if month[:3].lower() in _MONTHS else month
    parts = re.findall(r"\d+", year)[:3]
    if not parts:
        return None
    if len(parts) > 1:
        return moment_from(*parts)
    return moment_from(parts[0], number or None) or moment_from(parts[0])
