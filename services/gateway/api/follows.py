"""/api/researchers/{id}/follow: follow and unfollow."""

from fastapi import APIRouter, Depends

from services.gateway.api.common import PROBLEMS, not_stored
from services.gateway.clients.profiles import Following
from services.gateway.gateway import AuthorOf, ByWriter, Parts

router = APIRouter(tags=["Following"], responses=PROBLEMS, dependencies=[Depends(not_stored)])


@router.put("/api/researchers/{id_or_slug}/follow")
async def follow(author: AuthorOf, parts: Parts, session: ByWriter) -> Following:
    """Hear of the researcher's new works. Following twice changes nothing."""
    return await parts.upstreams.profiles.set_following(author.id, session.account_id, following=True)


@router.delete("/api/researchers/{id_or_slug}/follow")
async def unfollow(author: AuthorOf, parts: Parts, session: ByWriter) -> Following:
    """Hear no more of the researcher. Doing it twice changes nothing."""
    return await parts.upstreams.profiles.set_following(author.id, session.account_id, following=False)
