"""The command line itself."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bzpeer.cli import app
from deploy.embedded import checkup
from deploy.embedded.checkup import Finding, check_up
from deploy.embedded.places import Places

runner = CliRunner()


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout in which nothing runs."""
    monkeypatch.setenv("BZPEER_STATE_DIR", str(tmp_path / "state"))


def all_commands() -> list[list[str]]:
    """The words of every command."""
    group = typer.main.get_command(app)
    found: list[list[str]] = []

    def walk(command: object, words: list[str]) -> None:
        inner = getattr(command, "commands", None)
        if inner is None:
            found.append(words)
        for name, each in (inner or {}).items():
            walk(each, [*words, name])

    walk(group, [])
    return found


@pytest.mark.parametrize("words", all_commands(), ids=" ".join)
def test_every_command_has_help_with_an_example(words: list[str]) -> None:
    shown = runner.invoke(app, [*words, "--help"])
    assert shown.exit_code == 0
    assert f"bzpeer {words[0]}" in shown.output
    assert "Example" in shown.output


def test_status_says_when_nothing_runs() -> None:
    shown = runner.invoke(app, ["status"])
    assert (shown.exit_code, shown.output.strip()) == (3, "Nothing runs in this checkout.")
    shown = runner.invoke(app, ["status", "--json"])
    assert (shown.exit_code, json.loads(shown.output)) == (3, {"running": False, "parts": []})


def test_down_says_when_nothing_runs() -> None:
    shown = runner.invoke(app, ["down"])
    assert (shown.exit_code, shown.output.strip()) == (0, "Nothing runs in this checkout.")


def test_a_service_that_does_not_exist_cannot_be_left_out() -> None:
    shown = runner.invoke(app, ["up", "--without", "graphs"])
    assert shown.exit_code == 2


def test_doctor_fails_when_something_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = Finding(verdict="wrong", what="Port 8000 is taken.", do="Use another.")
    monkeypatch.setattr("bzpeer.doctor.check_up", lambda _places: [wrong])
    shown = runner.invoke(app, ["doctor"])
    assert shown.exit_code == 1
    assert "Port 8000 is taken." in shown.output
    assert "Use another." in shown.output
    monkeypatch.setattr("bzpeer.doctor.check_up", lambda _places: [Finding(verdict="fine", what="Python 3.12")])
    assert runner.invoke(app, ["doctor"]).exit_code == 0


def test_doctor_notices_a_server_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "broker:9092")
    monkeypatch.setenv("MONGODB_URI", "mongodb://db")
    monkeypatch.setattr(checkup, "kafka_answers", lambda _servers: "connection refused")
    monkeypatch.setattr(checkup, "mongo_answers", lambda _uri: "")
    found = {finding.what: finding.verdict for finding in check_up(Places(tmp_path))}
    assert found["Kafka, which KAFKA_BOOTSTRAP_SERVERS names, does not answer: connection refused"] == "wrong"
    assert found["MongoDB, which MONGODB_URI names, answers"] == "fine"


def test_doctor_notices_a_full_disk_and_an_old_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "LEAST_DISK", 10**18)
    monkeypatch.setattr(checkup, "LEAST_PYTHON", (4, 0))
    wrong = [finding.what for finding in check_up(Places(tmp_path)) if finding.verdict == "wrong"]
    assert any("is too old" in what for what in wrong)
    assert any(what.startswith("Only ") for what in wrong)
