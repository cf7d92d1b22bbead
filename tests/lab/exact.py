"""Whether the lab's views are exactly what their owners' logs say: every event once, in order, and nothing else."""

import json
from collections.abc import Iterable
from operator import itemgetter
from typing import NamedTuple

from shared.messaging.eventlog import EVENTS
from shared.mongo import Document, Mongo, aggregate
from tests.lab.tally import DONE
from tests.lab.views import NUMBER_IN, VIEWS, Tally, linked

SHOWN = 5


class Told(NamedTuple):
    """What a log says of one subject."""

    events: int
    chain: str
    numbers: tuple[int, ...]
    """The number in each event."""


async def told_by(owner: Mongo, topic: str) -> dict[str, Told]:
    """What the owner's log says of each subject. Fails when an aggregate's sequences have a hole."""
    fields = {"subject": 1, "sequence": 1, "data": 1}
    events = await owner.collection(EVENTS).find({"topic": topic}, fields, batch_size=5_000).to_list(None)
    told: dict[str, Told] = {}
    for event in sorted(events, key=itemgetter("subject", "sequence")):
        events_before, chain, numbers = told.get(event["subject"], Told(0, "", ()))
        assert event["sequence"] == events_before + 1, f"the log of {event['subject']} has a hole"
        number = json.loads(event["data"])[NUMBER_IN[topic]]
        told[event["subject"]] = Told(events_before + 1, linked(chain, event["_id"]), (*numbers, number))
    return told


async def unpublished(*owners: Mongo) -> int:
    """Events in the logs that the relays have yet to send."""
    return sum([await owner.collection(EVENTS).count_documents({"unpublished": True}) for owner in owners])


def differences(view: str, topic: str, documents: Iterable[Document], told: dict[str, Told]) -> list[str]:
    """Where the view is not what the log says, in words; empty when they agree to the last event."""
    found = {document["_id"]: document for document in documents}
    wrong = [f"{view}: {subject} is unknown" for subject in told.keys() - found.keys()]
    wrong += [f"{view}: {subject} is nobody's" for subject in found.keys() - told.keys()]
    for subject in told.keys() & found.keys():
        wrong += [f"{view}: {subject} {what}" for what in _difference(topic, found[subject], told[subject])]
    return shortened(wrong)


def _difference(topic: str, document: Document, told: Told) -> Iterable[str]:
    data = document["data"] or Tally(subject="").model_dump()
    if data["applied"] != told.events:
        yield f"has {data['applied']} of {told.events} events"
    elif (data["chain"], data["stated"]) != (told.chain, told.numbers[-1]):
        yield "has other events, or in another order"
    if dict(document["seen"]) != {topic: told.events}:
        yield f"has seen {document['seen']}"
    if document["aside"] or document["heard"] or document.get("stale"):
        yield f"waits: {len(document['aside'])} aside, heard {document['heard']}"


def shortened(wrong: list[str]) -> list[str]:
    """The first few, and how many there are."""
    return sorted(wrong)[:SHOWN] + ([f"and {len(wrong) - SHOWN} more"] if len(wrong) > SHOWN else [])


def untrue_tellings(tellings: dict[str, Told], follows: dict[str, Told]) -> list[str]:
    """Subjects of which the telling view told a number twice, a smaller one after a larger, or not the last one."""
    fine = {subject for subject, told in tellings.items() if list(told.numbers) == sorted(set(told.numbers))}
    last = {subject: told.numbers[-1] for subject, told in tellings.items()}
    wanted = {subject: told.events for subject, told in follows.items()}
    wrong = [f"telling: {subject} told {tellings[subject].numbers}" for subject in tellings.keys() - fine]
    return shortened(wrong + [f"telling: {subject} ends otherwise" for subject, _ in last.items() ^ wanted.items()])


async def untrue_effects(counter: Mongo, follows: dict[str, Told]) -> list[str]:
    """Subjects whose side effects are not one for each event."""
    grouped = await aggregate(counter.collection(DONE), [{"$group": {"_id": "$subject", "number": {"$sum": 1}}}])
    done = {one["_id"]: one["number"] for one in grouped}
    wanted = {subject: told.events for subject, told in follows.items()}
    differing = {subject for subject, _ in done.items() ^ wanted.items()}
    return shortened([f"effects: {one} has {done.get(one)} of {wanted.get(one)}" for one in differing])


async def repeated_effects(counter: Mongo) -> int:
    """How many were asked for more than once."""
    return await counter.collection(DONE).count_documents({"asked": {"$gt": 1}})


async def lab_differences(owner: Mongo, counter: Mongo) -> list[str]:
    """Everything in which the lab is not exact; empty in the end."""
    wrong = [f"{left} unpublished"] if (left := await unpublished(owner, counter)) else []
    follows = await told_by(owner, "follows.v1")
    told = {"follows.v1": follows, "graph.v1": await told_by(counter, "graph.v1")}
    for view in VIEWS:
        [topic] = view.topics
        documents = await counter.collection(view.name).find({}).to_list(None)
        wrong += differences(view.name, topic, documents, told[topic])
    return wrong + untrue_tellings(told["graph.v1"], follows) + await untrue_effects(counter, follows)
