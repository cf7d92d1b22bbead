"""Routes by which reviewers correct author records and works. The principal must be a reviewer."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.works.domain.record import Frozen
from services.works.store.corrections import Correction, Corrections
from services.works.usecases.commands import Command
from services.works.usecases.correct import Correct, Outcome
from shared.auth import Caller
from shared.errors import Forbidden


class CorrectionList(Frozen):
    """Corrections, the newest first."""

    items: tuple[Correction, ...]


def _reviewer(principal: Caller) -> str:
    if not principal.reviewer:
        raise Forbidden("Only reviewers correct records.")
    return principal.account_id or principal.caller


Reviewer = Annotated[str, Depends(_reviewer)]


def corrections_router(correct: Correct, corrections: Corrections) -> APIRouter:
    """Make a correction, list those about a record or work, undo one. `preview` shows what would change."""
    router = APIRouter(prefix="/corrections")

    @router.post("")
    async def make(command: Command, by: Reviewer, *, preview: bool = False) -> Outcome:
        return await correct(command, by, preview=preview)

    @router.get("")
    async def about(subject: str, _: Reviewer, limit: Annotated[int, Query(ge=1, le=100)] = 50) -> CorrectionList:
        return CorrectionList(items=tuple(await corrections.about(subject, limit)))

    @router.post("/{correction_id}/undo")
    async def undo(correction_id: str, _: Reviewer, *, preview: bool = False) -> Outcome:
        return await correct.undo(correction_id, preview=preview)

    return router
