"""Works and author records: what a chunk of an import reads and writes, and the indexes."""

from collections.abc import Iterable, Mapping, Sequence

from pymongo import ASCENDING, DESCENDING, IndexModel, ReplaceOne

from services.works.domain.identity import Resolve
from services.works.domain.known import Known
from services.works.domain.model import Author, Claim, Work, credits_of
from services.works.domain.names import slug_base, slug_stem
from services.works.domain.record import SourceRecord
from services.works.store.documents import from_document, to_document
from shared.errors import WriteConflict
from shared.events.base import AuthorId
from shared.mongo import Collection, Document, Mongo, Session, create_indexes, find_by_ids

WORK_INDEXES = [
    IndexModel([("keys", ASCENDING)], unique=True),
    IndexModel([("byline.author_id", ASCENDING), ("published_on", DESCENDING), ("_id", DESCENDING)]),
]
AUTHOR_INDEXES = [
    IndexModel([("key", ASCENDING)], unique=True),
    IndexModel([("slug", ASCENDING)], unique=True),
    IndexModel([("slug_stem", ASCENDING)]),
    IndexModel([("words", ASCENDING)]),
    IndexModel([("works", DESCENDING), ("key", ASCENDING)]),
]


class Catalogue:
    """The collections `works`, `authors` and `source_records`."""

    def __init__(self, mongo: Mongo) -> None:
        self.works: Collection = mongo.collection("works")
        self.authors: Collection = mongo.collection("authors")
        self._source_records: Collection = mongo.collection("source_records")

    async def prepare(self) -> None:
        """Create the indexes."""
        await create_indexes(self.works, WORK_INDEXES)
        await create_indexes(self.authors, AUTHOR_INDEXES)

    async def seen_contents(self, records: Iterable[SourceRecord]) -> set[str]:
        """The fingerprints that the works which these records name have taken in before."""
        identifiers = [identifier for record in records for identifier in record.identifiers]
        found = await find_by_ids(self.works, identifiers, field="keys")
        return {fingerprint for document in found for fingerprint in document["seen"]}

    async def load(self, records: Sequence[SourceRecord], resolve: Resolve, session: Session) -> Known:
        """All that decisions on these records can touch, in a few queries for all of them together."""
        known = Known()
        identifiers = [identifier for record in records for identifier in record.identifiers]
        for document in await find_by_ids(self.works, identifiers, field="keys", session=session):
            known.put_work(from_document(Work, document))
        keys = [key for record in records for key in resolve(record.authors)]
        await self._put_authors(known, keys, "key", session)
        signed = {entry.author_id for work in known.works.values() for entry in work.byline}
        await self._put_authors(known, signed - known.authors.keys(), "_id", session)
        await self._put_histories(known, records, session)
        await self._put_slugs(known, records, resolve, session)
        return known

    async def _put_authors(self, known: Known, values: Iterable[str], field: str, session: Session) -> None:
        for document in await find_by_ids(self.authors, values, field=field, session=session):
            known.put_author(from_document(Author, document))

    async def _put_histories(self, known: Known, records: Sequence[SourceRecord], session: Session) -> None:
        """All credits of those whose credits for a work may change: who is on the bylines of works with news."""
        changing = [work for record in records if (work := known.find_work(record)) and has_news(work, record)]
        people = {entry.author_id for work in changing for entry in work.byline}
        known.history.update({author_id: {} for author_id in people})
        for document in await find_by_ids(self.works, people, field="byline.author_id", session=session):
            for author_id, credit in credits_of(from_document(Work, document)).items():
                if author_id in people:
                    known.history[author_id][credit.work_id] = credit

    async def _put_slugs(
        self, known: Known, records: Sequence[SourceRecord], resolve: Resolve, session: Session
    ) -> None:
        stems = {
            slug_stem(slug_base(author.name))
            for record in records
            for author, key in zip(record.authors, resolve(record.authors), strict=True)
            if key not in known.author_by_key
        }
        for document in await find_by_ids(self.authors, stems, field="slug_stem", session=session):
            known.slugs.add(document["slug"])

    async def save(
        self, works: Sequence[Work], authors: Sequence[Author], loaded_revs: Mapping[str, int], session: Session
    ) -> None:
        """Write the new and the changed. Raises WriteConflict when one of them changed since it was loaded."""
        await _save(self.works, works, loaded_revs, session)
        await _save(self.authors, authors, loaded_revs, session)

    async def keep_source_records(self, records: Sequence[tuple[Work, SourceRecord]], session: Session) -> None:
        """Keep what the source said, under the work that it was taken into."""
        documents: list[Document] = [
            {"_id": f"{work.id}/{record.fingerprint}", "work_id": work.id, "at": work.as_of, **_packed(record)}
            for work, record in records
        ]
        if documents:
            await self._source_records.insert_many(documents, session=session)

    async def bind(self, author_id: AuthorId, claim: Claim) -> bool:
        """Bind the record to the claim, unless it already knows a later one. False when there is nothing to do."""
        changed = await self.authors.update_one(
            {"_id": author_id, "$or": [{"claim": None}, {"claim.sequence": {"$lt": claim.sequence}}]},
            {"$set": {"claim": claim.model_dump()}, "$inc": {"rev": 1}},
        )
        return bool(changed.modified_count)


def has_news(work: Work, record: SourceRecord) -> bool:
    """Whether the record may change fields of the work."""
    return record.updated_at >= work.updated_at and record.fingerprint not in work.seen


def _packed(record: SourceRecord) -> Document:
    return {"source": record.source, "record": record.model_dump_json()}


async def _save(
    collection: Collection, models: Sequence[Work] | Sequence[Author], loaded_revs: Mapping[str, int], session: Session
) -> None:
    new = [to_document(model) for model in models if model.id not in loaded_revs]
    changed = [
        ReplaceOne({"_id": model.id, "rev": loaded_revs[model.id]}, to_document(model))
        for model in models
        if model.id in loaded_revs
    ]
    if new:
        await collection.insert_many(new, session=session)
    if changed:
        written = await collection.bulk_write(changed, session=session)
        if written.matched_count != len(changed):
            raise WriteConflict(collection.name)
