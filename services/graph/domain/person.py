"""A person in the graph: the works they are credited with, and with whom."""

from datetime import date
from itertools import chain

from pydantic import BaseModel, ConfigDict, Field

from shared.events.base import AuthorId, WorkId
from shared.events.works import Topic, WorkStatus

HALF_LIFE_DAYS = 3 * 365.25
"""What a work says of a person halves in three years."""


class Frozen(BaseModel):
    """A value that never changes."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Credit(Frozen):
    """A place on a byline. `position` counts from 1; `coauthors` are empty when the byline is a crowd."""

    title: str
    year: int
    published_on: date
    source: str
    status: WorkStatus
    position: int
    byline_size: int
    topics: tuple[Topic, ...] = ()
    coauthors: tuple[AuthorId, ...] = ()
    affiliations: tuple[str, ...] = ()


class Close(Frozen):
    """A close collaborator: strength of the tie, its share of all the person's ties, and works in common."""

    author_id: AuthorId
    name: str
    strength: float
    share: float
    works: int


class Person(Frozen):
    """An author record with its credits by work. `close` and `collaborators` are derived from them."""

    author_id: AuthorId
    slug: str = ""
    name: str = ""
    credits: dict[WorkId, Credit] = Field(default_factory=dict)
    names: dict[AuthorId, str] = Field(default_factory=dict)
    """Names of the coauthors in `credits`, each as printed last."""
    close: tuple[Close, ...] = ()
    collaborators: int = 0
    works: int = 0
    """How many credits there are."""

    def newest(self) -> date:
        """When the newest work was published; long ago for a person without works."""
        return max((credit.published_on for credit in self.credits.values()), default=date.min)

    def with_credit(self, work_id: WorkId, credit: Credit | None, names: dict[AuthorId, str]) -> "Person":
        """The person with this credit for the work in place of the one before; None takes it away."""
        before = self.credits.get(work_id)
        after = {**self.credits, work_id: credit} if credit else _without(self.credits, work_id)
        known = {**self.names, **names}
        lost = set(before.coauthors if before else ()).difference(credit.coauthors if credit else ())
        if lost:
            lost.difference_update(chain.from_iterable(one.coauthors for one in after.values()))
            known = {author: name for author, name in known.items() if author not in lost}
        return self.model_copy(update={"credits": after, "works": len(after), "names": known})


def _without(credited: dict[WorkId, Credit], work_id: WorkId) -> dict[WorkId, Credit]:
    return {work: credit for work, credit in credited.items() if work != work_id}


def recency(published_on: date, newest: date) -> float:
    """2^(-age/3y), the age taken from the person's newest work, so that time alone changes no proportion."""
    return float(2.0 ** (-(newest - published_on).days / HALF_LIFE_DAYS))
