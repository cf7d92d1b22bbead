"""Claims, and the author records they are about."""

from collections.abc import Sequence

from pymongo import ASCENDING, IndexModel

from services.profiles.domain.claims import Claim, Record
from services.profiles.store.collections import BY_ID
from shared.events.base import AccountId, AuthorId, ClaimId
from shared.mongo import Document, Mongo, Session, create_indexes


class ClaimStore:
    """Queries on claims and claimed records. Documents are the models, with their id as `_id`."""

    def __init__(self, mongo: Mongo) -> None:
        self._claims = mongo.collection("claims")
        self._records = mongo.collection("claimed_records")
        self._claimants = mongo.collection("claimants")

    async def prepare(self) -> None:
        """Create the indexes."""
        await create_indexes(
            self._claims,
            [
                IndexModel([("status", ASCENDING), ("_id", ASCENDING)]),
                IndexModel([("account_id", ASCENDING), ("status", ASCENDING)]),
            ],
        )
        await create_indexes(self._records, [IndexModel([("account_id", ASCENDING), ("status", ASCENDING)])])
        await create_indexes(self._claimants, [BY_ID])

    async def record(self, author_id: AuthorId, session: Session | None = None) -> Record:
        """The record's claims; unclaimed if nobody ever asked for it."""
        document = await self._records.find_one({"_id": author_id}, session=session)
        return Record.model_validate({**document, "author_id": author_id}) if document else Record(author_id=author_id)

    async def records_held_by(self, account_id: AccountId) -> list[Record]:
        """The records that the account holds an accepted claim on."""
        found = await self._records.find({"account_id": account_id, "status": "claimed"}).to_list(None)
        return [Record.model_validate({**document, "author_id": document["_id"]}) for document in found]

    async def claim(self, claim_id: ClaimId, session: Session | None = None) -> Claim | None:
        """The claim of that id."""
        document = await self._claims.find_one({"_id": claim_id}, session=session)
        return _claim(document) if document else None

    async def open_claims_of(self, account_id: AccountId, session: Session) -> int:
        """How many claims of the account wait for a decision. Of transactions that ask this at once, one commits."""
        await self._claimants.update_one({"_id": account_id}, {"$inc": {"asked": 1}}, upsert=True, session=session)
        return await self._claims.count_documents({"account_id": account_id, "status": "pending"}, session=session)

    async def list_by_status(self, status: str, after: str | None, limit: int) -> Sequence[Claim]:
        """Claims of one status, oldest first, after the claim of that id."""
        query: Document = {"status": status, **({"_id": {"$gt": after}} if after else {})}
        found = await self._claims.find(query).sort("_id", ASCENDING).limit(limit).to_list(None)
        return [_claim(document) for document in found]

    async def save(self, session: Session, record: Record, claim: Claim) -> None:
        """Write the record and the claim as they are after the last decision."""
        by_record, by_claim = {"_id": record.author_id}, {"_id": claim.claim_id}
        record_document = {**record.model_dump(exclude={"author_id"}), **by_record}
        claim_document = {**claim.model_dump(exclude={"claim_id"}), **by_claim}
        await self._records.replace_one(by_record, record_document, upsert=True, session=session)
        await self._claims.replace_one(by_claim, claim_document, upsert=True, session=session)

    async def count_open(self) -> int:
        """How many claims wait for a decision."""
        return await self._claims.count_documents({"status": "pending"})


def _claim(document: Document) -> Claim:
    return Claim.model_validate({**document, "claim_id": document["_id"]})
