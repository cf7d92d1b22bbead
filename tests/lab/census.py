"""What the five services' logs say, and whether every view and inbox has exactly that."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from services.graph.views.people import PEOPLE as GRAPH_PEOPLE
from services.graph.views.works import WORKS as GRAPH_WORKS
from services.notify.consumers import FANOUT
from services.notify.views.followers import FOLLOWERS
from services.profiles.views.people import PEOPLE as PROFILES_PEOPLE
from services.trust.views.settling import RECORDS
from shared.messaging.eventlog import EVENTS
from shared.mongo import Document, Mongo, find_by_ids
from tests.lab.exact import shortened


class Group(NamedTuple):
    """A group's documents, each of which says which events of one aggregate it has."""

    service: str
    collection: str
    topics: tuple[str, ...]


OWNERS = ("works", "profiles", "trust", "graph", "notify")
GROUPS = (
    Group("profiles", PROFILES_PEOPLE.name, PROFILES_PEOPLE.topics),
    Group("trust", RECORDS.name, RECORDS.topics),
    Group("graph", GRAPH_PEOPLE.name, GRAPH_PEOPLE.topics),
    Group("graph", GRAPH_WORKS.name, GRAPH_WORKS.topics),
    Group("notify", FANOUT, ("authors.v1",)),
    Group("notify", f"{FOLLOWERS.name}.inbox", FOLLOWERS.topics),
)
TELLING = (("trust", RECORDS.name, "trust.v1"), ("graph", GRAPH_PEOPLE.name, "graph.v1"))
"""Views that tell of what they come to: they count it too."""
CREDITED = (("trust", RECORDS.name), ("graph", GRAPH_PEOPLE.name))
Aggregate = tuple[str, str]
"""A topic and a subject."""


class Census:
    """The databases of the services, read past their doors."""

    def __init__(self, uri: str) -> None:
        self._databases = {name: Mongo(uri, f"bzpeer_{name}") for name in OWNERS}

    def close(self) -> None:
        """Close the connections."""
        for mongo in self._databases.values():
            mongo.close()

    async def newest(self) -> dict[str, str]:
        """The id of the last event of each log."""
        found = {}
        for name, mongo in self._databases.items():
            last = await mongo.collection(EVENTS).find({}, {"_id": 1}).sort("_id", -1).limit(1).to_list(None)
            found[name] = last[0]["_id"] if last else ""
        return found

    async def events_since(self, marks: Mapping[str, str]) -> list[Document]:
        """The events that the logs have beyond these. Fails when a relay has still to send one."""
        events: list[Document] = []
        for name, mongo in self._databases.items():
            fields = {"topic": 1, "subject": 1, "sequence": 1, "type": 1, "data": 1, "unpublished": 1}
            events += await mongo.collection(EVENTS).find({"_id": {"$gt": marks[name]}}, fields).to_list(None)
        assert not [event["_id"] for event in events if event.get("unpublished")]
        return events

    async def imported_since(self, marks: Mapping[str, str]) -> int:
        """How many works were imported since."""
        query = {"_id": {"$gt": marks["works"]}, "type": "WorkImported"}
        return await self._databases["works"].collection(EVENTS).count_documents(query)

    async def documents(self, service: str, collection: str, keys: Iterable[str]) -> dict[str, Document]:
        """Those of a service's documents."""
        found = await find_by_ids(self._databases[service].collection(collection), keys)
        return {document["_id"]: document for document in found}

    async def differences(self, events: Iterable[Document]) -> list[str]:
        """Where a view or an inbox is not up to these events, or has other ones; empty in the end."""
        heads = heads_of(events)
        wrong = []
        for group in GROUPS:
            wanted = {aggregate for aggregate in heads if aggregate[0] in group.topics}
            found = await self.documents(group.service, group.collection, {subject for _, subject in wanted})
            wrong += [f"{group.collection} {what}" for what in _differences(group, found, heads)]
        for service, collection, topic in TELLING:
            told = {subject: sequence for (of, subject), sequence in heads.items() if of == topic}
            found = await self.documents(service, collection, told)
            wrong += [
                f"{collection} {subject} counts {found[subject]['emitted']} of {sequence} told"
                for subject, sequence in told.items()
                if found[subject]["emitted"] != sequence
            ]
        return shortened(wrong + await self._wrong_credits(events))

    async def _wrong_credits(self, events: Iterable[Document]) -> list[str]:
        credited = [event for event in events if event["type"] == "AuthorCredited"]
        told = {(event["subject"], json.loads(event["data"])["work_id"]) for event in credited}
        wrong = []
        for service, collection in CREDITED:
            found = await self.documents(service, collection, {author for author, _ in told})
            held = {(author, work) for author, document in found.items() for work in document["data"]["credits"]}
            wrong += [f"{collection}: {author} and {work}" for author, work in held ^ told]
        return wrong


def heads_of(events: Iterable[Document]) -> dict[Aggregate, int]:
    """How far each aggregate's events go. Fails when one has a hole or two of the same place."""
    heads: dict[Aggregate, int] = {}
    count: Counter[Aggregate] = Counter()
    for event in events:
        aggregate = (event["topic"], event["subject"])
        heads[aggregate] = max(heads.get(aggregate, 0), event["sequence"])
        count[aggregate] += 1
    holed = [aggregate for aggregate, head in heads.items() if head != count[aggregate]]
    assert not holed, holed[:5]
    return heads


def _differences(group: Group, found: Mapping[str, Document], heads: Mapping[Aggregate, int]) -> Iterable[str]:
    for (topic, subject), head in heads.items():
        if topic not in group.topics:
            continue
        document = found.get(subject)
        seen = dict(document["seen"]).get(topic, 0) if document else 0
        if seen != head:
            yield f"{subject} has {seen} of {head} events of {topic}"
        elif document and (document["aside"] or document["heard"] or document.get("stale")):
            yield f"{subject} waits"
