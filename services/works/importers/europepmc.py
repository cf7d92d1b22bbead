"""Europe PMC: replies of its search in the form `core`."""

from collections.abc import Iterator
from typing import Any

from services.works.domain.record import RecordAuthor, Refused, SourceRecord
from services.works.importers.published import PublishedFields, doi_ids, keyword
from services.works.importers.reading import (
    affiliations_of,
    each_read,
    email_domain_of,
    fields_of,
    items_of,
    json_of,
    moment_of,
    name_of,
    orcid_of,
    text_of,
)


def parse_europepmc(data: bytes) -> Iterator[SourceRecord | Refused]:
    """Each result as a record, or refused with the reason. Raises NotReadable for what is no JSON."""
    document = fields_of(json_of(data))
    results = items_of(fields_of(document.get("resultList")).get("result")) or [document]
    names = ((text_of(fields_of(each).get("id")) or f"result {n}", each) for n, each in enumerate(results, start=1))
    return each_read(names, _read)


def _read(result: dict[str, Any]) -> SourceRecord:
    key, pmid = text_of(result.get("id")), text_of(result.get("pmid"))
    kinds = [text_of(each).lower() for each in items_of(fields_of(result.get("pubTypeList")).get("pubType"))]
    is_preprint = "preprint" in kinds
    listed = items_of(fields_of(result.get("authorList")).get("author"))
    words = items_of(fields_of(result.get("keywordList")).get("keyword"))
    return PublishedFields(
        source="Europe PMC",
        source_class="self_deposit" if is_preprint else "peer_reviewed",
        kind="preprint" if is_preprint else "article",
        identifiers=[
            f"pmid:{pmid}" if pmid.isdecimal() else f"europepmc:{key}" if key else "",
            *doi_ids(text_of(result.get("doi"))),
        ],
        url=f"https://europepmc.org/article/{text_of(result.get('source'))}/{key}",
        title=text_of(result.get("title")).removesuffix("."),
        authors=[_author(fields_of(each)) for each in listed],
        published=moment_of(result.get("firstPublicationDate")) or moment_of(text_of(result.get("pubYear"))),
        abstract=text_of(result.get("abstractText")),
        topics=[keyword("europepmc", label) for each in words[:30] if (label := text_of(each))],
        status="retracted" if "retracted publication" in kinds else "current",
        venue=text_of(fields_of(fields_of(result.get("journalInfo")).get("journal")).get("title")),
    ).record()


def _author(author: dict[str, Any]) -> RecordAuthor:
    given, family = name_of(text_of(author.get("firstName"))), name_of(text_of(author.get("lastName")))
    details = items_of(fields_of(author.get("authorAffiliationDetailsList")).get("authorAffiliation"))
    places = [text_of(fields_of(each).get("affiliation")) for each in details[:30]]
    alone = text_of(author.get("collectiveName")) or text_of(author.get("fullName"))
    return RecordAuthor(
        name=" ".join(filter(None, (given, family))) or name_of(alone),
        given=given or None,
        family=family or None,
        affiliations=affiliations_of(places),
        email_domain=email_domain_of(places),
        orcid=orcid_of(text_of(fields_of(author.get("authorId")).get("value"))),
    )
