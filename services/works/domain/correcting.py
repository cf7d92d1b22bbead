"""What people decide about author records: two are one person, one is two, a name is another.

Every decision moves signatures, is told as events, and can be undone. The domain's errors say what stands in the way.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from services.works.domain.crediting import change_credits
from services.works.domain.importing import identified
from services.works.domain.known import Known
from services.works.domain.model import Author, Work
from services.works.domain.names import free_slug, name_key, search_words, slug_base, slug_stem
from services.works.domain.record import RecordAuthor
from services.works.domain.resolution.names import block_keys
from services.works.domain.signing import Context, new_author
from services.works.domain.telling import told_of_work
from shared.errors import Conflict, Invalid
from shared.events.authors import AuthorRenamed, AuthorsMerged, AuthorSplit
from shared.events.base import AuthorId, Event, SignatureId, WorkId

MAX_MOVED = 500
"""Works that one correction may move: each is an event for everybody on its byline, in one transaction."""
MAX_RENAMED = 300


class Corrected(NamedTuple):
    """What changed and the events that say so, in order."""

    works: tuple[Work, ...]
    authors: tuple[Author, ...]
    events: tuple[Event, ...]


def decide_merge(known: Known, gone: Author, into: Author, context: Context) -> Corrected:
    """Every signature of `gone` becomes one of `into`; `gone` is retired. Raises Conflict where it must not be."""
    _may_merge(known, gone, into)
    moved = _move(known, into.id, _signatures(known, gone.id), {}, context)
    retired = _changed(known.authors[gone.id], context, {"into": into.id})
    known.put_author(retired)
    told = AuthorsMerged(author_id=gone.id, into=into.id, into_slug=into.slug, into_name=into.name)
    return Corrected(moved.works, _latest(known, moved.authors, gone.id), (*moved.events, told))


def decide_split(known: Known, author: Author, works: Collection[WorkId], context: Context) -> tuple[Author, Corrected]:
    """The record's signatures on these works become a new record, which is never taken for this one again."""
    own, wanted = _signatures(known, author.id), set(works)
    if set(own.values()) <= wanted:
        raise Invalid("These are all works of the record; rename it instead.")
    part = _part_of(known, author, works, context)
    made = _split(known, author, part, {part.id: part}, works, context)
    apart = decide_apart(known.authors[author.id], known.authors[part.id], context)
    for each in apart.authors:
        known.put_author(each)
    return part, made._replace(authors=_latest(known, made.authors))


def decide_restore(known: Known, into: Author, gone: Author, works: Collection[WorkId], context: Context) -> Corrected:
    """A merge undone: the retired record stands again, with its signatures that are still the other's."""
    if set(works).isdisjoint(_signatures(known, into.id).values()):
        raise Conflict("None of its works is the other record's any more, so there is nothing to undo.")
    stands = gone.model_copy(update={"into": None})
    known.put_author(stands)
    return _split(known, into, stands, {gone.id: stands}, works, context)


def decide_rename(known: Known, author: Author, name: str, context: Context) -> Corrected:
    """The record shows this name, and everybody it shares a work with is told so; its old slug leads to the new one."""
    if not 0 < len(name) <= MAX_RENAMED or not any(map(str.isalpha, name)):
        raise Invalid(f"A name has letters, and {MAX_RENAMED} characters at most.")
    if name == author.name:
        return Corrected((), (), ())
    base = slug_base(name)
    kept = slug_stem(base) == author.slug_stem
    slug = author.slug if kept else free_slug(base, known.slugs)
    renamed = {
        "name": name,
        "key": name_key(name),
        "slug": slug,
        "slug_stem": slug_stem(base),
        "words": tuple(dict.fromkeys(search_words(name))),
        "blocks": tuple(dict.fromkeys((*author.blocks, *block_keys(name)))),
        "old_slugs": tuple(dict.fromkeys((*author.old_slugs, *(() if kept else (author.slug,))))),
    }
    after = _changed(author, context, renamed)
    known.put_author(after)
    events: list[Event] = [AuthorRenamed(author_id=author.id, slug=slug, name=name)]
    authors: list[Author] = []
    for work in _works(known, author.id):
        told = change_credits(known, work, work, {}, new=False, now=context.now, people_before={author.id: author})
        for each in told.authors:
            known.put_author(each)
        authors += told.authors
        events += told.events
    return Corrected((), _latest(known, authors, author.id), tuple(events))


def decide_apart(author: Author, other: Author, context: Context, *, apart: bool = True) -> Corrected:
    """That the two are different people, or that this is no longer said. No event tells of it."""
    authors: list[Author] = []
    for one, two in ((author, other), (other, author)):
        without = tuple(each for each in one.not_same if each != two.id)
        after = (*without, two.id) if apart else without
        if after != one.not_same:
            authors.append(one.model_copy(update={"not_same": after, "rev": one.rev + 1, "as_of": context.now}))
    return Corrected((), tuple(authors), ())


def _may_merge(known: Known, gone: Author, into: Author) -> None:
    if gone.id == into.id:
        raise Invalid("A record cannot be merged into itself.")
    if gone.into or into.into:
        raise Conflict("One of the records was merged away before; name the one that it leads to.")
    if gone.claim is not None:
        raise Conflict(f"{gone.name} is claimed: merge the other record into it, or have the claim revoked first.")
    if into.id in gone.not_same:
        raise Conflict("Somebody decided that these are two people; undo that decision first.")
    for work in known.works.values():
        if {gone.id, into.id} <= {entry.author_id for entry in work.byline}:
            raise Conflict(f"Both are on the byline of “{work.texts.title_text}”, and nobody is on a byline twice.")


def _part_of(known: Known, author: Author, works: Collection[WorkId], context: Context) -> Author:
    entries = (entry for work in map(known.works.get, works) if work for entry in work.byline)
    named = Counter(entry.name for entry in entries if entry.author_id == author.id)
    if not named:
        raise Invalid("The record is on the byline of none of these works.")
    part = new_author(RecordAuthor(name=named.most_common(1)[0][0]), known.slugs, context)
    known.history[part.id] = {}
    return part


def _split(
    known: Known,
    author: Author,
    part: Author,
    new: Mapping[AuthorId, Author],
    works: Collection[WorkId],
    context: Context,
) -> Corrected:
    signatures = {each: work for each, work in _signatures(known, author.id).items() if work in works}
    events: list[Event] = [*identified(dict(new))]
    moved = _move(known, part.id, signatures, new, context)
    known.put_author(_changed(known.authors[author.id], context, {}))
    told = AuthorSplit(
        author_id=author.id, part=part.id, part_slug=part.slug, part_name=part.name, works=tuple(signatures.values())
    )
    return Corrected(moved.works, _latest(known, moved.authors, author.id, part.id), (*events, *moved.events, told))


def _move(
    known: Known,
    target: AuthorId,
    signatures: Mapping[SignatureId, WorkId],
    new: Mapping[AuthorId, Author],
    context: Context,
) -> Corrected:
    """Give these signatures to the target. `new`: records that are told of as identified in the same breath."""
    if len(signatures) > MAX_MOVED:
        raise Conflict(f"This would move {len(signatures):,} works; {MAX_MOVED} are the most at a time.")
    works: list[Work] = []
    authors: set[AuthorId] = set()
    events: list[Event] = []
    for work_id in dict.fromkeys(signatures.values()):
        before = known.works[work_id]
        after = before.model_copy(
            update={
                "byline": tuple(
                    entry.model_copy(update={"author_id": target}) if entry.signature_id in signatures else entry
                    for entry in before.byline
                ),
                "sequence": before.sequence + 1,
                "rev": before.rev + 1,
                "as_of": context.now,
            }
        )
        change = change_credits(known, before, after, new if not works else {}, new=False, now=context.now)
        known.put_work(after)
        for author in change.authors:
            known.put_author(author)
            authors.add(author.id)
        works.append(after)
        events += [told_of_work(before, after, new=False), *change.events]
    return Corrected(tuple(works), tuple(known.authors[each] for each in sorted(authors)), tuple(events))


def _works(known: Known, author_id: AuthorId) -> list[Work]:
    on_it = [work for work in known.works.values() if any(entry.author_id == author_id for entry in work.byline)]
    if len(on_it) > MAX_MOVED:
        raise Conflict(f"This would tell of {len(on_it):,} works; {MAX_MOVED} are the most at a time.")
    return sorted(on_it, key=lambda work: work.id)


def _signatures(known: Known, author_id: AuthorId) -> dict[SignatureId, WorkId]:
    return {
        entry.signature_id: work.id
        for work in sorted(known.works.values(), key=lambda each: each.id)
        for entry in work.byline
        if entry.author_id == author_id
    }


def _changed(author: Author, context: Context, fields: Mapping[str, object]) -> Author:
    """The record with these fields and one more event."""
    counted = {"sequence": author.sequence + 1, "rev": author.rev + 1, "as_of": context.now}
    return author.model_copy(update={**fields, **counted})


def _latest(known: Known, authors: Sequence[Author], *more: AuthorId) -> tuple[Author, ...]:
    ids = dict.fromkeys((*(author.id for author in authors), *more))
    return tuple(known.authors[author_id] for author_id in ids)
