"""Stands in for graph: counts follows, tells of it, and has a side effect. `python -m tests.lab.tally --role consumer`.

BZPEER_BEHAVIOUR names the file that says how the process misbehaves.
"""

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter
from pymongo import UpdateOne

from shared.messaging.consumer import Consumers
from shared.messaging.envelope import Envelope
from shared.mongo import Mongo
from shared.service import Parts, Service, run
from shared.settings import ServiceSettings
from tests.lab.behaviour import read
from tests.lab.views import EFFECTS, RETOLD, TELLING, VIEWS, tally_of

DONE = "effects"


class LabSettings(ServiceSettings):
    """Those of every service, and how it misbehaves."""

    behaviour: Path | None = None


def api(_: Parts[LabSettings]) -> APIRouter:
    """No routes of its own."""
    return APIRouter()


async def prepare(parts: Parts[LabSettings]) -> None:
    """Create the indexes."""
    for view in VIEWS:
        await parts.views.prepare(view)


def consumer(parts: Parts[LabSettings], consumers: Consumers) -> None:
    """Join the groups."""
    consumers.project(tally_of(read(parts.settings.behaviour)))
    consumers.project(TELLING)
    consumers.project(RETOLD)
    consumers.react(EFFECTS, ("follows.v1",), Effects(parts.mongo).take)


class Effects:
    """What the service does for each event, under the event's id: after a crash, an inbox may ask for it again."""

    def __init__(self, mongo: Mongo) -> None:
        self._done = mongo.collection(DONE)

    async def take(self, envelopes: Sequence[Envelope]) -> None:
        """Do what each event asks for, and note how often it asked."""
        asked = [
            UpdateOne({"_id": one.id}, {"$inc": {"asked": 1}, "$setOnInsert": {"subject": one.subject}}, upsert=True)
            for one in envelopes
        ]
        await self._done.bulk_write(asked, ordered=False)


TALLIES = Service("graph", LabSettings, api=api, prepare=prepare, consumer=consumer)

if __name__ == "__main__":
    run(TALLIES)
