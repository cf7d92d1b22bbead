"""The trust service on a real database: events in, answers and TrustChanged out."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import httpx2
import pytest
from pydantic import SecretStr

from services.trust.consumers import settle_due
from services.trust.main import TRUST
from services.trust.settings import TrustSettings
from services.trust.store import TrustStore
from services.trust.views.settling import RECORDS
from shared.auth import Principal, internal_token
from shared.events.base import Event
from shared.messaging.eventlog import EVENTS, EventLog
from shared.messaging.views import Views
from shared.mongo import Mongo
from shared.service import Parts, make_app
from tests.unit.trust.given import (
    COUNTS_FROM,
    HANNAH,
    START,
    THE_SEED,
    claimed,
    collaborators,
    credited,
    envelopes,
    merged,
    opened,
    uncredited,
)

KEY = "k" * 32


class TrustService:
    """The service's API and view, with a clock of our own."""

    def __init__(self, mongo: Mongo) -> None:
        self.now = START
        settings = TrustSettings(internal_key=SecretStr(KEY))
        log = EventLog(mongo.database, "/test", self.clock)
        self.mongo, self.views = mongo, Views(mongo, log, self.clock)
        self.store = TrustStore(mongo, self.views)
        parts = Parts("trust", settings, mongo, log, self.views, httpx2.AsyncClient(), self.clock)
        app = make_app(TRUST, parts, ["api"])
        self.http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://trust")
        self._prepare = TRUST.prepare, parts, log

    async def prepare(self) -> None:
        prepare, parts, log = self._prepare
        assert prepare is not None
        await log.prepare()
        await prepare(parts)

    def clock(self) -> datetime:
        return self.now

    async def take(self, *events: Event) -> None:
        await self.views.fold(RECORDS, envelopes(*events))

    async def get(self, path: str) -> httpx2.Response:
        token = internal_token(KEY, Principal(caller="gateway"))
        return await self.http.get(path, headers={"Authorization": f"Bearer {token}"})

    async def published(self) -> list[tuple[int, str]]:
        found = await self.mongo.collection(EVENTS).find({}).sort("sequence", 1).to_list(None)
        return [(document["sequence"], document["type"]) for document in found]


@pytest.fixture
async def trust(mongo: Mongo) -> AsyncIterator[TrustService]:
    service = TrustService(mongo)
    await service.prepare()
    yield service
    await service.http.aclose()


async def test_the_seed_is_answered_with_thirteen_and_why(trust: TrustService) -> None:
    await trust.take(*THE_SEED)

    answer = (await trust.get(f"/trust/{HANNAH}")).json()

    assert (answer["score"], answer["sum"], answer["tier"], answer["cap"]) == (13, 13.28, "Unverified", 20)
    assert (answer["verification_level"], answer["claim_status"], answer["model"]) == ("L1", "unclaimed", "v1")
    assert answer["parts"] == {"identity": 4.0, "provenance": 3.84, "coherence": 3.54, "network": 1.9, "audience": 0.0}
    assert [part["max"] for part in answer["explanation"]] == [40, 25, 10, 20, 5]
    assert [one["score"] for one in answer["raises"]] == [30, 29, 26]
    assert (answer["kappa"], answer["may_be_several"]) == (0.9, False)
    assert [(entry["score"], entry["model"]) for entry in answer["ledger"]] == [(13, "v1")]
    assert answer["as_of"]


async def test_the_same_events_again_change_nothing(trust: TrustService) -> None:
    await trust.take(*THE_SEED)
    await trust.take(*THE_SEED)

    assert await trust.published() == [(1, "TrustChanged")]


async def test_the_ledger_names_the_event_behind_each_change_newest_first(trust: TrustService) -> None:
    sent = envelopes(*THE_SEED, opened())
    for one in sent:
        await trust.views.fold(RECORDS, [one])

    ledger = (await trust.get(f"/trust/{HANNAH}")).json()["ledger"]

    assert [(entry["cause"], entry["score"], entry["verification_level"]) for entry in ledger] == [
        (sent[4].id, 13, "L2"),
        (sent[3].id, 13, "L1"),
        (sent[2].id, 11, "L1"),
        (sent[1].id, 8, "L1"),
    ]


async def test_a_claim_counts_when_its_tripwire_has_passed_without_any_further_event(trust: TrustService) -> None:
    await trust.take(*THE_SEED, opened(), claimed("orcid_third_party"))
    trust.now = COUNTS_FROM - timedelta(seconds=1)
    assert await settle_due(trust.store, trust.views, trust.clock) == 0

    trust.now = COUNTS_FROM
    assert await settle_due(trust.store, trust.views, trust.clock) == 1
    assert await settle_due(trust.store, trust.views, trust.clock) == 0

    answer = (await trust.get(f"/trust/{HANNAH}")).json()
    assert (answer["score"], answer["verification_level"], answer["claim_status"]) == (30, "L3", "claimed")
    assert answer["ledger"][0]["cause"] == envelopes(*THE_SEED, opened(), claimed())[-1].id
    assert await trust.published() == [(1, "TrustChanged"), (2, "TrustChanged")]


async def test_a_record_of_several_people_is_said_to_be_one(trust: TrustService) -> None:
    await trust.take(credited("w1", kappa=0.2), credited("w2", kappa=0.2))

    assert (await trust.get(f"/trust/{HANNAH}")).json()["may_be_several"] is True


async def test_a_record_that_was_merged_away_is_weighed_as_gone(trust: TrustService) -> None:
    gone = [*THE_SEED, uncredited("2401.01869"), uncredited("2110.06084"), collaborators(), merged("other")]
    await trust.take(*THE_SEED)
    await trust.take(*gone)
    await trust.take(*gone)

    answer = (await trust.get(f"/trust/{HANNAH}")).json()
    assert (answer["score"], answer["verification_level"], answer["sum"]) == (0, "L0", 0)
    assert await trust.published() == [(1, "TrustChanged"), (2, "TrustChanged")]


async def test_a_record_that_stands_again_is_weighed_as_before(trust: TrustService) -> None:
    gone = [*THE_SEED, uncredited("2401.01869"), uncredited("2110.06084"), collaborators(), merged("other")]
    await trust.take(*gone)
    await trust.take(*gone, *THE_SEED)

    assert (await trust.get(f"/trust/{HANNAH}")).json()["sum"] == 13.28


@pytest.mark.parametrize("status", ["withdrawn", "retracted"])
async def test_a_work_that_was_taken_back_no_longer_counts(trust: TrustService, status: str) -> None:
    await trust.take(*THE_SEED)
    await trust.take(*THE_SEED, *(credited(work, status=status) for work in ("2401.01869", "2110.06084")))

    parts = (await trust.get(f"/trust/{HANNAH}")).json()["parts"]
    assert (parts["provenance"], parts["coherence"], parts["network"]) == (0, 0, 0)


async def test_an_unknown_record_is_a_404_that_says_so(trust: TrustService) -> None:
    answer = await trust.get("/trust/nobody")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_only_services_of_this_system_are_answered(trust: TrustService) -> None:
    assert (await trust.http.get(f"/trust/{HANNAH}")).status_code == 401


async def test_counts_tell_what_the_view_holds(trust: TrustService) -> None:
    assert (await trust.get("/counts")).json() == {"authors": 0, "credits": 0}

    await trust.take(*THE_SEED)

    assert (await trust.get("/counts")).json() == {"authors": 1, "credits": 2}
