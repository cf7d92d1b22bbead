"""People: author records as profiles needs them: who there is, where they work, and their level."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from shared.events.authors import AuthorCredited, AuthorIdentified, AuthorRenamed, AuthorsMerged, AuthorUncredited
from shared.events.base import AuthorId, WorkId
from shared.events.trust import TrustChanged, VerificationLevel
from shared.messaging.envelope import Envelope
from shared.messaging.folding import Projection


class Credit(BaseModel):
    """What one work says of where its author works."""

    model_config = ConfigDict(frozen=True)

    published_on: date
    affiliations: tuple[str, ...] = ()


class Person(BaseModel):
    """One author record. Without a name it is known to trust alone so far, and there is no page of it yet."""

    model_config = ConfigDict(frozen=True)

    author_id: AuthorId
    name: str | None = None
    slug: str | None = None
    into: AuthorId | None = None
    """The record that this one was merged into: nobody follows or claims it any more."""
    level: VerificationLevel = "L0"
    credits: dict[WorkId, Credit] = {}
    works: int = 0
    """The number of credits, so that all of them can be counted without reading them."""

    @property
    def affiliations(self) -> tuple[str, ...]:
        """Every affiliation printed on a work, the newest work's first."""
        newest_first = sorted(self.credits.values(), key=lambda credit: credit.published_on, reverse=True)
        return tuple(dict.fromkeys(name for credit in newest_first for name in credit.affiliations))


def apply(person: Person | None, envelope: Envelope) -> Person | None:
    """The person after the event."""
    match envelope.event:
        case AuthorIdentified() | AuthorRenamed() as event:
            again = {"into": None} if isinstance(event, AuthorIdentified) else {}
            return _changed(person, event.author_id, name=event.name, slug=event.slug, **again)
        case AuthorsMerged() as event:
            return _changed(person, event.author_id, into=event.into)
        case AuthorCredited() as event:
            credit = Credit(published_on=event.published_on, affiliations=event.affiliations)
            credited = {**(person.credits if person else {}), event.work_id: credit}
            return _changed(
                person, event.author_id, name=event.author_name, slug=event.slug, credits=credited, works=len(credited)
            )
        case AuthorUncredited() as event:
            left = {key: one for key, one in (person.credits if person else {}).items() if key != event.work_id}
            return _changed(person, event.author_id, credits=left, works=len(left))
        case TrustChanged() as event:
            return _changed(person, event.author_id, level=event.verification_level)
        case _:
            return person


def _changed(person: Person | None, author_id: AuthorId, **change: object) -> Person:
    return (person or Person(author_id=author_id)).model_copy(update=change)


PEOPLE = Projection(
    name="profiles.people.v1",
    topics=("authors.v1", "trust.v1"),
    model=Person,
    apply=apply,
    indexes=("slug",),
)
