"""Which credits a work gives and takes: the events of its authors, and their records afterwards."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from services.works.domain.known import Known
from services.works.domain.model import Author, Credit, Work, credits_of
from shared.events.authors import CROWD, AuthorCredited, AuthorEvent, AuthorUncredited, Coauthor
from shared.events.base import AuthorId
from shared.events.works import Byline


class Change(NamedTuple):
    """The author records that changed, and the events that say so, in the byline's order."""

    authors: tuple[Author, ...]
    events: tuple[AuthorEvent, ...]


def change_credits(
    known: Known,
    before: Work | None,
    after: Work,
    new_authors: Mapping[AuthorId, Author],
    *,
    new: bool,
    now: datetime,
    people_before: Mapping[AuthorId, Author] = MappingProxyType({}),
) -> Change:
    """Credit everybody on the byline for whom something changed, uncredit who is no longer on it.

    `new`: whether the work is new to those who are on the byline for the first time. `people_before`: the records that
    had another name when this was last told.
    """
    old_credits, new_credits = credits_of(before) if before else {}, credits_of(after)
    people = {**known.authors, **new_authors}
    told = _told(before, {**people, **people_before}) if before else {}
    changed: dict[AuthorId, Author] = {}
    events: list[AuthorEvent] = []
    for author_id, what in _told(after, people).items():
        if told.get(author_id) == what:
            continue
        author = _recounted(known, people[author_id], old_credits.get(author_id), new_credits[author_id])
        changed[author_id] = _touched(author, now, events=2 if author_id in new_authors else 1)
        first = author_id not in old_credits
        events.append(AuthorCredited(**what, is_new=new and first, kappa=author.links.kappa()))
    for author_id in sorted(old_credits.keys() - new_credits.keys()):
        author = _recounted(known, people[author_id], old_credits[author_id], None)
        changed[author_id] = _touched(author, now, events=1)
        events.append(AuthorUncredited(author_id=author_id, work_id=after.id, kappa=author.links.kappa()))
    return Change(tuple(changed.values()), tuple(events))


def _recounted(known: Known, author: Author, before: Credit | None, after: Credit | None) -> Author:
    if before == after:
        return author
    if before is None and after is not None:
        return author.with_credit(after)
    history = dict(known.history[author.id])
    history.pop((before or after).work_id, None)  # type: ignore[union-attr]
    if after is not None:
        history[after.work_id] = after
    return author.with_credits(list(history.values()))


def _touched(author: Author, now: datetime, *, events: int) -> Author:
    return author.model_copy(update={"sequence": author.sequence + events, "rev": author.rev + 1, "as_of": now})


def _told(work: Work, people: Mapping[AuthorId, Author]) -> dict[AuthorId, dict[str, object]]:
    """What a credit tells of each author of the work, but for what depends on the moment."""
    all_of_them = [Coauthor(author_id=entry.author_id, name=people[entry.author_id].name) for entry in work.byline]
    named = all_of_them if len(all_of_them) <= CROWD else []
    shared = {
        "work_id": work.id,
        "byline_size": len(work.byline),
        "title": work.texts.title_text,
        "version_group": work.id,
        **{
            name: getattr(work, name)
            for name in ("kind", "source", "source_class", "year", "published_on", "topics", "identifiers", "status")
        },
    }
    return {entry.author_id: {**shared, **_of_one(entry, people[entry.author_id], named)} for entry in work.byline}


def _of_one(entry: Byline, author: Author, named: list[Coauthor]) -> dict[str, object]:
    place = entry.position - 1
    return {
        "author_id": author.id,
        "author_name": author.name,
        "slug": author.slug,
        "signature_id": entry.signature_id,
        "position": entry.position,
        "affiliations": entry.affiliations,
        "coauthors": (*named[:place], *named[place + 1 :]),
    }
