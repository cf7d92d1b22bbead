"""A work in the graph."""

from datetime import date

from services.graph.domain.person import Frozen
from shared.events.base import AuthorId
from shared.events.works import Topic, WorkStatus


class Place(Frozen):
    """One author's place on the byline."""

    author_id: AuthorId
    position: int
    affiliations: tuple[str, ...] = ()


class Work(Frozen):
    """A work with its byline; of a crowd only the size is kept."""

    title: str
    year: int
    published_on: date
    source: str
    status: WorkStatus
    topics: tuple[Topic, ...]
    byline: tuple[Place, ...]
    byline_size: int
