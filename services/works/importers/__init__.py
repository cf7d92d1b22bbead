"""One small module per source. Each turns what the source sends into SourceRecords, or refuses with a reason.

`PARSERS` lists those that read files; a new one is added here and nowhere else.
"""

from collections.abc import Callable, Iterator

from services.works.domain.record import Refused, SourceRecord
from services.works.importers.anthologies import parse_acl, parse_mlanthology, parse_pmlr
from services.works.importers.arxiv import parse_arxiv
from services.works.importers.arxiv_abs import parse_arxiv_abs
from services.works.importers.arxiv_lines import parse_arxiv_lines
from services.works.importers.arxiv_tsv import parse_arxiv_tsv
from services.works.importers.bibtex import parse_bibtex
from services.works.importers.crossref import parse_crossref
from services.works.importers.datacite import parse_datacite
from services.works.importers.dblp import parse_dblp
from services.works.importers.europepmc import parse_europepmc
from services.works.importers.lines import parse_lines
from services.works.importers.oai import parse_oai
from services.works.importers.openaire import parse_openaire
from services.works.importers.openalex import parse_openalex
from services.works.importers.orcid import parse_orcid
from services.works.importers.pubmed import parse_pubmed
from services.works.importers.reading import NotReadable
from services.works.importers.ris import parse_ris
from services.works.importers.semanticscholar import parse_semanticscholar

Parser = Callable[[bytes], Iterator[SourceRecord | Refused]]

PARSERS: dict[str, Parser] = {
    "arxiv": parse_arxiv,
    "oai": parse_oai,
    "arxiv-lines": parse_arxiv_lines,
    "arxiv-abs": parse_arxiv_abs,
    "arxiv-tsv": parse_arxiv_tsv,
    "openalex": parse_openalex,
    "crossref": parse_crossref,
    "orcid": parse_orcid,
    "datacite": parse_datacite,
    "dblp": parse_dblp,
    "semanticscholar": parse_semanticscholar,
    "europepmc": parse_europepmc,
    "openaire": parse_openaire,
    "pubmed": parse_pubmed,
    "mlanthology": parse_mlanthology,
    "acl": parse_acl,
    "pmlr": parse_pmlr,
    "bibtex": parse_bibtex,
    "ris": parse_ris,
    "lines": parse_lines,
}
"""Each form of file by its name, as requests and `bzpeer import` say it."""

__all__ = ["PARSERS", "NotReadable", "Parser"]
