"""Every query of the graph service on its database."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.graph.domain.person import Close, Frozen, Person
from services.graph.domain.slices.building import Label
from services.graph.domain.work import Work
from services.graph.views.people import PEOPLE
from services.graph.views.works import WORKS
from shared.events.base import AuthorId, WorkId
from shared.messaging.views import Viewed, Views
from shared.mongo import IN_CHUNK, Collection, Document, aggregate, chunks

LARGE = 500
"""From so many credits on, reading a person's document takes longer than all the rest of a slice."""
KEPT = 8
"""Large documents that a process keeps in memory."""


@dataclass(frozen=True, slots=True)
class Collaboration:
    """A person's close collaborators, the number of all, and the time of the last event in it."""

    close: tuple[Close, ...]
    total: int
    as_of: datetime


class Counts(Frozen):
    """What the views hold."""

    authors: int
    works: int
    credits: int
    """Over all people: a work counts once for each of its authors."""


class GraphStore:
    """Reads the views of people and of works."""

    def __init__(self, views: Views) -> None:
        self._views = views
        self._large: OrderedDict[tuple[str, str], tuple[int, Viewed[Person]]] = OrderedDict()

    @property
    def _people(self) -> Collection:
        return self._views.collection(PEOPLE)

    @property
    def _works(self) -> Collection:
        return self._views.collection(WORKS)

    async def person(self, author_id: str) -> Viewed[Person] | None:
        """The whole document of a person. A large one that was read lately is read again only if it has changed."""
        place = (self._people.name, author_id)
        revision, kept = self._large.get(place, (None, None))
        found = await self._people.find_one({"_id": author_id, "rev": {"$ne": revision}})
        if found is None or not found["data"]:
            return kept if found is None else None
        person = Viewed(Person.model_validate(found["data"]), found["as_of"])
        if person.value.works >= LARGE:
            self._large[place] = (found["rev"], person)
            self._large.move_to_end(place)
            if len(self._large) > KEPT:
                self._large.popitem(last=False)
        return person

    async def collaboration(self, author_id: str) -> Collaboration | None:
        """The close collaborators alone; the works behind them, which may be thousands, stay in the database."""
        wanted = {"data.close": 1, "data.collaborators": 1, "as_of": 1}
        found = await self._people.find_one({"_id": author_id}, wanted)
        if found is None or not found.get("data"):
            return None
        data = found["data"]
        close = tuple(Close.model_validate(one) for one in data["close"])
        return Collaboration(close, data["collaborators"], found["as_of"])

    async def labels(self, author_ids: Iterable[AuthorId]) -> dict[AuthorId, Label]:
        """How the people are called; those not known yet are left out."""
        found = await _by_ids(self._people, author_ids, {"data.name": 1, "data.slug": 1})
        return {each["_id"]: Label(each["data"]["name"], each["data"]["slug"]) for each in found if each.get("data")}

    async def works(self, work_ids: Iterable[WorkId]) -> dict[WorkId, Work]:
        """The works; those not known yet are left out."""
        found = await _by_ids(self._works, work_ids, {"data": 1})
        return {each["_id"]: Work.model_validate(each["data"]) for each in found if each.get("data")}

    async def counts(self) -> Counts:
        """How many people, works and credits the views hold."""
        people = credited = 0
        total = {"$group": {"_id": None, "people": {"$sum": 1}, "credits": {"$sum": "$data.works"}}}
        for found in await aggregate(self._people, [{"$match": {"data": {"$ne": None}}}, total]):
            people, credited = found["people"], found["credits"]
        works = await self._works.count_documents({"data": {"$ne": None}})
        return Counts(authors=people, works=works, credits=credited)


async def _by_ids(collection: Collection, ids: Iterable[str], wanted: dict[str, int]) -> list[Document]:
    found: list[Document] = []
    for chunk in chunks(list(ids), IN_CHUNK):
        found += await collection.find({"_id": {"$in": list(chunk)}}, wanted).to_list(None)
    return found
