"""The events that tell of a work."""

from services.works.domain.model import Work
from shared.events.works import WorkEvent, WorkImported, WorkRetracted, WorkUpdated, WorkWithdrawn


def told_of_work(before: Work | None, after: Work, *, new: bool) -> WorkEvent:
    """What to tell of the work as it now stands. `new` is for a work that came in just now."""
    public = _public(after)
    if before is None:
        return WorkImported(**public, is_new=new)
    if after.status == "withdrawn" != before.status:
        return WorkWithdrawn(**public, is_new=False)
    if after.status == "retracted" != before.status:
        return WorkRetracted(**public, is_new=False)
    return WorkUpdated(**public, is_new=False, merged_into=after.merged_into)


def _public(work: Work) -> dict[str, object]:
    shown = ("kind", "source", "source_class", "identifiers", "year", "published_on", "topics", "byline", "status")
    return {
        "work_id": work.id,
        "title": work.texts.title,
        "title_text": work.texts.title_text,
        **{name: getattr(work, name) for name in shown},
    }
