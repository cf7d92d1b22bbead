"""Invented events for the views that are measured. The same number always gives the same events.

Every id ends in the twelve digits of the document's number, so that what is made for one can be copied for another.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.graph.views.works import WORKS
from services.profiles.views.people import PEOPLE
from shared.events.authors import AuthorCredited, Coauthor
from shared.events.base import AuthorId, Event, SignatureId, WorkId
from shared.events.works import Byline, Topic, WorkImported, WorkUpdated
from shared.messaging.folding import Projection

VARIANTS = 40
"""Documents that differ in the lengths of names, titles and lists."""
_TOPICS = ("cs.LG", "stat.ML", "math.ST", "eess.SP", "physics.comp-ph")
_WORDS = ("symmetry", "learning", "invariant", "graphs", "estimation", "of", "networks", "spectral", "bounds", "sparse")
_INSTITUTIONS = ("Department of Mathematics, Example University", "Institute for Computing, Sample City", "Example Lab")


@dataclass(frozen=True)
class Workload:
    """A view and events for it. `history` gives the first events of a document; `change` one more, after which the
    document is as large as before, so that only the number of documents grows."""

    name: str
    projection: Projection[Any]
    history: Callable[[int, int], list[Event]]
    change: Callable[[int, int, int], Event]
    """Number of the document, its variant, and how many changes there were before."""
    per_document: int

    @property
    def topic(self) -> str:
        """The topic that the events go to."""
        return self.history(0, 0)[0].topic


def identified(kind: int, number: int) -> str:
    """An id in the form of a UUIDv7, of the kind and the document."""
    return f"0194e5a0-{kind:04d}-7000-8000-{number:012d}"


def _credit(number: int, variant: int, work: int, version: int) -> AuthorCredited:
    size = 2 + (variant + work) % 5
    coauthors = tuple(
        Coauthor(author_id=AuthorId(identified(100 + n, number)), name=_name(variant + n)) for n in range(size - 1)
    )
    return AuthorCredited(
        author_id=AuthorId(identified(1, number)),
        author_name=_name(variant),
        slug=f"{_name(variant).lower().replace(' ', '-')}-{number:012d}",
        work_id=WorkId(identified(10 + work, number)),
        signature_id=SignatureId(identified(200 + work, number)),
        position=1 + work % size,
        byline_size=size,
        kind="preprint",
        source="arxiv",
        source_class="moderated",
        year=2015 + work,
        published_on=date(2015 + work, 1 + variant % 12, 1 + version % 28),
        is_new=False,
        title=_title(variant + work),
        topics=_topics(variant + work),
        coauthors=coauthors,
        affiliations=_INSTITUTIONS[: (variant + work) % 3],
        identifiers=(f"arxiv:{15 + work}05.{variant:05d}",),
        version_group=identified(10 + work, number),
        kappa=0.97,
    )


def _work(kind: type[WorkImported] | type[WorkUpdated], number: int, variant: int, version: int) -> Event:
    size = 2 + variant % 5
    byline = tuple(
        Byline(
            signature_id=SignatureId(identified(200 + n, number)),
            author_id=AuthorId(identified(100 + n, number)),
            name=_name(variant + n),
            position=n + 1,
            affiliations=_INSTITUTIONS[: (variant + n) % 3],
        )
        for n in range(size)
    )
    return kind(
        work_id=WorkId(identified(1, number)),
        kind="preprint",
        source="arxiv",
        source_class="moderated",
        identifiers=(f"arxiv:2005.{variant:05d}",),
        title=_title(variant),
        title_text=_title(variant),
        year=2020,
        published_on=date(2020, 5, 1 + version % 28),
        is_new=False,
        topics=_topics(variant),
        byline=byline,
    )


def _name(variant: int) -> str:
    return " ".join((f"Given{'a' * (variant % 5)}", f"Family{'n' * (variant % 7)}"))


def _title(variant: int) -> str:
    return " ".join(_WORDS[(variant * 3 + n) % len(_WORDS)] for n in range(5 + variant % 6)).capitalize()


def _topics(variant: int) -> tuple[Topic, ...]:
    chosen = (_TOPICS[(variant + n) % len(_TOPICS)] for n in range(1 + variant % 3))
    return tuple(Topic(id=f"arxiv:{name}", label=name) for name in chosen)


_CREDITS = 10

WORKLOADS = (
    Workload(
        name="people",
        projection=PEOPLE,
        history=lambda number, variant: [_credit(number, variant, work, 0) for work in range(_CREDITS)],
        change=lambda number, variant, before: _credit(number, variant, before % _CREDITS, before + 1),
        per_document=_CREDITS,
    ),
    Workload(
        name="works",
        projection=WORKS,
        history=lambda number, variant: [_work(WorkImported, number, variant, 0)],
        change=lambda number, variant, before: _work(WorkUpdated, number, variant, before + 1),
        per_document=1,
    ),
)
