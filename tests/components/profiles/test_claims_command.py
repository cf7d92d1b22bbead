"""`bzpeer claims` as a reviewer types it, against the service over real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bzpeer.claims import app
from tests.components.gateway.serving import closed_address, serving
from tests.components.profiles.conftest import KEY, Profiles

Run = Callable[..., Awaitable[Result]]


@pytest.fixture
async def run(profiles: Profiles, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Run]:
    """Runs the command beside the service."""
    monkeypatch.setenv("BZPEER_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("BZPEER_INTERNAL_KEY", KEY)

    async def command(*words: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, app, ["claims", *words])

    async with serving(profiles.app) as address:
        monkeypatch.setenv("BZPEER_PROFILES_URL", address)
        yield command


async def opened(profiles: Profiles) -> str:
    return str((await profiles.ask("POST", "/claims", "reader", json={"author_id": "ada"})).json()["claim_id"])


async def test_a_reviewer_lists_and_accepts(profiles: Profiles, run: Run) -> None:
    claim = await opened(profiles)
    assert claim in (await run("list")).stdout
    listed = json.loads((await run("list", "--json")).stdout)["items"]
    assert [one["claim_id"] for one in listed] == [claim]

    accepted = await run("accept", claim, "--evidence", "email_on_paper", "--evidence", "webmail", "--json")
    assert (accepted.exit_code, json.loads(accepted.stdout)["evidence"]) == (0, ["email_on_paper", "webmail"])
    again = await run("accept", claim, "--evidence", "email_on_paper")
    assert (again.exit_code, again.stdout.startswith("Accepted.")) == (0, True)
    assert (await run("list")).stdout == "No claim is pending.\n"
    assert claim in (await run("list", "--status", "accepted")).stdout


async def test_a_reviewer_rejects(profiles: Profiles, run: Run) -> None:
    rejected = await run("reject", await opened(profiles))
    assert (rejected.exit_code, rejected.stdout) == (0, "Rejected. The record can be claimed again.\n")


async def test_what_cannot_be_is_said_in_plain_words(profiles: Profiles, run: Run) -> None:
    claim = await opened(profiles)
    weak = await run("accept", claim, "--evidence", "webmail")
    assert (weak.exit_code, "third party's word" in weak.stderr, weak.stdout) == (1, True, "")
    unknown = await run("reject", "no-such-claim")
    assert (unknown.exit_code, unknown.stderr) == (1, "There is no claim with this id.\n")


@pytest.mark.parametrize(
    "words", [["accept", "c1"], ["accept", "c1", "--evidence", "my word"], ["reject"], ["list", "--status", "open"]]
)
async def test_wrong_usage_is_said(run: Run, words: list[str]) -> None:
    assert (await run(*words)).exit_code == 2


async def test_a_service_that_does_not_answer_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BZPEER_PROFILES_URL", closed_address())
    silent = await run("list")
    assert (silent.exit_code, "does not answer" in silent.stderr) == (1, True)
    monkeypatch.delenv("BZPEER_INTERNAL_KEY")
    nothing = await run("list")
    assert (nothing.exit_code, "bzpeer up" in nothing.stderr) == (1, True)
