"""Titles and abstracts rendered, each wording once."""

from functools import lru_cache

from services.works.domain.model import Texts
from services.works.rendering import Rendered, render, render_paragraphs

_title = lru_cache(maxsize=4096)(render)
_abstract = lru_cache(maxsize=2048)(render_paragraphs)


def texts_of(title: str, abstract: str) -> Texts:
    """The two as given, as plain text, and as safe HTML."""
    head: Rendered = _title(title)
    body: Rendered = _abstract(abstract)
    return Texts(
        title=title,
        title_text=head.text,
        title_html=head.html,
        abstract=abstract,
        abstract_text=body.text,
        abstract_html=body.html,
    )
