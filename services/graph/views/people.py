"""The view of people: one document per author record, with all that its slice and its collaborators need."""

from collections.abc import Sequence

from services.graph.domain.closeness import close_collaborators
from services.graph.domain.person import Close, Credit, Person
from shared.events.authors import CROWD, AuthorCredited, AuthorIdentified, AuthorRenamed, AuthorUncredited
from shared.events.base import AuthorId
from shared.events.graph import Collaborator, CollaboratorsChanged
from shared.messaging.envelope import Envelope
from shared.messaging.folding import Moment, Projection


def apply(person: Person | None, envelope: Envelope) -> Person | None:
    """The person after the event."""
    known = person or Person(author_id=AuthorId(envelope.subject))
    match envelope.event:
        case AuthorIdentified() | AuthorRenamed() as event:
            return known.model_copy(update={"slug": event.slug, "name": event.name})
        case AuthorCredited() as event:
            named = known.model_copy(update={"slug": event.slug, "name": event.author_name})
            names = _coauthor_names(event)
            return named.with_credit(event.work_id, _credit(event, tuple(names)), names)
        case AuthorUncredited() as event:
            return known.with_credit(event.work_id, None, {})
        case _:
            return person


def settle(person: Person, _: Moment) -> tuple[Person, Sequence[CollaboratorsChanged]]:
    """Derive the close collaborators; CollaboratorsChanged when the set, or the number of all, is not as before."""
    close, collaborators = close_collaborators(person)
    after = person.model_copy(update={"close": close, "collaborators": collaborators})
    same_set = {one.author_id for one in close} == {one.author_id for one in person.close}
    if same_set and collaborators == person.collaborators:
        return after, ()
    named = tuple(Collaborator(author_id=one.author_id, name=one.name, strength=one.strength) for one in close)
    return after, (CollaboratorsChanged(author_id=person.author_id, close=named, collaborators=collaborators),)


def resume(person: Person, envelope: Envelope | None) -> Person:
    """The person as CollaboratorsChanged last told of them; shares and numbers of works are for `settle` to say."""
    event = envelope.event if envelope is not None else None
    if not isinstance(event, CollaboratorsChanged):
        return person.model_copy(update={"close": (), "collaborators": 0})
    close = tuple(Close(**one.model_dump(), share=0.0, works=0) for one in event.close)
    return person.model_copy(update={"close": close, "collaborators": event.collaborators})


def _credit(event: AuthorCredited, coauthors: tuple[AuthorId, ...]) -> Credit:
    return Credit(
        title=event.title,
        year=event.year,
        published_on=event.published_on,
        source=event.source,
        status=event.status,
        position=event.position,
        byline_size=event.byline_size,
        topics=event.topics,
        coauthors=coauthors,
        affiliations=event.affiliations,
    )


def _coauthor_names(event: AuthorCredited) -> dict[AuthorId, str]:
    if event.byline_size > CROWD:
        return {}
    return {one.author_id: one.name for one in event.coauthors if one.author_id != event.author_id}


PEOPLE = Projection(
    name="graph.people.v1",
    topics=("authors.v1",),
    model=Person,
    apply=apply,
    settle=settle,
    resume=resume,
    tells=CollaboratorsChanged.topic,
)
"""One document per author record."""
