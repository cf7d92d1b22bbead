"""Health of a service process: alive, ready, and its metrics."""

from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pymongo.errors import PyMongoError

from shared.mongo import Mongo

if TYPE_CHECKING:
    from shared.service import Running


def health_router(mongo: Mongo | None, running: "Running") -> APIRouter:
    """Open to all: `/healthz`, restart me when not 200, `/readyz`, send me work when 200, `/metrics` for Prometheus."""
    router = APIRouter()

    @router.get("/healthz")
    async def healthz() -> JSONResponse:
        ended = [task.get_name() for task in running.tasks if task.done()]
        stuck = await running.stuck()
        alive = not ended and not stuck
        return JSONResponse({"alive": alive, "ended": ended, "stuck": stuck}, 200 if alive else 503)

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        checks = {
            "prepared": running.prepared,
            "mongodb": await _answers(mongo),
            "kafka": running.consumers.started,
        }
        ready = all(checks.values())
        return JSONResponse({"ready": ready, "checks": checks}, 200 if ready else 503)

    @router.get("/metrics")
    async def metrics() -> Response:
        await running.consumers.observe_lag()
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


async def _answers(mongo: Mongo | None) -> bool:
    if mongo is None:
        return True
    try:
        await mongo.ping()
    except PyMongoError:
        return False
    return True
