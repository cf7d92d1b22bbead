"""One small module per source. Each turns what the source sends into SourceRecords, or refuses with a reason.

`PARSERS` lists those that read files; a new one is added here and nowhere else.
"""

from collections.abc import Callable, Iterator

from services.works.domain.record import Refused, SourceRecord
from services.works.importers.arxiv import NotReadable, parse_arxiv

Parser = Callable[[bytes], Iterator[SourceRecord | Refused]]

PARSERS: dict[str, Parser] = {"arxiv": parse_arxiv}

__all__ = ["PARSERS", "NotReadable", "Parser"]
