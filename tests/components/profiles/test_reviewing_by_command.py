"""`bzpeer claims`: what a reviewer does from the command line."""

import pytest

from bzpeer.claims import Review, described
from shared.errors import Conflict, Invalid, NotFound
from shared.http import ServiceClient
from tests.components.profiles.conftest import KEY, Profiles
from tests.unit.profiles.given import identified


@pytest.fixture
def review(profiles: Profiles) -> Review:
    return Review(ServiceClient(str(profiles.http.base_url), KEY, "bzpeer", profiles.http))


async def opened(profiles: Profiles, author: str, account: str = "reader") -> str:
    body = {"author_id": author, "evidence": ["webmail"], "note": "I wrote them."}
    answer = await profiles.ask("POST", "/claims", account, json=body)
    return str(answer.json()["claim_id"])


async def test_pending_claims_are_listed_until_they_are_decided(profiles: Profiles, review: Review) -> None:
    first, second = await opened(profiles, "ada"), await opened(profiles, "bo")
    assert [claim["claim_id"] for claim in await review.all_of("pending")] == [first, second]

    accepted = await review.decide(first, accept=True, evidence=["email_on_paper"])
    rejected = await review.decide(second, accept=False, evidence=[])
    assert [accepted["status"], rejected["status"]] == ["accepted", "rejected"]
    assert await review.all_of("pending") == []


async def test_all_pages_are_listed(profiles: Profiles, review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bzpeer.claims.PAGE", 2)
    await profiles.hear(*(identified(f"author-{n}") for n in range(5)))
    claims = [await opened(profiles, f"author-{n}", f"account-{n}") for n in range(5)]
    assert [claim["claim_id"] for claim in await review.all_of("pending")] == claims


async def test_deciding_twice_alike_is_harmless_and_what_cannot_be_is_said(profiles: Profiles, review: Review) -> None:
    claim = await opened(profiles, "ada")
    with pytest.raises(Invalid):
        await review.decide(claim, accept=True, evidence=["webmail"])
    once = await review.decide(claim, accept=True, evidence=["email_on_paper"])
    assert await review.decide(claim, accept=True, evidence=["email_on_paper"]) == once
    with pytest.raises(Conflict):
        await review.decide(claim, accept=False, evidence=[])
    with pytest.raises(NotFound):
        await review.decide("no/such claim", accept=False, evidence=[])


def test_a_note_cannot_command_the_terminal() -> None:
    claim = {
        "claim_id": "c1",
        "author_id": "ada",
        "account_id": "reader",
        "evidence": [],
        "note": "It is me.\n\x1b[2Jgone [red]",
        "steps": [{"at": "2026-11-24T12:00:00Z"}],
    }
    assert described(claim) == (
        "c1  2026-11-24T12:00:00Z  record ada  account reader  on nothing\n    It is me.\n    [2Jgone [red]"
    )
