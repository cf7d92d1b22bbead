"""An import as its starter sees it."""

from services.works.domain.record import Frozen, Refused
from services.works.store.catalogue import Catalogue
from services.works.store.jobs import Job, Jobs
from shared.errors import NotFound


class RefusedRecord(Frozen):
    """A record that was not taken, and why."""

    record: str
    reason: str


class ImportState(Frozen):
    """How far an import is. `pending`: records known and not decided on; a live source may bring more."""

    id: str
    source: str
    query: str | None
    status: str
    total: int
    new: int
    merged: int
    unchanged: int
    refused: tuple[RefusedRecord, ...]
    error: str | None
    pending: int


class Counts(Frozen):
    """What the service holds. `credits`: signatures, one for each name on each byline."""

    works: int
    authors: int
    credits: int


class ImportList(Frozen):
    """Imports, the newest first, each without its refused records."""

    items: tuple[ImportState, ...]


async def get_import(jobs: Jobs, job_id: str) -> ImportState:
    """The import with its refused records. Raises NotFound."""
    job = await jobs.get(job_id)
    if job is None:
        raise NotFound("There is no such import.")
    return _state(job, await jobs.refusals(job_id) if job.refused else [])


async def list_imports(jobs: Jobs, limit: int) -> ImportList:
    """The newest imports."""
    return ImportList(items=tuple(_state(job, []) for job in await jobs.latest(limit)))


def _state(job: Job, refused: list[Refused]) -> ImportState:
    return ImportState(
        id=job.id,
        source=job.source,
        query=job.query,
        status=shown_status(job),
        total=job.total,
        new=job.new,
        merged=job.merged,
        unchanged=job.unchanged,
        refused=tuple(RefusedRecord(record=each.record, reason=each.reason) for each in refused),
        error=job.error,
        pending=job.total - job.new - job.merged - job.unchanged - job.refused,
    )


def shown_status(job: Job) -> str:
    """The status in the words of the API: what is still being received is queued."""
    return "queued" if job.status == "receiving" else job.status


async def get_counts(catalogue: Catalogue, jobs: Jobs) -> Counts:
    """How much there is."""
    return Counts(
        works=await catalogue.works.estimated_document_count(),
        authors=await catalogue.authors.estimated_document_count(),
        credits=await jobs.credits(),
    )
