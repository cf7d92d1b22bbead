"""Import jobs and their items: what is to be imported, by whom just now, and what became of each record."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Literal, NamedTuple

from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument, UpdateOne
from pymongo.errors import DuplicateKeyError

from services.works.domain.importing import Outcome
from services.works.domain.record import Frozen, Refused, SourceRecord
from shared.clock import Clock
from shared.ids import new_id
from shared.mongo import Document, Mongo, Session, aggregate, chunks, create_indexes

Status = Literal["receiving", "queued", "running", "paused", "done", "failed", "cancelled"]
LEASE = timedelta(seconds=30)
_WRITE_CHUNK = 500


class Job(Frozen):
    """An import. A live one has a `query`, and a `cursor`: how many of the source's results it has taken so far.
    `token` is where the source's next page begins, for sources that say so.

    `credits` is what it added to the number of signatures. `lease` names the process that works on it.
    """

    id: str
    source: str
    status: Status
    query: str | None = None
    limit: int | None = None
    cursor: int = 0
    token: str | None = None
    fetched: bool = True
    total: int = 0
    new: int = 0
    merged: int = 0
    unchanged: int = 0
    refused: int = 0
    credits: int = 0
    failures: int = 0
    error: str | None = None
    lease: str | None = None
    traceparent: str | None = None
    """The trace of the request that asked for it, which the import goes on with."""


class Item(NamedTuple):
    """A record of a job that waits to be decided on."""

    id: str
    record: SourceRecord


class Lease(NamedTuple):
    """A process's hold on a job. `instance` outlives a restart of the process, `token` does not."""

    job_id: str
    instance: str
    token: str


class Jobs:
    """The collections `imports` and `import_items`."""

    def __init__(self, mongo: Mongo, clock: Clock) -> None:
        self._jobs = mongo.collection("imports")
        self.items = mongo.collection("import_items")
        self._clock = clock

    async def prepare(self) -> None:
        """Create the indexes."""
        await create_indexes(self._jobs, [IndexModel([("status", ASCENDING), ("_id", ASCENDING)])])
        await create_indexes(
            self.items, [IndexModel([("job", ASCENDING), ("outcome", ASCENDING), ("place", ASCENDING)])]
        )

    async def create(self, job: Job, entries: Sequence[SourceRecord | Refused] = ()) -> Job:
        """Write the job with its items. It is queued only when the last item stands, so no half job ever runs.

        A job of that id that stands already is answered as it is; one that was only half written is written anew, and
        whoever had begun it no longer queues it.
        """
        writer = new_id()
        try:
            await self._jobs.insert_one(
                {**_job_document(job), "status": "receiving", "writer": writer, "at": self._clock()}
            )
        except DuplicateKeyError:
            taken_over = await self._jobs.update_one(
                {"_id": job.id, "status": "receiving"}, {"$set": {"writer": writer}}
            )
            if not taken_over.matched_count:
                return await self.get(job.id) or job
            await self.items.delete_many({"job": job.id})
        for some in chunks(list(enumerate(entries)), _WRITE_CHUNK):
            await self.items.insert_many([_item_document(job.id, place, entry) for place, entry in some])
        refused = sum(isinstance(entry, Refused) for entry in entries)
        ready = {"status": "queued", "total": len(entries), "refused": refused}
        await self._jobs.update_one({"_id": job.id, "status": "receiving", "writer": writer}, {"$set": ready})
        return job

    async def get(self, job_id: str) -> Job | None:
        """The job as it now stands."""
        document = await self._jobs.find_one({"_id": job_id})
        return _job(document) if document else None

    async def steer(self, job_id: str, after: Status, *before: Status) -> bool:
        """Bring the job from one of these states into another; whoever works on it stops at the next chunk.

        False where it is in another state. A job that is paused or cancelled keeps what it has brought.
        """
        let_go: Document = {"lease": None, "lease_instance": None, "lease_until": None, "not_before": None}
        changed = await self._jobs.update_one(
            {"_id": job_id, "status": {"$in": list(before)}}, {"$set": {"status": after, **let_go}}
        )
        return bool(changed.matched_count)

    async def latest(self, limit: int) -> list[Job]:
        """The newest jobs first."""
        found = await self._jobs.find({}).sort("_id", DESCENDING).limit(limit).to_list(None)
        return [_job(document) for document in found]

    async def refusals(self, job_id: str) -> list[Refused]:
        """The refused records of the job in the file's order, each with its reason."""
        found = self.items.find({"job": job_id, "outcome": "refused"}).sort("place", ASCENDING)
        return [Refused(item["name"], item["reason"]) for item in await found.to_list(None)]

    async def credits(self) -> int:
        """The number of signatures that all jobs have brought."""
        found = await aggregate(self._jobs, [{"$group": {"_id": None, "sum": {"$sum": "$credits"}}}])
        return int(found[0]["sum"]) if found else 0

    async def acquire(self, instance: str, token: str) -> tuple[Job, Lease] | None:
        """Take hold of the oldest job that nobody works on: a new one, one whose lease ran out, or one that this very
        instance held before it was restarted."""
        now = self._clock()
        document = await self._jobs.find_one_and_update(
            {
                "status": {"$in": ["queued", "running"]},
                "$and": [
                    {"$or": [{"lease_until": None}, {"lease_until": {"$lt": now}}, {"lease_instance": instance}]},
                    {"$or": [{"not_before": None}, {"not_before": {"$lte": now}}]},
                ],
            },
            {
                "$set": {
                    "status": "running",
                    "lease": token,
                    "lease_instance": instance,
                    "lease_until": now + LEASE,
                }
            },
            sort=[("_id", ASCENDING)],
            return_document=ReturnDocument.AFTER,
        )
        return (_job(document), Lease(document["_id"], instance, token)) if document else None

    async def renew(self, lease: Lease) -> None:
        """Hold on for longer. Raises LeaseLost when another process has the job by now."""
        await self._change(lease, {}, None)

    async def release(self, lease: Lease, *, wait: float = 0.0) -> None:
        """Let go, for others to continue; not before `wait` seconds have passed."""
        update = {
            "lease": None,
            "lease_instance": None,
            "lease_until": None,
            "not_before": self._clock() + timedelta(seconds=wait),
        }
        await self._jobs.update_one({"_id": lease.job_id, "lease": lease.token}, {"$set": update})

    async def finish(self, lease: Lease, error: str | None = None) -> None:
        """The job is done, or failed with an error for people."""
        done: Document = {"status": "failed" if error else "done", "error": error, "lease": None, "lease_until": None}
        await self._jobs.update_one({"_id": lease.job_id, "lease": lease.token}, {"$set": done})

    async def waiting(self, job_id: str, limit: int) -> list[Item]:
        """The next items to decide on, in the file's order."""
        found = self.items.find({"job": job_id, "outcome": None}).sort("place", ASCENDING).limit(limit)
        return [
            Item(item["_id"], SourceRecord.model_validate_json(item["record"])) for item in await found.to_list(None)
        ]

    async def add_page(
        self,
        lease: Lease,
        cursor: int,
        entries: Sequence[SourceRecord | Refused],
        *,
        more: bool,
        session: Session,
        token: str | None = None,
    ) -> None:
        """Append what a live source answered, and how far it has been read, in one transaction."""
        if entries:
            documents = [_item_document(lease.job_id, cursor + n, entry) for n, entry in enumerate(entries)]
            await self.items.insert_many(documents, session=session)
        refused = sum(isinstance(entry, Refused) for entry in entries)
        counts = {"total": len(entries), "refused": refused}
        fields = {"cursor": cursor + len(entries), "token": token, "fetched": not more, "failures": 0}
        await self._change(lease, counts, session, fields)

    async def note_failure(self, lease: Lease, failures: int) -> None:
        """Remember how often in a row the source has failed."""
        await self._change(lease, {}, None, {"failures": failures})

    async def record_outcomes(
        self, lease: Lease, outcomes: Mapping[str, Outcome], credits_added: int, session: Session
    ) -> None:
        """Write what became of the items, in the transaction that writes the works. Raises LeaseLost when another
        process has the job by now, and nothing of the transaction stands."""
        updates = [
            UpdateOne({"_id": item, "outcome": None}, {"$set": {"outcome": outcome}, "$unset": {"record": ""}})
            for item, outcome in outcomes.items()
        ]
        written = await self.items.bulk_write(updates, ordered=False, session=session)
        if written.modified_count != len(updates):
            raise LeaseLost(lease.job_id)
        counts = {name: sum(each == name for each in outcomes.values()) for name in ("new", "merged", "unchanged")}
        await self._change(lease, {**counts, "credits": credits_added}, session, {"failures": 0})

    async def _change(
        self, lease: Lease, counts: Mapping[str, int], session: Session | None, fields: Document | None = None
    ) -> None:
        update: Document = {"$set": {**(fields or {}), "lease_until": self._clock() + LEASE}}
        if counts:
            update["$inc"] = dict(counts)
        changed = await self._jobs.update_one({"_id": lease.job_id, "lease": lease.token}, update, session=session)
        if changed.matched_count != 1:
            raise LeaseLost(lease.job_id)


class LeaseLost(Exception):  # noqa: N818 - not an error: another process continues the job
    """Another process works on this job by now."""


def _job_document(job: Job) -> Document:
    return {"_id": job.id, **job.model_dump(exclude={"id"})}


def _job(document: Document) -> Job:
    return Job.model_validate({**document, "id": document["_id"]})


def _item_document(job_id: str, place: int, entry: SourceRecord | Refused) -> Document:
    item: Document = {"_id": f"{job_id}/{place:07d}", "job": job_id, "place": place}
    if isinstance(entry, Refused):
        return {**item, "outcome": "refused", "name": entry.record, "reason": entry.reason}
    return {**item, "outcome": None, "name": entry.key, "record": entry.model_dump_json()}
