"""What is known of one signature, and of all signatures of an author record together."""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from services.works.domain.names import search_words
from services.works.domain.record import Frozen
from services.works.domain.resolution.constants import STOP_TOKENS
from services.works.domain.resolution.names import Name, parse_name

MAX_NAMES = 8
MAX_COAUTHORS = 80
MAX_TOPICS = 30
MAX_TOKENS = 40
MAX_IDS = 12

Counts = tuple[tuple[str, int], ...]
"""Values with the number of signatures that have them, the most frequent first; bounded."""


class Signature(Frozen):
    """One place on one byline: the name with what the source says of the person, and what surrounds it.

    `coauthors` are the name keys of the others on the byline, `topics` the work's topic ids.
    """

    name: str
    given: str | None = None
    family: str | None = None
    orcid: str | None = None
    ids: tuple[str, ...] = ()
    email_domain: str | None = None
    affiliations: tuple[str, ...] = ()
    coauthors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    year: int
    work_id: str = ""

    @property
    def parts(self) -> Name:
        """The name taken apart."""
        return parse_name(self.name, self.given, self.family)


class Evidence(Frozen):
    """All signatures of a record summed up, in a size that does not grow with them."""

    names: tuple[tuple[str, str], ...] = ()
    """Forms of the name: given and family names, each as plain words."""
    orcids: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    tokens: Counts = ()
    """Words of affiliations that tell one institution from another."""
    coauthors: Counts = ()
    topics: Counts = ()
    first: int = 0
    last: int = 0
    works: int = 0

    @classmethod
    def of(cls, signatures: Iterable[Signature]) -> "Evidence":
        """What these signatures say together."""
        evidence = cls()
        for signature in signatures:
            evidence = evidence.with_signature(signature)
        return evidence

    def with_signature(self, signature: Signature) -> "Evidence":
        """What is known with one signature more."""
        parts = signature.parts
        form = (" ".join(parts.given), " ".join(parts.family))
        orcid = (signature.orcid,) if signature.orcid else ()
        domain = (signature.email_domain,) if signature.email_domain else ()
        return Evidence(
            names=_once((*self.names, form))[:MAX_NAMES],
            orcids=_once((*self.orcids, *orcid))[:MAX_IDS],
            ids=_once((*signature.ids, *self.ids))[:MAX_IDS],
            domains=_once((*domain, *self.domains))[:MAX_IDS],
            tokens=_add(self.tokens, tokens_of(signature.affiliations), MAX_TOKENS),
            coauthors=_add(self.coauthors, signature.coauthors, MAX_COAUTHORS),
            topics=_add(self.topics, signature.topics, MAX_TOPICS),
            first=min(self.first or signature.year, signature.year),
            last=max(self.last, signature.year),
            works=self.works + 1,
        )

    @property
    def orcid(self) -> str | None:
        """The one ORCID iD that its signatures name; None where they name none or several."""
        return self.orcids[0] if len(self.orcids) == 1 else None

    @cached_property
    def forms(self) -> tuple[Name, ...]:
        """The forms of the name, taken apart."""
        return tuple(Name(tuple(given.split()), tuple(family.split())) for given, family in self.names)

    @cached_property
    def sets(self) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        """Words of affiliations, coauthors, topics."""
        return tuple(frozenset(key for key, _ in counts) for counts in (self.tokens, self.coauthors, self.topics))  # type: ignore[return-value]


def tokens_of(affiliations: Iterable[str]) -> tuple[str, ...]:
    """The words of affiliations that tell institutions apart, each once."""
    words = (word for each in affiliations for word in search_words(each))
    return _once(word for word in words if len(word) > 2 and word not in STOP_TOKENS)


def _once(values: Iterable[str] | Iterable[tuple[str, str]]) -> tuple:  # type: ignore[type-arg]
    return tuple(dict.fromkeys(values))


def _add(counts: Counts, more: Iterable[str], limit: int) -> Counts:
    together = Counter(dict(counts))
    together.update(dict.fromkeys(more, 1))
    return tuple(together.most_common(limit))
