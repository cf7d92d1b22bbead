"""Following over HTTP: once each, counted, and told without holes."""

import asyncio
import json

import pytest

from services.profiles.domain.follows import FOLLOW_CAPS
from tests.components.profiles.conftest import Profiles
from tests.unit.profiles.given import identified, trusted


async def test_following_and_leaving_twice_changes_nothing(profiles: Profiles) -> None:
    steps = [("PUT", True, 1), ("PUT", True, 1), ("DELETE", False, 0), ("DELETE", False, 0), ("PUT", True, 1)]
    for method, following, followers in steps:
        answer = await profiles.ask(method, "/follows/ada", "reader")
        assert answer.json() == {"following": following, "followers": followers}
    kinds = ["FollowCreated", "FollowRemoved", "FollowCreated"]
    assert await profiles.published("follows.v1") == [("ada", place, kind) for place, kind in enumerate(kinds, start=1)]
    page = (await profiles.ask("GET", "/profiles/ada-example", "reader")).json()
    assert (page["viewer"]["following"], page["followers"]) == (True, 1)
    assert (await profiles.ask("GET", "/followers/ada")).json() == {"followers": 1}
    assert (await profiles.ask("GET", "/counts")).json()["follows"] == 1


async def test_an_author_whom_nobody_knows_cannot_be_followed(profiles: Profiles) -> None:
    await profiles.hear(trusted("L1", "nameless"))
    for author in ("unknown", "nameless", "%00", "%F0%9F%91%BB", "a" * 5000):
        for method in ("PUT", "DELETE"):
            answer = await profiles.ask(method, f"/follows/{author}", "reader")
            assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert await profiles.published("follows.v1") == []
    assert await profiles.mongo.collection("followees").count_documents({}) == 0


async def test_fifty_who_follow_at_once_are_all_counted(profiles: Profiles) -> None:
    accounts = [f"reader{n}" for n in range(50)]
    answers = await asyncio.gather(*(profiles.ask("PUT", "/follows/ada", each) for each in accounts))
    assert [answer.status_code for answer in answers] == [200] * 50
    assert sorted(answer.json()["followers"] for answer in answers) == list(range(1, 51))

    told = [json.loads(event["data"]) for event in await profiles.events("follows.v1")]
    assert [one["followers"] for one in told] == list(range(1, 51))
    assert {one["account_id"] for one in told} == set(accounts)
    assert [sequence for _, sequence, _ in await profiles.published("follows.v1")] == list(range(1, 51))


async def test_two_replicas_keep_one_count(profiles: Profiles) -> None:
    other = Profiles(profiles.mongo, 1)
    turns = [(profiles if n % 2 else other, "PUT", f"reader{n}") for n in range(10)]
    answers = await asyncio.gather(*(each.ask(method, "/follows/ada", who) for each, method, who in turns))
    await other.http.aclose()
    assert [answer.status_code for answer in answers] == [200] * 10
    assert [sequence for _, sequence, _ in await profiles.published("follows.v1")] == list(range(1, 11))


async def test_one_who_follows_twice_at_once_is_counted_once(profiles: Profiles) -> None:
    other = Profiles(profiles.mongo, 1)
    answers = await asyncio.gather(*(each.ask("PUT", "/follows/ada", "reader") for each in (profiles, other) * 3))
    await other.http.aclose()
    assert [answer.json()["followers"] for answer in answers] == [1] * 6
    assert await profiles.published("follows.v1") == [("ada", 1, "FollowCreated")]


async def test_one_who_follows_many_at_once_stops_at_the_cap(
    profiles: Profiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FOLLOW_CAPS, "L0", 5)
    authors = [f"author{n}" for n in range(12)]
    await profiles.hear(*(identified(each) for each in authors))
    answers = await asyncio.gather(*(profiles.ask("PUT", f"/follows/{each}", "reader") for each in authors))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [409] * 7
    assert (await profiles.ask("GET", "/counts")).json()["follows"] == 5


async def test_the_cap_is_that_of_the_best_record_that_the_account_holds(
    profiles: Profiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FOLLOW_CAPS, "L0", 1)
    await profiles.ask("PUT", "/follows/ada", "reader")
    refused = await profiles.ask("PUT", "/follows/bo", "reader")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/follow-cap-reached")

    claim = (await profiles.ask("POST", "/claims", "reader", json={"author_id": "ada"})).json()["claim_id"]
    decision = {"accept": True, "evidence": ["orcid_third_party"]}
    await profiles.ask("POST", f"/claims/{claim}/decision", reviewer=True, json=decision)
    await profiles.hear(identified("ada"), trusted("L3", "ada"))
    assert (await profiles.ask("PUT", "/follows/bo", "reader")).status_code == 200
    await profiles.ask("DELETE", "/follows/bo", "reader")
    assert (await profiles.ask("PUT", "/follows/bo", "reader")).status_code == 200
