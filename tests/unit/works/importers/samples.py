"""A small made-up file of each form, as its source writes it."""

import json

_WORK = {"title": "On examples", "year": 2020}


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


_ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"><entry>
<id>http://arxiv.org/abs/2001.00001v2</id><published>2020-01-01T00:00:00Z</published><updated>2020-02-01T00:00:00Z</updated>
<title>On examples</title><summary>We study $x$.</summary><author><name>Ada Example</name></author>
<arxiv:primary_category term="cs.LG"/></entry></feed>"""
_OAI = b"""<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record><header>
<identifier>oai:arXiv.org:2001.00001</identifier></header><metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/">
<id>2001.00001</id><created>2020-01-01</created><updated>2020-02-01</updated><authors><author><keyname>Example</keyname>
<forenames>Ada</forenames><suffix>Jr</suffix><affiliation>U</affiliation></author></authors><title>On examples</title>
<categories>cs.LG math.ST</categories><abstract> We study. </abstract></arXiv></metadata></record>
<resumptionToken>1|2</resumptionToken></ListRecords></OAI-PMH>"""
_ABS = b"""------------------------------------------------------------------------------
\\\\
arXiv:2001.00001
From: Ada Example
Date: Wed, 1 Jan 2020 19:18:42 GMT   (443kb)

Title: On examples
  of all kinds
Authors: Ada Example (1), Bela Example and Cleo Else ((1) U)
Categories: cs.LG
\\\\
  We study.
\\\\
"""
_TSV = (
    b"\tabstract\tarxiv_id\tauthor_text\tcategories\tcreated\ttitle\tupdated\n"
    b"0\tWe study.\t807.175\tAda Example\tcs.LG\t2008-07-10\tOn examples\t\n"
)
_CROSSREF = {
    "status": "ok",
    "message": {
        "DOI": "10.1000/X",
        "type": "journal-article",
        "title": ["On examples"],
        "subtitle": ["A study"],
        "author": [{"given": "Ada", "family": "Example", "ORCID": "http://orcid.org/0000-0002-1825-0097"}],
        "issued": {"date-parts": [[2020, 5]]},
        "container-title": ["Journal"],
        "abstract": "<jats:p>We <jats:italic>study</jats:italic>.</jats:p>",
        "reference": [{"DOI": "10.1000/y"}],
        "updated-by": [{"type": "retraction"}],
    },
}
_OPENALEX = {
    "id": "https://openalex.org/W1",
    "doi": "https://doi.org/10.1000/x",
    "title": "On examples",
    "publication_date": "2020-05-01",
    "type": "article",
    "authorships": [
        {
            "author": {"id": "https://openalex.org/A1", "display_name": "Ada Example", "orcid": None},
            "institutions": [{"display_name": "U"}],
            "raw_affiliation_strings": ["U, ada@example.org"],
        }
    ],
    "abstract_inverted_index": {"We": [0], "study.": [1]},
    "topics": [{"id": "https://openalex.org/T1", "display_name": "Examples", "score": 0.9}],
    "referenced_works": ["https://openalex.org/W2"],
    "primary_location": {"source": {"type": "journal", "display_name": "Journal"}},
}
_ORCID = {
    "path": "/0000-0002-1825-0097/work/7",
    "put-code": 7,
    "title": {"title": {"value": "On examples"}},
    "type": "journal-article",
    "publication-date": {"year": {"value": "2020"}},
    "external-ids": {"external-id": [{"external-id-type": "doi", "external-id-value": "10.1000/x"}]},
    "contributors": {"contributor": [{"credit-name": {"value": "Ada Example"}}]},
}
_DATACITE = {
    "data": {
        "id": "10.1000/d",
        "attributes": {
            "doi": "10.1000/d",
            "titles": [{"title": "On examples"}],
            "creators": [{"name": "Example, Ada", "affiliation": ["U"]}],
            "publicationYear": 2020,
            "types": {"resourceTypeGeneral": "Dataset"},
        },
    }
}
_DBLP = b"""<?xml version="1.0"?><!DOCTYPE dblp SYSTEM "dblp.dtd"><dblp><article key="journals/x/Example20">
<author orcid="0000-0002-1825-0097">Ada Sch&ouml;n 0001</author><title>On examples.</title><year>2020</year>
<journal>X</journal><ee>https://doi.org/10.1000/x</ee></article></dblp>"""
_S2 = {
    "paperId": "abc",
    "title": "On examples",
    "year": 2020,
    "authors": [{"authorId": "1", "name": "Ada Example"}],
    "externalIds": {"DOI": "10.1000/x", "ArXiv": "2001.00001", "PubMed": "12"},
    "publicationTypes": ["JournalArticle"],
}
_EUROPEPMC = {
    "resultList": {
        "result": [
            {
                "id": "1",
                "source": "MED",
                "pmid": "1",
                "title": "On examples.",
                "authorList": {"author": [{"firstName": "Ada", "lastName": "Example"}]},
                "firstPublicationDate": "2020-01-02",
            }
        ]
    }
}
_OPENAIRE = {
    "results": [
        {
            "id": "r1",
            "mainTitle": "On examples",
            "authors": [{"fullName": "Example, Ada"}],
            "publicationDate": "2020-01-01",
            "instances": [{"type": "Article", "urls": ["https://example.org/1"]}],
            "pids": [{"scheme": "doi", "value": "10.1000/x"}],
        }
    ]
}
_PUBMED = b"""<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>12</PMID><Article><Journal><JournalIssue><PubDate>
<Year>2020</Year><Month>Mar</Month></PubDate></JournalIssue><Title>J</Title></Journal>
<ArticleTitle>On examples.</ArticleTitle>
<AuthorList><Author><LastName>Example</LastName><ForeName>Ada</ForeName></Author></AuthorList></Article></MedlineCitation>
</PubmedArticle></PubmedArticleSet>"""
_BIBTEX = rb"""@string{j = "Journal"}
@article{ex, title={On {Examples}}, author={Example, Ada and G{\"o}del, Kurt}, journal=j, year=2020, month=aug,
doi={10.1000/x}}
"""
_RIS = b"TY  - JOUR\nTI  - On examples\nAU  - Example, Ada\nPY  - 2020/03/05/\nDO  - 10.1000/x\nER  - \n"
_PMLR = b"""---
title: On examples
id: example20a
volume: '1'
author:
- given: Ada
  family: Example
date: 2020-06-28
booktitle: Proceedings
---
"""
SAMPLES: dict[str, bytes] = {
    "arxiv": _ATOM,
    "oai": _OAI,
    "arxiv-lines": _json(
        {
            "id": "2001.00001",
            "title": "On examples",
            "abstract": "We study.",
            "authors": "Ada Example",
            "authors_parsed": [["Example", "Ada", ""]],
            "categories": "cs.LG",
            "versions": [{"version": "v1", "created": "Wed, 1 Jan 2020 19:18:42 GMT"}],
        }
    ),
    "arxiv-abs": _ABS,
    "arxiv-tsv": _TSV,
    "openalex": _json(_OPENALEX),
    "crossref": _json(_CROSSREF),
    "orcid": _json(_ORCID),
    "datacite": _json(_DATACITE),
    "dblp": _DBLP,
    "semanticscholar": _json(_S2),
    "europepmc": _json(_EUROPEPMC),
    "openaire": _json(_OPENAIRE),
    "pubmed": _PUBMED,
    "mlanthology": _json(
        {"papers": [{**_WORK, "bibtex_key": "ex", "authors": [{"given": "Ada", "family": "Example"}]}]}
    ),
    "acl": _json({**_WORK, "id": "P20-1001", "authors": [{"first": "Ada", "last": "Example", "id": "ada-example"}]}),
    "pmlr": _PMLR,
    "bibtex": _BIBTEX,
    "ris": _RIS,
    "lines": _json({**_WORK, "authors": ["Ada Example"], "doi": "10.1000/x", "topics": ["examples"]}),
}
