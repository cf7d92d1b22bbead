"""Works and author records: what a chunk of an import reads and writes, and the indexes."""

from collections.abc import Iterable, Mapping, Sequence

from pymongo import ASCENDING, DESCENDING, IndexModel, ReplaceOne

from services.works.domain.known import Known, lookup_keys
from services.works.domain.matching import looks_of_record, match_keys
from services.works.domain.model import Author, Claim, Work, credits_of
from services.works.domain.names import slug_base, slug_stem
from services.works.domain.record import RecordAuthor, SourceRecord
from services.works.domain.resolution.names import block_keys
from services.works.store.documents import from_document, to_document
from shared.errors import WriteConflict
from shared.events.base import AuthorId, WorkId
from shared.mongo import Collection, Document, Mongo, Session, create_indexes, find_by_ids

WORK_INDEXES = [
    IndexModel([("keys", ASCENDING)], unique=True),
    IndexModel([("match_keys", ASCENDING)]),
    IndexModel([("tokens", ASCENDING)]),
    IndexModel([("topics.id", ASCENDING)]),
    IndexModel([("published_on", DESCENDING), ("_id", DESCENDING)]),
    IndexModel([("merged_into", ASCENDING)]),
    IndexModel([("byline.author_id", ASCENDING), ("published_on", DESCENDING), ("_id", DESCENDING)]),
]
AUTHOR_INDEXES = [
    IndexModel([("blocks", ASCENDING)]),
    IndexModel([("slug", ASCENDING)], unique=True),
    IndexModel([("old_slugs", ASCENDING)]),
    IndexModel([("slug_stem", ASCENDING)]),
    IndexModel([("words", ASCENDING)]),
    IndexModel([("near", ASCENDING)]),
    IndexModel([("places", ASCENDING)]),
    IndexModel([("topics.id", ASCENDING)]),
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
        keys = [key for record in records for key in lookup_keys(record)]
        found = await find_by_ids(self.works, keys, field="keys", only=("seen",))
        return {fingerprint for document in found for fingerprint in document["seen"]}

    async def load(self, records: Sequence[SourceRecord], session: Session) -> Known:
        """All that decisions on these records can touch, in a few queries for all of them together."""
        known = Known()
        await self._put_works(known, [key for record in records for key in lookup_keys(record)], "keys", session)
        looks = [key for record in records for key in match_keys(looks_of_record(record))]
        await self._put_works(known, looks, "match_keys", session)
        people = [author for record in records for author in record.authors]
        await self.load_people(
            known, people, [work for record in records for work in known.find_works(record)], session
        )
        return known

    async def load_people(
        self, known: Known, people: Sequence[RecordAuthor], changing: Sequence[Work], session: Session
    ) -> None:
        """Whoever may be meant by these people, and all who are on the bylines of works that may change, with all
        their credits."""
        blocks = {block for each in people for block in block_keys(each.name, each.given, each.family)}
        await self._put_authors(known, blocks, "blocks", session)
        signed = {entry.author_id for work in changing for entry in work.byline}
        await self._put_authors(known, signed - known.authors.keys(), "_id", session)
        await self._put_histories(known, signed, session)
        await self.load_slugs(known, {each.name for each in people}, session)

    async def load_slugs(self, known: Known, names: Iterable[str], session: Session) -> None:
        """The slugs, of now and before, that a slug for one of the names may clash with."""
        stems = {slug_stem(slug_base(name)) for name in names}
        shown = ("slug", "old_slugs")
        for document in await find_by_ids(self.authors, stems, field="slug_stem", only=shown, session=session):
            known.slugs.update((document["slug"], *document["old_slugs"]))

    async def _put_works(self, known: Known, values: Iterable[str], field: str, session: Session) -> None:
        for document in await find_by_ids(self.works, values, field=field, session=session):
            known.put_work(from_document(Work, document))

    async def _put_authors(self, known: Known, values: Iterable[str], field: str, session: Session) -> None:
        for document in await find_by_ids(self.authors, values, field=field, session=session):
            if document["_id"] not in known.authors:
                known.put_author(from_document(Author, document))

    async def _put_histories(self, known: Known, people: set[AuthorId], session: Session) -> None:
        known.history.update({author_id: {} for author_id in people})
        for document in await find_by_ids(self.works, people, field="byline.author_id", session=session):
            for author_id, credit in credits_of(from_document(Work, document)).items():
                if author_id in people:
                    known.history[author_id][credit.work_id] = credit

    async def save(
        self, works: Sequence[Work], authors: Sequence[Author], loaded_revs: Mapping[str, int], session: Session
    ) -> None:
        """Write the new and the changed. Raises WriteConflict when one of them changed since it was loaded."""
        await _save(self.works, sorted(works, key=lambda work: work.merged_into is None), loaded_revs, session)
        await _save(self.authors, authors, loaded_revs, session)

    async def work(self, work_id: str, session: Session | None = None) -> Work | None:
        """The work of that id, also one that was merged into another."""
        document = await self.works.find_one({"_id": work_id}, session=session)
        return from_document(Work, document) if document else None

    async def author(self, id_or_slug: str, session: Session | None = None) -> Author | None:
        """The record of that id, or slug of now or before, also one that is retired."""
        either: Document = {"$or": [{"_id": id_or_slug}, {"slug": id_or_slug}, {"old_slugs": id_or_slug}]}
        document = await self.authors.find_one(either, session=session)
        return from_document(Author, document) if document else None

    async def works_of(self, authors: Iterable[AuthorId], session: Session) -> list[Work]:
        """All works with one of the authors on the byline."""
        found = await find_by_ids(self.works, authors, field="byline.author_id", session=session)
        return list({document["_id"]: from_document(Work, document) for document in found}.values())

    async def retired_into(self, work_id: WorkId, session: Session) -> list[Work]:
        """The works that were merged into this one."""
        found = await self.works.find({"merged_into": work_id}, session=session).to_list(None)
        return [from_document(Work, document) for document in found]

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
