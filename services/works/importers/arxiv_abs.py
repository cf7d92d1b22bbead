"""arXiv's own text form of metadata: abstract files, alone or many in one, and listings without abstracts."""

import re
from collections.abc import Iterator

from services.works.domain.record import Refused, SourceRecord
from services.works.importers.arxiv_record import ArxivFields, authors_in
from services.works.importers.reading import MAX_SAID, NotReadable, Unfit, mail_date_of
from services.works.importers.text import shortened

_RULE = re.compile(r"^-{20,}$", re.MULTILINE)
_FIELD = re.compile(r"^([A-Z][A-Za-z-]{1,30})(?: \([^)\n]{1,60}\))?: ?(.*)$")


def parse_arxiv_abs(data: bytes) -> Iterator[SourceRecord | Refused]:
    """Each paper as a record, or refused with its reason. Raises NotReadable where there is none."""
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    papers = [part for part in _RULE.split(text) if "arXiv:" in part]
    if not papers:
        raise NotReadable("The file has no paper in arXiv's text form: none names itself by `arXiv:`.")
    for place, paper in enumerate(papers, start=1):
        yield _read(paper, place)


def _read(paper: str, place: int) -> SourceRecord | Refused:
    head, _, rest = paper.partition("\n\\\\\n")[2].partition("\n\\\\\n") if "\\\\" in paper else (paper, "", "")
    fields, dates = _fields(head)
    name = fields.get("arXiv", "").split(" ")[0]
    try:
        moments = [moment for date in dates if (moment := mail_date_of(date.split("(")[0].strip())) is not None]
        return ArxivFields(
            name,
            title=fields.get("Title", ""),
            abstract=rest.partition("\n\\\\")[0],
            authors=authors_in(fields.get("Authors", fields.get("Author", ""))),
            categories=fields.get("Categories", "").split(),
            published=min(moments, default=None),
            updated=max(moments, default=None),
            version=len(dates) or None,
            comments=fields.get("Comments", ""),
            journal_ref=fields.get("Journal-ref", ""),
            doi=fields.get("DOI", ""),
        ).record()
    except Unfit as unfit:
        return Refused(shortened(name or f"paper {place}", MAX_SAID), str(unfit))


def _fields(head: str) -> tuple[dict[str, str], list[str]]:
    """The fields by name, their further lines joined; and every date."""
    fields: dict[str, str] = {}
    dates: list[str] = []
    last = ""
    for line in head.split("\n"):
        found = None if line.startswith(" ") else _FIELD.match(line)
        if line.startswith("arXiv:"):
            last, fields["arXiv"] = "", line.removeprefix("arXiv:").strip()
        elif found and found[1] == "Date":
            dates.append(found[2])
            last = ""
        elif found:
            last = found[1]
            fields[last] = found[2]
        elif last:
            fields[last] += " " + line.strip()
    return fields, dates
