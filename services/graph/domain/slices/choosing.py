"""Which works, people, topics and institutions stand nearest to a person. The order depends on the record alone."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from services.graph.domain.closeness import Tie, ties
from services.graph.domain.institutions import institution_id
from services.graph.domain.person import Person, recency
from services.graph.domain.slices.model import Limits
from shared.events.base import AuthorId, WorkId


@dataclass(frozen=True, slots=True)
class Ranked:
    """A topic or institution: its label, its share 0 to 1 of the person's record, and the works that name it."""

    label: str
    weight: float
    works: tuple[WorkId, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The nodes of a slice, best first, and how many there are in all."""

    works: dict[WorkId, float]
    people: dict[AuthorId, Tie]
    topics: dict[str, Ranked]
    institutions: dict[str, Ranked]
    total: dict[str, int]
    strength: float
    """Of all the person's ties."""

    def shown(self) -> dict[str, int]:
        """How many of each kind are in the slice."""
        return {
            "works": len(self.works),
            "people": len(self.people),
            "topics": len(self.topics),
            "institutions": len(self.institutions),
        }


def choose(person: Person, limits: Limits) -> Chosen:
    """The newest works, the strongest ties, the topics and institutions with the largest share.

    Works that were withdrawn or retracted come after the others. Only topics of shown works are shown, so that every
    node hangs together with the person.
    """
    newest = person.newest()
    weights = {work_id: recency(credit.published_on, newest) for work_id, credit in person.credits.items()}
    works = newest_first(person, person.credits)
    shown = {work_id: weights[work_id] for work_id in works[: limits.works]}
    topics, institutions = _topics(person, works, weights), _institutions(person, works, weights)
    near = {topic.id for work_id in shown for topic in person.credits[work_id].topics}
    tied = ties(person)
    strongest = sorted(tied, key=lambda one: (-round(tied[one].strength, 9), person.names.get(one, ""), one))
    return Chosen(
        works=shown,
        people={author_id: tied[author_id] for author_id in strongest[: limits.people]},
        topics=_best(((key, topic) for key, topic in topics.items() if key in near), limits.topics),
        institutions=_best(institutions.items(), limits.institutions),
        total={
            "works": len(person.credits),
            "people": len(tied),
            "topics": len(topics),
            "institutions": len(institutions),
        },
        strength=sum(tie.strength for tie in tied.values()),
    )


def newest_first(person: Person, works: Iterable[WorkId]) -> list[WorkId]:
    """The works, current ones first, then by date, place on the byline and id."""

    def rank(work_id: WorkId) -> tuple[bool, int, int, WorkId]:
        credit = person.credits[work_id]
        return credit.status != "current", -credit.published_on.toordinal(), credit.position, work_id

    return sorted(works, key=rank)


def _topics(person: Person, works: list[WorkId], weights: dict[WorkId, float]) -> dict[str, Ranked]:
    named = ((topic.id, topic.label, work_id) for work_id in works for topic in person.credits[work_id].topics)
    return _ranked(named, weights)


def _institutions(person: Person, works: list[WorkId], weights: dict[WorkId, float]) -> dict[str, Ranked]:
    printed = ((text, work_id) for work_id in works for text in person.credits[work_id].affiliations)
    named = ((key, text, work_id) for text, work_id in printed if (key := institution_id(text)))
    return _ranked(named, weights)


def _ranked(named: Iterable[tuple[str, str, WorkId]], weights: dict[WorkId, float]) -> dict[str, Ranked]:
    """The label is that of the first work, the newest one."""
    labels: dict[str, str] = {}
    works: dict[str, dict[WorkId, None]] = defaultdict(dict)
    for key, label, work_id in named:
        labels.setdefault(key, label)
        works[key][work_id] = None
    total = sum(weights.values()) or 1.0
    return {key: Ranked(labels[key], sum(weights[work] for work in of) / total, tuple(of)) for key, of in works.items()}


def _best(ranked: Iterable[tuple[str, Ranked]], most: int) -> dict[str, Ranked]:
    return dict(sorted(ranked, key=lambda one: (-round(one[1].weight, 9), one[1].label, one[0]))[:most])
