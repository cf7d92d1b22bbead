"""PubMed: what efetch answers, in XML."""

from collections.abc import Iterator
from datetime import datetime

from lxml import etree  # type: ignore[import-untyped]

from services.works.domain.record import RecordAuthor, Refused, SourceRecord
from services.works.importers.published import PublishedFields, doi_ids, keyword
from services.works.importers.reading import (
    MAX_SAID,
    Unfit,
    affiliations_of,
    email_domain_of,
    moment_from,
    moment_of,
    name_of,
    orcid_of,
    xml_events,
)
from services.works.importers.text import shortened
from services.works.importers.xml_parts import child, each, inner, tag, words

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def parse_pubmed(data: bytes) -> Iterator[SourceRecord | Refused]:
    """Each article as a record, or refused with the reason. Raises NotReadable for what is no XML."""
    place = 0
    for event, element in xml_events(data, doctype="PubmedArticleSet"):
        if event == "end" and tag(element) == "PubmedArticle":
            place += 1
            yield _read(element, place)
            element.clear()


def _read(element: etree._Element, place: int) -> SourceRecord | Refused:
    citation = child(element, "MedlineCitation")
    article, pmid = child(citation, "Article"), inner(citation, "PMID")
    kinds = [words(found).lower() for found in each(article, "PublicationType")]
    is_preprint = "preprint" in kinds
    try:
        return PublishedFields(
            source="PubMed",
            source_class="self_deposit" if is_preprint else "peer_reviewed",
            kind="preprint" if is_preprint else "article",
            identifiers=[
                f"pmid:{pmid}" if pmid.isdecimal() else "",
                *doi_ids(*(words(found) for found in each(article, "ELocationID") if found.get("EIdType") == "doi")),
            ],
            url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/",
            title=inner(article, "ArticleTitle").removesuffix("."),
            authors=[_author(found) for found in each(child(article, "AuthorList"), "Author")],
            published=_date(child(article, "ArticleDate"))
            or _date(child(article, "Journal", "JournalIssue", "PubDate")),
            abstract="\n\n".join(words(found) for found in each(article, "AbstractText")),
            topics=[keyword("mesh", words(found), found.get("UI")) for found in each(citation, "DescriptorName")][:30],
            status="retracted" if "retracted publication" in kinds else "current",
            venue=inner(article, "Journal", "Title"),
        ).record()
    except Unfit as unfit:
        return Refused(shortened(pmid or f"article {place}", MAX_SAID), str(unfit))


def _author(author: etree._Element) -> RecordAuthor:
    given, family = name_of(inner(author, "ForeName") or inner(author, "Initials")), name_of(inner(author, "LastName"))
    places = [words(found) for found in each(author, "Affiliation")][:30]
    ids = [words(found) for found in each(author, "Identifier") if found.get("Source") == "ORCID"]
    return RecordAuthor(
        name=" ".join(filter(None, (given, family, inner(author, "Suffix"))))
        or name_of(inner(author, "CollectiveName")),
        given=given or None,
        family=family or None,
        affiliations=affiliations_of(places),
        email_domain=email_domain_of(places),
        orcid=next(filter(None, map(orcid_of, ids)), None),
    )


def _date(date: etree._Element | None) -> datetime | None:
    year, month, day = (inner(date, name) for name in ("Year", "Month", "Day"))
    if month[:3].lower() in _MONTHS:
        month = str(_MONTHS.index(month[:3].lower()) + 1)
    return (
        moment_from(year, month or None, day or None) or moment_from(year) or moment_of(inner(date, "MedlineDate")[:4])
    )
