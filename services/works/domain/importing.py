"""What a source record changes: the decision behind every import."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from services.works.domain.composing import Composed, Telling, compose
from services.works.domain.crediting import Change, change_credits
from services.works.domain.known import Known, seen_key
from services.works.domain.matching import looks_of, match_keys
from services.works.domain.model import Author, Texts, Version, Work
from services.works.domain.record import SourceRecord
from services.works.domain.signing import Context, sign
from services.works.domain.telling import told_of_work
from shared.events.authors import AuthorIdentified
from shared.events.base import AuthorId, Event, WorkId
from shared.events.works import Byline

Outcome = Literal["new", "merged", "unchanged"]
NEW_FOR = timedelta(days=30)


class Decision(NamedTuple):
    """What came of the record, what changed, and the events that say so. `works`: the record's own first."""

    outcome: Outcome
    works: tuple[Work, ...] = ()
    authors: tuple[Author, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def work(self) -> Work | None:
        """The work that the record is part of now, None where nothing changed."""
        return self.works[0] if self.works else None


def decide_import(known: Known, record: SourceRecord, context: Context) -> Decision:
    """Decide on one record, and keep `known` up. The same content again changes nothing; an older version of a record
    is kept and changes no field; a record that shows several works to be one merges them."""
    found = known.find_works(record)
    if any(record.fingerprint in work.seen for work in found):
        return Decision("unchanged")
    if not found:
        telling = Telling(record=record, at=context.now)
        new = is_new(record.published_at, context.now)
        return bring_in(known, (telling,), (record.fingerprint,), context, new=new)
    target, *others = found
    standing = {telling.key: telling for telling in target.tellings}
    telling = Telling(record=record, at=context.now)
    before = standing.get(telling.key)
    target = _with_version(target, record, context.now)
    if before is not None and record.updated_at < before.record.updated_at:
        known.put_work(target)
        return Decision("merged", (target,))
    standing[telling.key] = telling
    new = is_new(record.published_at, context.now)
    return regroup(known, target, others, tuple(standing.values()), context, new=new)


def is_new(published_at: datetime, now: datetime) -> bool:
    """Whether a work of that date is new at its import (within 30 days), and not backfill."""
    return now - published_at <= NEW_FOR


def bring_in(
    known: Known,
    tellings: tuple[Telling, ...],
    seen: tuple[str, ...],
    context: Context,
    *,
    new: bool,
    before: Work | None = None,
    standing: Sequence[Byline] = (),
    apart: tuple[WorkId, ...] = (),
) -> Decision:
    """A work made of these tellings. `before`: the retired work that stands again by it; `standing`: signatures whose
    authors are known."""
    work_id = before.id if before else WorkId(context.new_id())
    composed = compose(tellings)
    blank = Work(
        id=work_id,
        **_fields(known, work_id, composed, tellings, context.render(composed.title, composed.abstract)),
        byline=(),
        versions=_ordered([_version(telling.record) for telling in tellings]),
        seen=seen,
        apart=apart,
        as_of=context.now,
        sequence=(before.sequence if before else 0) + 1,
        rev=(before.rev if before else 0) + 1,
    )
    signed = sign(known, standing, blank, context)
    work = blank.model_copy(update={"byline": signed.byline})
    change = change_credits(known, None, work, signed.new_authors, new=new, now=context.now)
    _keep_up(known, work, change)
    events = (told_of_work(before, work, new=new), *identified(signed.new_authors), *change.events)
    return Decision("new", (work,), change.authors, events)


def regroup(
    known: Known,
    target: Work,
    others: Sequence[Work],
    tellings: tuple[Telling, ...],
    context: Context,
    *,
    new: bool = False,
) -> Decision:
    """The work made of these tellings and of those of the others, which are merged into it."""
    before = known.works[target.id]
    every = {telling.key: telling for each in others for telling in each.tellings}
    every |= {telling.key: telling for telling in tellings}
    absorbed = [_absorbed(known, each, target.id, context.now) for each in others]
    together = tuple(every.values())
    composed = compose(together)
    after = target.model_copy(
        update={
            **_fields(known, target.id, composed, together, context.render(composed.title, composed.abstract)),
            "versions": _ordered((*target.versions, *(version for each in others for version in each.versions))),
            "seen": tuple(dict.fromkeys((*target.seen, *(mark for each in others for mark in each.seen)))),
            "sequence": before.sequence + 1,
            "rev": before.rev + 1,
            "as_of": context.now,
        }
    )
    signed = sign(known, (*before.byline, *(entry for each in others for entry in each.byline)), after, context)
    after = after.model_copy(update={"byline": signed.byline})
    change = change_credits(known, before, after, signed.new_authors, new=new, now=context.now)
    _keep_up(known, after, change)
    events = [told_of_work(before, after, new=False), *identified(signed.new_authors), *change.events]
    authors = {author.id: author for author in change.authors}
    for gone_before, gone in zip(others, absorbed, strict=True):
        taken = change_credits(known, gone_before, gone, {}, new=False, now=context.now)
        _keep_up(known, gone, taken)
        events += [told_of_work(gone_before, gone, new=False), *taken.events]
        authors |= {author.id: author for author in taken.authors}
    return Decision("merged", (after, *absorbed), tuple(authors.values()), tuple(events))


def _absorbed(known: Known, work: Work, into: WorkId, now: datetime) -> Work:
    """The work as it redirects; it keeps what was told of it, by which it can stand again."""
    gone = work.model_copy(
        update={
            **dict.fromkeys(("match_keys", "byline", "people", "seen", "versions"), ()),
            "keys": (f"merged:{work.id}",),
            "merged_into": into,
            "sequence": work.sequence + 1,
            "rev": work.rev + 1,
            "as_of": now,
        }
    )
    for key in work.keys:
        known.work_by_key.pop(key, None)
    return gone


def _fields(
    known: Known, work_id: WorkId, composed: Composed, tellings: tuple[Telling, ...], texts: Texts
) -> dict[str, object]:
    keys = tuple(key for key in composed.identifiers if known.work_by_key.get(key, work_id) == work_id)
    names = (person.name for person in composed.people)
    return {
        **{name: getattr(composed, name) for name in Composed.model_fields if name not in {"title", "abstract"}},
        "keys": keys or (seen_key(tellings[0].record),),
        "match_keys": match_keys(looks_of(composed.title, names, composed.published_on.year)),
        "texts": texts,
        "tellings": tellings,
        "merged_into": None,
    }


def _keep_up(known: Known, work: Work, change: Change) -> None:
    known.put_work(work)
    for author in change.authors:
        known.put_author(author)


def _version(record: SourceRecord) -> Version:
    return Version(source=record.source, version=record.version, updated_at=record.updated_at)


def _ordered(versions: Sequence[Version]) -> tuple[Version, ...]:
    each_once = {version.model_dump_json(): version for version in versions}
    return tuple(sorted(each_once.values(), key=lambda version: version.updated_at))


def _with_version(work: Work, record: SourceRecord, now: datetime) -> Work:
    return work.model_copy(
        update={
            "versions": _ordered((*work.versions, _version(record))),
            "seen": (*work.seen, record.fingerprint),
            "rev": work.rev + 1,
            "as_of": now,
        }
    )


def identified(authors: dict[AuthorId, Author]) -> tuple[AuthorIdentified, ...]:
    """That these records are new."""
    return tuple(AuthorIdentified(author_id=each.id, slug=each.slug, name=each.name) for each in authors.values())
