"""Claiming a record: asked for by one account, decided by a reviewer."""

import asyncio
from datetime import timedelta

import pytest

from tests.components.profiles.conftest import START, Profiles
from tests.unit.profiles.given import identified

FOUND = {"accept": True, "evidence": ["orcid_third_party"]}
REJECTED = {"accept": False}


async def opened(profiles: Profiles, account: str = "reader", author: str = "ada") -> str:
    body = {"author_id": author, "evidence": ["webmail"], "note": "I wrote them."}
    answer = await profiles.ask("POST", "/claims", account, json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["claim_id"])


async def decided(profiles: Profiles, claim: str, decision: object, account: str | None = None) -> tuple[int, str]:
    answer = await profiles.ask("POST", f"/claims/{claim}/decision", account, reviewer=True, json=decision)
    return answer.status_code, answer.json().get("status" if answer.is_success else "type")


async def test_a_claim_is_accepted_and_counts_after_the_tripwire(profiles: Profiles) -> None:
    claim = await opened(profiles)
    profiles.wait(hours=1)
    assert await decided(profiles, claim, FOUND) == (200, "accepted")
    assert await decided(profiles, claim, FOUND) == (200, "accepted")

    shown = (await profiles.ask("GET", f"/claims/{claim}", "reader")).json()
    assert [step["what"] for step in shown["steps"]] == ["opened", "accepted"]
    assert shown["counts_from"] == (START + timedelta(hours=73)).isoformat().replace("+00:00", "Z")
    assert await profiles.published("claims.v1") == [("ada", 1, "ClaimOpened"), ("ada", 2, "AuthorClaimed")]
    assert (await profiles.ask("GET", "/profiles/ada")).json()["claim_status"] == "claimed"


async def test_asking_again_gives_the_claim_that_stands(profiles: Profiles) -> None:
    claim = await opened(profiles)
    assert await opened(profiles) == claim
    await decided(profiles, claim, FOUND)
    assert await opened(profiles) == claim


async def test_a_rival_is_refused_until_the_claim_is_rejected(profiles: Profiles) -> None:
    claim = await opened(profiles)
    refused = await profiles.ask("POST", "/claims", "rival", json={"author_id": "ada"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/record-pending")
    assert await decided(profiles, claim, REJECTED) == (200, "rejected")
    assert await opened(profiles, "rival") != claim
    assert [sequence for _, sequence, _ in await profiles.published("claims.v1")] == [1, 2, 3]


async def test_of_two_who_ask_at_once_one_is_first(profiles: Profiles) -> None:
    other = Profiles(profiles.mongo, 1)
    asking = [(profiles, "a"), (other, "b"), (profiles, "c"), (other, "d")]
    answers = await asyncio.gather(
        *(each.ask("POST", "/claims", account, json={"author_id": "ada"}) for each, account in asking)
    )
    await other.http.aclose()
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert await profiles.published("claims.v1") == [("ada", 1, "ClaimOpened")]
    assert await profiles.mongo.collection("claims").count_documents({}) == 1


async def test_one_who_asks_for_many_at_once_gets_five(profiles: Profiles) -> None:
    authors = [f"author{n}" for n in range(9)]
    await profiles.hear(*(identified(each) for each in authors))
    other = Profiles(profiles.mongo, 1)
    answers = await asyncio.gather(
        *(
            each.ask("POST", "/claims", "reader", json={"author_id": author})
            for author, each in zip(authors, [profiles, other] * 5, strict=False)
        )
    )
    await other.http.aclose()
    assert sorted(answer.status_code for answer in answers) == [201] * 5 + [409] * 4


async def test_of_two_decisions_at_once_one_stands(profiles: Profiles) -> None:
    claim = await opened(profiles)
    answers = await asyncio.gather(*(decided(profiles, claim, each) for each in (FOUND, REJECTED)))
    assert sorted(status for status, _ in answers) == [200, 409]
    assert len(await profiles.events("claims.v1")) == 2


async def test_acceptance_needs_a_third_partys_word(profiles: Profiles) -> None:
    claim = await opened(profiles)
    for evidence in ([], ["webmail", "vouch"]):
        refused = await decided(profiles, claim, {"accept": True, "evidence": evidence})
        assert refused == (422, "/problems/evidence-not-sufficient")
    assert len(await profiles.events("claims.v1")) == 1


async def test_nobody_decides_their_own_claim_or_without_being_a_reviewer(profiles: Profiles) -> None:
    claim = await opened(profiles)
    assert await decided(profiles, claim, FOUND, "reader") == (403, "/problems/own-claim")
    for account in ("reader", "rival", None):
        answer = await profiles.ask("POST", f"/claims/{claim}/decision", account, json=FOUND)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/reviewers-only")
    assert (await profiles.ask("GET", "/claims", "reader")).status_code == 403


async def test_a_claim_is_for_its_parties(profiles: Profiles) -> None:
    claim = await opened(profiles)
    assert (await profiles.ask("GET", f"/claims/{claim}", "reader")).json()["note"] == "I wrote them."
    assert (await profiles.ask("GET", f"/claims/{claim}", reviewer=True)).status_code == 200
    for account in ("rival", None):
        assert (await profiles.ask("GET", f"/claims/{claim}", account)).status_code == 404


async def test_the_claimants_own_words_are_in_no_event(profiles: Profiles) -> None:
    await decided(profiles, await opened(profiles), FOUND)
    assert "wrote" not in str(await profiles.events("claims.v1"))


async def test_claims_are_listed_page_by_page(profiles: Profiles) -> None:
    authors = [f"author{n}" for n in range(5)]
    await profiles.hear(*(identified(each) for each in authors))
    claims = [await opened(profiles, author=each) for each in authors]
    await decided(profiles, claims.pop(2), REJECTED)

    first = (await profiles.ask("GET", "/claims", reviewer=True, params={"limit": 3})).json()
    rest = await profiles.ask("GET", "/claims", reviewer=True, params={"limit": 3, "cursor": first["next_cursor"]})
    assert [one["claim_id"] for one in [*first["items"], *rest.json()["items"]]] == claims
    assert rest.json()["next_cursor"] is None
    rejected = (await profiles.ask("GET", "/claims", reviewer=True, params={"status": "rejected"})).json()["items"]
    assert [one["author_id"] for one in rejected] == ["author2"]
    assert (await profiles.ask("GET", "/counts")).json()["open_claims"] == 4


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"author_id": None}, 422),
        ({"author_id": {"$gt": ""}}, 422),
        ({"author_id": "unknown"}, 404),
        ({"author_id": "a" * 20_000_000}, 422),
        ({"author_id": "ada", "evidence": ["my word"]}, 422),
        ({"author_id": "ada", "evidence": ["webmail"] * 1000}, 422),
        ({"author_id": "ada", "note": "a" * 4001}, 422),
        ({"author_id": "ada", "note": "a\0b 👩‍🔬 \u202e"}, 201),
    ],
)
async def test_bad_claims_are_refused_in_words(profiles: Profiles, body: object, status: int) -> None:
    answer = await profiles.ask("POST", "/claims", "reader", json=body)
    assert answer.status_code == status
    assert len(answer.content) < 5000
    assert len(await profiles.events("claims.v1")) == (status == 201)


@pytest.mark.parametrize("claim", ["unknown", "%00", "a" * 5000])
async def test_an_unknown_claim_is_not_found(profiles: Profiles, claim: str) -> None:
    assert (await profiles.ask("GET", f"/claims/{claim}", reviewer=True)).status_code == 404
    assert await decided(profiles, claim, FOUND) == (404, "/problems/unknown-claim")
