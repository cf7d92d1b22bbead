"""The view of people, as profiles asks it."""

from collections.abc import Sequence

from services.profiles.views.people import PEOPLE, Person
from shared.events.base import AuthorId
from shared.events.trust import VerificationLevel
from shared.messaging.views import Viewed, Views
from shared.mongo import aggregate


class PeopleStore:
    """Queries on author records known from events."""

    def __init__(self, views: Views) -> None:
        self._views = views
        self._people = views.collection(PEOPLE)

    async def prepare(self) -> None:
        """Create the view's indexes."""
        await self._views.prepare(PEOPLE)

    async def get(self, author_id: AuthorId) -> Viewed[Person] | None:
        """The person, or None if no work named the record yet."""
        found = await self._views.get(PEOPLE, author_id)
        return found if found and found.value.name else None

    async def find(self, id_or_slug: str) -> Viewed[Person] | None:
        """The person of this id or, failing that, of this slug; whoever it was merged into, if it was."""
        found = await self.get(AuthorId(id_or_slug))
        if found is None:
            document = await self._people.find_one({"data.slug": id_or_slug}, {"_id": 1})
            found = await self.get(document["_id"]) if document else None
        been: set[AuthorId] = set()
        while found is not None and found.value.into is not None and found.value.author_id not in been:
            been.add(found.value.author_id)
            found = await self.get(found.value.into)
        return found

    async def highest_level(self, author_ids: Sequence[AuthorId]) -> VerificationLevel:
        """The highest level among the records; L0 for none."""
        found = await self._views.get_many(PEOPLE, author_ids)
        levels: list[VerificationLevel] = [viewed.value.level for viewed in found.values()]
        return max(levels, default="L0")

    async def counts(self) -> dict[str, int]:
        """How many authors and credits the view holds."""
        by_name = {"$match": {"data.name": {"$type": "string"}}}
        total = {"$group": {"_id": None, "authors": {"$sum": 1}, "credits": {"$sum": "$data.works"}}}
        rows = await aggregate(self._people, [by_name, total])
        row = rows[0] if rows else {"authors": 0, "credits": 0}
        return {"authors": row["authors"], "credits": row["credits"]}
