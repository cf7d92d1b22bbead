"""Pausing, resuming and cancelling an import."""

from typing import Literal, NamedTuple

from services.works.store.jobs import Jobs, Status
from shared.errors import Conflict, NotFound

Steering = Literal["pause", "resume", "cancel"]


class _Step(NamedTuple):
    before: tuple[Status, ...]
    after: Status


_STEPS: dict[Steering, _Step] = {
    "pause": _Step(("queued", "running"), "paused"),
    "resume": _Step(("paused",), "queued"),
    "cancel": _Step(("receiving", "queued", "running", "paused"), "cancelled"),
}


async def steer(jobs: Jobs, job_id: str, steering: Steering) -> None:
    """Steer the import; the same twice changes nothing. Raises NotFound, or Conflict for one that has ended.

    Works that it brought stay: importing them again changes nothing, and a resumed import goes on where it stopped.
    """
    step = _STEPS[steering]
    if await jobs.steer(job_id, step.after, *step.before):
        return
    job = await jobs.get(job_id)
    if job is None:
        raise NotFound("There is no such import.")
    already = job.status == step.after or (steering == "resume" and job.status in {"queued", "running"})
    if not already:
        raise Conflict(f"The import is {job.status}, and cannot be {step.after} any more.")
