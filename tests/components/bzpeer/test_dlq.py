"""`bzpeer dlq`: dead letters of all services, listed, shown, tried again and discarded."""

import json
from collections.abc import Mapping

import pytest

from tests.components.bzpeer.conftest import Run
from tests.components.bzpeer.fakes import FakeService, letter
from tests.components.gateway.serving import closed_address

Services = Mapping[str, FakeService]


async def test_letters_of_all_services_are_listed_oldest_first(services: Services, run: Run) -> None:
    services["graph"].hold(*(letter(f"aaaaaaaa{n}", first_at=f"2026-11-24T12:0{n}:00Z") for n in (5, 1, 3)))
    services["trust"].hold(letter("bbbbbbbb1", group="trust.record.v1", first_at="2026-11-24T12:02:00Z"))
    shown = await run("dlq", "list")
    first = [line.split()[0] for line in shown.stdout.splitlines() if not line.startswith(" ")]
    assert (shown.exit_code, first) == (0, ["aaaaaaaa1", "bbbbbbbb", "aaaaaaaa3", "aaaaaaaa5"])
    rows = json.loads((await run("dlq", "list", "--json", "--group", "trust.record.v1")).stdout)
    assert [(row["id"], row["service"]) for row in rows["items"]] == [("bbbbbbbb1", "trust")]
    assert (await run("dlq", "list", "--state", "waiting")).stdout == "There are no dead letters.\n"


async def test_one_letter_says_what_it_is_and_what_failed(services: Services, run: Run) -> None:
    services["graph"].hold(letter("abcdef0123456789"))
    assert (await run("dlq", "list")).stdout.splitlines() == [
        "abcdef01  graph.people.v1  dead after 5 tries since 2026-11-24T12:00:00Z",
        "    AuthorCredited #7 of ada  from authors.v1[3] at 120",
        "    ZeroDivisionError: no view can take this in",
    ]
    shown = (await run("dlq", "show", "abcd")).stdout.splitlines()
    assert shown[5:] == [
        "Headers",
        "    ce_type: AuthorCredited",
        "    ce_id: e1",
        "Body",
        "    {",
        '      "author_id": "ada"',
        "    }",
        "Stack",
        "    Traceback (most recent call last):",
        "      File people.py",
    ]
    full = json.loads((await run("dlq", "show", "abcdef0123456789", "--json")).stdout)
    assert (full["value"], full["service"]) == ('{"author_id": "ada"}', "graph")


@pytest.mark.parametrize("name", ["graph.people.v1~3", "graph.people.v1", "graph.people", "graph"])
async def test_letters_are_found_by_any_name_of_their_group(services: Services, run: Run, name: str) -> None:
    services["graph"].hold(letter("wanted", group="graph.people.v1~3"))
    services["graph"].hold(letter("other", group="graph.works.v1") if name != "graph" else letter("wanted"))
    services["trust"].hold(letter("another", group="trust.records.v1"))
    found = json.loads((await run("dlq", "list", "--group", name, "--json")).stdout)["items"]
    assert [each["id"] for each in found] == ["wanted"]


async def test_nothing_in_a_letter_commands_the_terminal(services: Services, run: Run) -> None:
    evil = "\x1b[2J\x9b31m\u202e"
    named = dict.fromkeys(("key", "subject", "type", "error", "stack", "value"), f"x{evil}\ny")
    services["graph"].hold(letter("ab", headers=[[f"n{evil}", f"v{evil}"]], **named))
    for words in (["dlq", "list"], ["dlq", "show", "ab"], ["dlq", "show", "ab", "--json"], ["dlq", "list", "--json"]):
        shown = (await run(*words)).stdout
        assert [char for char in shown if char != "\n" and not char.isprintable()] == []
        assert "[2J" in shown


async def test_what_no_letter_begins_with_and_what_several_do_is_said(services: Services, run: Run) -> None:
    services["graph"].hold(letter("abc1"))
    services["trust"].hold(letter("abc2"))
    missing = await run("dlq", "show", "x/../y")
    assert (missing.exit_code, "There is no dead letter x/../y." in missing.stderr) == (1, True)
    several = await run("dlq", "retry", "abc")
    assert (several.exit_code, several.stderr.strip()) == (1, "2 dead letters begin with abc: abc1, abc2 …")


async def test_a_retry_says_what_became_of_each(services: Services, run: Run) -> None:
    services["graph"].hold(letter("good"), letter("bad"))
    services["graph"].unfit = {"bad"}
    retried = await run("dlq", "retry", "--all")
    assert retried.exit_code == 3
    assert retried.stdout.splitlines() == [
        "1 taken in, 1 failed again, 0 wait.",
        "bad  graph.people.v1  waiting after 1 try since 2026-11-24T12:00:00Z, next at 2026-11-24T12:00:00Z",
        "    AuthorCredited #7 of ada  from authors.v1[3] at 120",
        "    ZeroDivisionError: still not",
    ]
    services["graph"].unfit = set()
    again = await run("dlq", "retry", "bad", "--json")
    outcome = json.loads(again.stdout)
    assert (again.exit_code, [row["id"] for row in outcome["taken_in"]], outcome["failed"]) == (0, ["bad"], [])


async def test_a_retry_does_not_wait_for_ever(services: Services, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bzpeer.dlq.WAIT_SECONDS", 0.5)
    services["graph"].hold(letter("held"))
    services["graph"].stopped = True
    held = await run("dlq", "retry", "--group", "graph.people.v1")
    assert (held.exit_code, held.stdout.splitlines()[0]) == (3, "0 taken in, 0 failed again, 1 waits.")
    asked = await run("dlq", "retry", "held", "--no-wait")
    assert (asked.exit_code, asked.stdout) == (0, "1 dead letter will be handled again at once.\n")


async def test_discarding_needs_a_yes(services: Services, run: Run) -> None:
    services["graph"].hold(letter("ab1"), letter("ab2"))
    unasked = await run("dlq", "discard", "ab1")
    assert (unasked.exit_code, "missing from graph.people.v1 for good" in unasked.stderr) == (2, True)
    assert "--yes" in unasked.stderr
    assert set(services["graph"].letters) == {"ab1", "ab2"}
    gone = await run("dlq", "discard", "ab1", "--yes")
    assert (gone.exit_code, gone.stdout, set(services["graph"].letters)) == (0, "Discarded 1 dead letter.\n", {"ab2"})


@pytest.mark.parametrize(("answer", "left"), [("y", set()), ("n", {"ab1"})])
async def test_whoever_is_there_is_asked(
    services: Services, run: Run, monkeypatch: pytest.MonkeyPatch, answer: str, left: set[str]
) -> None:
    monkeypatch.setattr("bzpeer.saying.someone_is_there", lambda: True)
    services["graph"].hold(letter("ab1"))
    asked = await run("dlq", "discard", "--group", "graph.people.v1", typed=answer)
    assert "Discard 1 dead letter? [y/N]" in asked.stderr
    assert (asked.exit_code, set(services["graph"].letters)) == (len(left), left)


@pytest.mark.parametrize("words", [["retry"], ["retry", "a", "--all"], ["discard"], ["list", "--state", "lost"]])
async def test_wrong_usage_is_said(run: Run, words: list[str]) -> None:
    assert (await run("dlq", *words)).exit_code == 2


async def test_a_service_that_is_down_is_named_and_the_others_listed(
    services: Services, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    services["graph"].hold(letter("abc1"))
    monkeypatch.setenv("BZPEER_TRUST_URL", closed_address())
    shown = await run("dlq", "list")
    assert (shown.exit_code, shown.stdout.startswith("abc1  ")) == (1, True)
    assert shown.stderr.startswith("trust is missing here: ")
    missing = await run("dlq", "show", "x")
    assert "in the services that answer; trust do not." in missing.stderr


async def test_a_wrong_key_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BZPEER_INTERNAL_KEY", "another" * 8)
    refused = await run("dlq", "list")
    assert (refused.exit_code, refused.stdout) == (1, "")
    monkeypatch.delenv("BZPEER_INTERNAL_KEY")
    assert "bzpeer up" in (await run("dlq", "list")).stderr
