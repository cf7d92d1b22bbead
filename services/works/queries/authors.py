"""Author records as pages show them."""

from datetime import datetime

from services.works.domain.model import Author
from services.works.domain.record import Frozen
from services.works.store.catalogue import Catalogue
from shared.errors import NotFound
from shared.events.works import Topic

MAX_MERGES = 20
"""A record that was merged away is followed over so many further merges."""


class AuthorRef(Frozen):
    """An author record by id, with the slug and name it has now."""

    id: str
    slug: str
    name: str


class Counts(Frozen):
    """Figures of one author record."""

    works: int
    topics: int


class AuthorFacts(AuthorRef):
    """What the works say about their author. Topics and affiliations: those of most works first."""

    orcid: str | None = None
    affiliations: tuple[str, ...]
    counts: Counts
    topics: tuple[Topic, ...]
    as_of: datetime


async def resolve_author(catalogue: Catalogue, id_or_slug: str) -> AuthorRef:
    """The author record that the id or slug, of now or before, leads to. Raises NotFound."""
    author = await _find(catalogue, id_or_slug)
    return AuthorRef(id=author.id, slug=author.slug, name=author.name)


async def get_author(catalogue: Catalogue, author_id: str) -> AuthorFacts:
    """What is known of the author. Raises NotFound."""
    author = await _find(catalogue, author_id)
    topics = sorted(author.topics, key=lambda counted: -counted.works)
    affiliations = sorted(author.affiliations, key=lambda counted: -counted.works)
    return AuthorFacts(
        id=author.id,
        slug=author.slug,
        name=author.name,
        orcid=author.evidence.orcid,
        affiliations=tuple(counted.label for counted in affiliations),
        counts=Counts(works=author.works, topics=len(topics)),
        topics=tuple(Topic(id=counted.id, label=counted.label) for counted in topics),
        as_of=author.as_of,
    )


async def _find(catalogue: Catalogue, id_or_slug: str) -> Author:
    author = await catalogue.author(id_or_slug)
    for _ in range(MAX_MERGES):
        if author is None or author.into is None:
            break
        author = await catalogue.author(author.into)
    if author is None:
        raise NotFound("There is no such author.")
    return author
