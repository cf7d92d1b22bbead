"""graph.v1: what the research graph derives about an author record. Owner: graph. Subject: the author record."""

from typing import ClassVar

from shared.events.base import AuthorId, Event, Value


class Collaborator(Value):
    """A coauthor with the strength of the tie: sum over common works of 2^(-age/3y)/(n-1)."""

    author_id: AuthorId
    name: str
    strength: float


class CollaboratorsChanged(Event):
    """The close collaborators of a record, strongest first, and the number of all its coauthors."""

    topic: ClassVar[str] = "graph.v1"

    author_id: AuthorId
    close: tuple[Collaborator, ...]
    collaborators: int

    @property
    def subject(self) -> str:
        return self.author_id
