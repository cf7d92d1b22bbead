"""What people decide about works: two are one, or a source record belongs to another work than it was taken for."""

from collections.abc import Collection

from services.works.domain.importing import Decision, bring_in, regroup
from services.works.domain.known import Known
from services.works.domain.model import Work
from services.works.domain.signing import Context
from shared.errors import Conflict, Invalid
from shared.events.base import SignatureId


def decide_merge_works(known: Known, gone: Work, into: Work, context: Context) -> Decision:
    """All that is told of `gone` is told of `into` from now on; its id redirects."""
    if gone.id == into.id:
        raise Invalid("A work cannot be merged into itself.")
    if gone.merged_into or into.merged_into:
        raise Conflict("One of the works was merged away before; name the one that it leads to.")
    return regroup(known, into, (gone,), into.tellings, context)


def decide_part(known: Known, work: Work, records: Collection[str], retired: Work | None, context: Context) -> Decision:
    """These source records of the work are another work, and never taken for this one again.

    `retired`: the work that they were before it was merged into this one, which stands again.
    """
    taken = tuple(telling for telling in work.tellings if telling.key in records)
    left = tuple(telling for telling in work.tellings if telling.key not in records)
    if not taken:
        raise Invalid("The work has none of these records; `records` are as GET /works/{id} names them.")
    if not left:
        raise Invalid("These are all records of the work; leave at least one.")
    standing = [entry.model_copy(update={"signature_id": SignatureId(context.new_id())}) for entry in work.byline]
    rest = regroup(known, work, (), left, context)
    part = bring_in(known, taken, work.seen, context, new=False, before=retired, standing=standing, apart=(work.id,))
    known.put_work(rest.works[0].model_copy(update={"apart": (*work.apart, part.works[0].id)}))
    changed = {author.id: author for author in (*rest.authors, *part.authors)}
    works = (known.works[work.id], *part.works)
    return Decision("merged", works, tuple(changed.values()), (*rest.events, *part.events))
