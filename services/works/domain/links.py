"""How the works of one author record hang together, and how sure that makes us that it is one person (kappa)."""

from collections.abc import Iterable

from services.works.domain.record import Frozen

IDENTITY_COAUTHORS = 50
"""So many of a byline's first names are looked at: enough to recognise a collaboration, and bounded."""

ONE_WORK = 0.99
BY_COAUTHORS_AND_TOPICS = 0.9
BY_COAUTHORS = 0.8
BY_TOPICS = 0.5
NOT_LINKED = 0.2


class Groups(Frozen):
    """Works gathered into groups that share a member with each other; of each group only its members are kept.

    `loose` counts the works that have no member at all and so can never be linked.
    """

    groups: tuple[tuple[str, ...], ...] = ()
    loose: int = 0

    def add(self, members: Iterable[str]) -> "Groups":
        """One more work with these members: joins the groups it touches."""
        new = dict.fromkeys(members)
        if not new:
            return Groups(groups=self.groups, loose=self.loose + 1)
        apart = []
        for group in self.groups:
            if new.keys().isdisjoint(group):
                apart.append(group)
            else:
                new.update(dict.fromkeys(group))
        return Groups(groups=(*apart, tuple(new)), loose=self.loose)

    @property
    def is_one(self) -> bool:
        """Whether all works are linked with each other."""
        return self.loose + len(self.groups) <= 1


class Links(Frozen):
    """The works of a record, grouped by shared coauthors, by shared topics, and by either."""

    works: int = 0
    by_coauthor: Groups = Groups()
    by_topic: Groups = Groups()
    by_either: Groups = Groups()

    def add(self, coauthors: Iterable[str], topics: Iterable[str]) -> "Links":
        """One more work of the record."""
        people, terms = tuple(coauthors), tuple(topics)
        return Links(
            works=self.works + 1,
            by_coauthor=self.by_coauthor.add(people),
            by_topic=self.by_topic.add(terms),
            by_either=self.by_either.add((*people, *terms)),
        )

    def kappa(self) -> float:
        """The chance, 0 to 1, that the record is one person; the defaults of the trust model, version 1."""
        if self.works <= 1:
            return ONE_WORK
        if self.by_coauthor.is_one:
            return BY_COAUTHORS_AND_TOPICS if self.by_topic.is_one else BY_COAUTHORS
        return BY_TOPICS if self.by_either.is_one else NOT_LINKED
