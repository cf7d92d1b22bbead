"""Tables of arXiv's metadata: tab-separated, with a head that names at least the columns in NEEDED."""

import csv
import re
from collections.abc import Iterator
from io import StringIO

from services.works.domain.record import Refused, SourceRecord
from services.works.importers.arxiv_record import ArxivFields, authors_in
from services.works.importers.reading import MAX_ABSTRACT, MAX_SAID, NotReadable, Unfit, moment_of
from services.works.importers.text import shortened

NEEDED = ("arxiv_id", "title", "author_text", "categories", "created")
_NUMBER = re.compile(r"(\d{3,4})\.(\d{1,20})")
_FIVE_DIGITS_FROM = 1501
MOST_DIGITS = 5


def parse_arxiv_tsv(data: bytes) -> Iterator[SourceRecord | Refused]:
    """Each row as a record, or refused with its reason, in the file's order. Raises NotReadable for another table."""
    csv.field_size_limit(4 * MAX_ABSTRACT)
    rows = csv.DictReader(StringIO(data.decode("utf-8", "replace")), delimiter="\t", restkey="", restval="")
    try:
        missing = [name for name in NEEDED if name not in (rows.fieldnames or ())]
        if missing:
            raise NotReadable(f"The first line does not name the columns {', '.join(missing)}.")
        for row in rows:
            yield _read(row, rows.line_num)
    except csv.Error as error:
        raise NotReadable(f"The table cannot be read after line {rows.line_num}: {error}.") from error


def _read(row: dict[str, str], line: int) -> SourceRecord | Refused:
    try:
        return ArxivFields(
            _whole(row["arxiv_id"].strip()),
            title=row["title"],
            abstract=row.get("abstract") or "",
            authors=authors_in(row["author_text"]),
            categories=[each.strip() for each in row["categories"].split(",") if each.strip()],
            published=moment_of(row["created"]),
            updated=moment_of(row.get("updated") or ""),
            comments=row.get("comments") or "",
            doi=row.get("doi") or "",
        ).record()
    except Unfit as unfit:
        return Refused(shortened(row["arxiv_id"].strip() or f"line {line}", MAX_SAID), str(unfit))


def _whole(name: str) -> str:
    """The identifier before it was taken for a number: 807.175 was 0807.1750, 1912.1307600000002 was 1912.13076."""
    number = _NUMBER.fullmatch(name)
    if number is None:
        return name
    month, digits = number[1].zfill(4), number[2]
    if len(digits) > MOST_DIGITS:
        digits = f"{round(float(f'0.{digits}'), MOST_DIGITS):.5f}"[2:]
    return f"{month}.{digits.ljust(5 if int(month) >= _FIVE_DIGITS_FROM else 4, '0')}"
