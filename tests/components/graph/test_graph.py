"""The graph service on a real database: events in, slices, collaborators and CollaboratorsChanged out."""

from collections.abc import AsyncIterator, Sequence

import httpx2
import pytest
from pydantic import SecretStr

from services.graph.main import GRAPH
from services.graph.settings import GraphSettings
from services.graph.views.people import PEOPLE
from services.graph.views.works import WORKS
from shared.auth import Principal, internal_token
from shared.events.base import Event
from shared.events.works import WorkEvent, WorkRetracted, WorkWithdrawn
from shared.messaging.eventlog import EVENTS, EventLog
from shared.messaging.views import Views
from shared.mongo import Mongo
from shared.service import Parts, make_app
from tests.unit.graph.given import (
    BIAS,
    HANNAH,
    HARDNESS,
    credited,
    envelopes,
    identified,
    imported,
    merged,
    renamed,
    the_seed,
    the_works,
    uncredited,
    updated,
)

KEY = "k" * 32
AUTHORS = tuple(dict.fromkeys((*HARDNESS, *BIAS)))


class GraphService:
    """The service's API and views."""

    def __init__(self, mongo: Mongo) -> None:
        settings = GraphSettings(internal_key=SecretStr(KEY))
        log = EventLog(mongo.database, "/test")
        self.mongo, self.views = mongo, Views(mongo, log)
        self.parts = Parts("graph", settings, mongo, log, self.views, httpx2.AsyncClient())
        app = make_app(GRAPH, self.parts, ["api"])
        self.http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://graph")

    async def prepare(self) -> None:
        assert GRAPH.prepare is not None
        await self.parts.log.prepare()
        await GRAPH.prepare(self.parts)

    async def take(self, events: Sequence[Event]) -> None:
        sent = envelopes(*events)
        await self.views.fold(PEOPLE, [one for one in sent if one.topic == "authors.v1"])
        await self.views.fold(WORKS, [one for one in sent if one.topic == "works.v1"])

    async def get(self, path: str) -> httpx2.Response:
        token = internal_token(KEY, Principal(caller="gateway"))
        return await self.http.get(path, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
async def graph(mongo: Mongo) -> AsyncIterator[GraphService]:
    service = GraphService(mongo)
    await service.prepare()
    yield service
    await service.http.aclose()


@pytest.fixture
async def seeded(graph: GraphService) -> GraphService:
    await graph.take([*the_works(), *(event for author in AUTHORS for event in the_seed(author))])
    return graph


async def test_the_seeds_close_collaborators_are_answered_with_their_pages(seeded: GraphService) -> None:
    answer = (await seeded.get(f"/collaborators/{HANNAH}")).json()

    assert {(one["name"], one["slug"], one["works"]) for one in answer["close"]} == {
        ("Kiani", "slug-kiani", 2),
        ("Jegelka", "slug-jegelka", 1),
        ("Le", "slug-le", 1),
        ("Weber", "slug-weber", 1),
    }
    assert answer["close"][0]["name"] == "Kiani"
    assert 0.66 < sum(one["share"] for one in answer["close"]) < 0.8
    assert answer["total"] == 6
    assert answer["as_of"]


async def test_what_changed_is_said_once_per_record(seeded: GraphService) -> None:
    await seeded.take([*the_works(), *(event for author in AUTHORS for event in the_seed(author))])

    events = await seeded.mongo.collection(EVENTS).find({}).to_list(None)
    assert sorted(event["subject"] for event in events) == sorted(AUTHORS)
    assert {(event["type"], event["sequence"]) for event in events} == {("CollaboratorsChanged", 1)}


async def test_the_slice_holds_works_people_and_topics_and_every_edge_says_why(seeded: GraphService) -> None:
    answer = (await seeded.get(f"/slice/{HANNAH}")).json()

    assert answer["centre"] == HANNAH
    assert answer["shown"] == answer["total"] == {"works": 2, "people": 6, "topics": 5, "institutions": 0, "edges": 21}
    assert {node["slug"] for node in answer["nodes"] if node["kind"] == "person"} == {f"slug-{one}" for one in AUTHORS}
    assert all(edge["note"] and edge["works"] for edge in answer["edges"])


async def test_the_slice_is_the_same_on_each_visit(seeded: GraphService) -> None:
    assert (await seeded.get(f"/slice/{HANNAH}")).json() == (await seeded.get(f"/slice/{HANNAH}")).json()


async def test_a_smaller_slice_says_what_it_left_out(seeded: GraphService) -> None:
    answer = (await seeded.get(f"/slice/{HANNAH}?people=2&works=1&topics=1&edges=4")).json()

    assert answer["shown"] == {"works": 1, "people": 2, "topics": 1, "institutions": 0, "edges": 4}
    assert answer["total"]["people"] == 6


async def test_a_slice_larger_than_can_be_drawn_is_refused(seeded: GraphService) -> None:
    answer = await seeded.get(f"/slice/{HANNAH}?people=5000")

    assert answer.status_code == 422
    assert "people" in answer.json()["detail"]


async def test_a_work_of_a_thousand_authors_makes_a_thousand_small_documents(graph: GraphService) -> None:
    crowd = [f"a{n:03}" for n in range(1_000)]
    some = crowd[:100]
    await graph.take([event for author in some for event in (identified(author), credited(author, "w", crowd))])

    answer = (await graph.get("/slice/a007")).json()
    sizes = [len(str(one)) async for one in graph.views.collection(PEOPLE).find({})]

    assert answer["total"] == {"works": 1, "people": 0, "topics": 0, "institutions": 0, "edges": 1}
    assert answer["edges"][0]["note"] == "Eighth of 1,000 authors"
    assert len(sizes) == 100
    assert max(sizes) < 2_000


@pytest.mark.parametrize("path", ["/slice/nobody", "/collaborators/nobody"])
async def test_an_unknown_record_is_a_404_that_says_so(graph: GraphService, path: str) -> None:
    answer = await graph.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_only_services_of_this_system_are_answered(graph: GraphService) -> None:
    assert (await graph.http.get(f"/slice/{HANNAH}")).status_code == 401


async def test_counts_tell_what_the_views_hold(seeded: GraphService) -> None:
    assert (await seeded.get("/counts")).json() == {"authors": 7, "works": 2, "credits": 9}


async def test_a_large_document_kept_in_memory_is_read_again_when_it_has_changed(graph: GraphService) -> None:
    works = [credited(HANNAH, f"w{n}", [HANNAH, "a"]) for n in range(600)]
    await graph.take(works[:-1])
    first = (await graph.get(f"/slice/{HANNAH}")).json()
    again = (await graph.get(f"/slice/{HANNAH}")).json()
    await graph.take(works)

    assert first == again
    assert first["total"]["works"] == 599
    assert (await graph.get(f"/slice/{HANNAH}")).json()["total"]["works"] == 600


async def test_a_collaborator_is_named_as_they_are_now(seeded: GraphService) -> None:
    await seeded.take([*the_seed("kiani"), renamed("kiani", "Bobak T. Kiani")])
    close = (await seeded.get(f"/collaborators/{HANNAH}")).json()["close"]
    nodes = (await seeded.get(f"/slice/{HANNAH}")).json()["nodes"]

    assert (close[0]["name"], close[0]["slug"]) == ("Bobak T. Kiani", "bobak-t.-kiani")
    assert [node["label"] for node in nodes if node["id"] == "kiani"] == ["Bobak T. Kiani"]


async def test_a_record_merged_into_another_gives_it_its_place(seeded: GraphService) -> None:
    """Hannah's credit names the other record, and nobody is credited under the one that is gone."""
    into = ["kiani2" if one == "kiani" else one for one in HARDNESS]
    await seeded.take([*the_seed(), credited(HANNAH, "hardness", into), credited(HANNAH, "bias", ["kiani2", HANNAH])])
    await seeded.take(
        [*the_seed("kiani"), uncredited("kiani", "hardness"), uncredited("kiani", "bias"), merged("kiani", "kiani2")]
    )
    close = (await seeded.get(f"/collaborators/{HANNAH}")).json()["close"]
    gone = (await seeded.get("/slice/kiani")).json()

    assert close[0]["author_id"] == "kiani2"
    assert "kiani" not in {one["author_id"] for one in close}
    assert gone["total"] == {"works": 0, "people": 0, "topics": 0, "institutions": 0, "edges": 0}


async def test_a_work_merged_into_another_is_dropped_and_stands_again_when_that_is_undone(seeded: GraphService) -> None:
    gone = the_works()[0], updated("hardness", [], merged_into="bias")
    await seeded.take(gone)
    assert (await seeded.get("/counts")).json()["works"] == 1

    await seeded.take([*gone, updated("hardness", HARDNESS)])
    assert (await seeded.get("/counts")).json()["works"] == 2


@pytest.mark.parametrize(("event", "status"), [(WorkWithdrawn, "withdrawn"), (WorkRetracted, "retracted")])
async def test_a_withdrawn_or_retracted_work_says_so_on_its_node_and_edge(
    seeded: GraphService, event: type[WorkEvent], status: str
) -> None:
    work = imported("hardness", HARDNESS, status=status)
    await seeded.take([the_works()[0], event.model_validate(work.model_dump())])
    await seeded.take([*the_seed(), credited(HANNAH, "hardness", HARDNESS, status=status)])
    answer = (await seeded.get(f"/slice/{HANNAH}")).json()

    assert {node["id"]: node["status"] for node in answer["nodes"] if node["kind"] == "work"} == {
        "hardness": status,
        "bias": "current",
    }
    notes = [edge["note"] for edge in answer["edges"] if {edge["source"], edge["target"]} == {HANNAH, "hardness"}]
    assert notes == [f"Third of 5 authors; the work was {status}"]
    assert answer["total"]["people"] == 6
