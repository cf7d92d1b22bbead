"""Records, texts and known state for tests of the works domain."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count

from services.works.domain.importing import Decision, decide_import
from services.works.domain.known import Known
from services.works.domain.model import credits_of
from services.works.domain.record import RecordAuthor, SourceRecord
from services.works.domain.resolution.resolving import resolve_byline
from services.works.domain.signing import Context
from services.works.importers.arxiv_categories import topics_of
from services.works.texts import texts_of
from shared.events.authors import AuthorCredited

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def arbitrary_record(
    arxiv_id: str = "2401.01869",
    *,
    authors: Sequence[str] = ("Ada Example", "Bela Example"),
    title: str = "On examples",
    version: int = 1,
    updated: datetime = datetime(2024, 1, 3, tzinfo=UTC),
    published: datetime = datetime(2024, 1, 3, tzinfo=UTC),
    categories: Sequence[str] = ("cs.LG",),
    doi: str | None = None,
    affiliations: Sequence[str] = (),
) -> SourceRecord:
    """A record of an invented preprint."""
    return SourceRecord(
        source="arXiv",
        source_class="moderated",
        source_url=f"https://arxiv.org/abs/{arxiv_id}",
        kind="preprint",
        identifiers=(f"arxiv:{arxiv_id}", *([f"doi:{doi}"] if doi else [])),
        version=version,
        published_at=published,
        updated_at=updated,
        title=title,
        abstract="We study examples.",
        authors=tuple(RecordAuthor(name=name, affiliations=tuple(affiliations)) for name in authors),
        topics=topics_of(list(categories)),
    )


class Library:
    """Records decided on one after the other, with everything known of all of them."""

    def __init__(self, now: datetime = NOW) -> None:
        self.known = Known()
        self.decisions: list[Decision] = []
        self._ids = count(1)
        self._now = now

    def take(self, record: SourceRecord, now: datetime | None = None) -> Decision:
        """Decide on the record and remember what came of it."""
        for work in self.known.works.values():
            for author_id, credit in credits_of(work).items():
                self.known.history.setdefault(author_id, {})[work.id] = credit
        context = Context(resolve_byline, texts_of, lambda: f"id-{next(self._ids):05d}", now or self._now)
        decision = decide_import(self.known, record, context)
        self.decisions.append(decision)
        return decision

    def author(self, name: str) -> str:
        """The id of the only author of that name."""
        return next(author.id for author in self.known.authors.values() if author.name == name)


def credits_in(decision: Decision) -> dict[str, AuthorCredited]:
    """The decision's credits by the author's name."""
    return {event.author_name: event for event in decision.events if isinstance(event, AuthorCredited)}


def names_of(decision: Decision) -> list[str]:
    """The types of the decision's events, in order."""
    return [type(event).__name__ for event in decision.events]
