"""/api/researchers/{id}/claims and /api/claims: take over one's own record."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from services.gateway.api.common import PROBLEMS, not_stored
from services.gateway.clients.base import Model
from services.gateway.clients.profiles import Claim
from services.gateway.gateway import AuthorOf, ByAccount, ByWriter, Parts

router = APIRouter(tags=["Claims"], responses=PROBLEMS, dependencies=[Depends(not_stored)])


class ClaimRequest(Model):
    """What supports the claim: classes of evidence, and a note for the reviewer alone."""

    evidence: tuple[Annotated[str, Field(max_length=100)], ...] = Field((), max_length=10)
    note: str = Field("", max_length=2000)


@router.post("/api/researchers/{id_or_slug}/claims", status_code=201)
async def open_claim(author: AuthorOf, body: ClaimRequest, parts: Parts, session: ByWriter) -> Claim:
    """Say that this record is one's own. A reviewer decides; opening it twice changes nothing."""
    return await parts.upstreams.profiles.open_claim(author.id, session.account_id, body.evidence, body.note)


@router.get("/api/claims/{claim_id}")
async def get_claim(claim_id: str, parts: Parts, session: ByAccount) -> Claim:
    """A claim and its log, for its parties."""
    return await parts.upstreams.profiles.claim(claim_id, session.account_id)
