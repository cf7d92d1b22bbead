"""`bzpeer docs`: what is generated from the events is written, or named when it is not up to date."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bzpeer import docs
from shared.events import examples, schemas

runner = CliRunner()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where all of it stands, as the code says."""
    monkeypatch.setattr(docs, "CHECKOUT", tmp_path)
    monkeypatch.setattr(docs, "EVENTS_PAGE", tmp_path / "events.md")
    monkeypatch.setattr(docs, "ASYNCAPI", tmp_path / "asyncapi")
    monkeypatch.setattr(schemas, "FOLDER", tmp_path / "schemas")
    monkeypatch.setattr(examples, "FOLDER", tmp_path / "examples")
    assert runner.invoke(docs.app, []).exit_code == 0
    return tmp_path


def test_what_was_written_is_up_to_date(folder: Path) -> None:
    shown = runner.invoke(docs.app, ["--check"])
    assert (shown.exit_code, shown.stdout) == (0, "All is up to date.\n")


def test_what_is_changed_missing_or_of_nothing_is_named_and_put_right(folder: Path) -> None:
    (folder / "events.md").write_text("# Events\n")
    (folder / "asyncapi" / "works.json").unlink()
    (folder / "schemas" / "works.v1" / "WorkForgotten.json").write_text("{}")
    shown = runner.invoke(docs.app, ["--check"])
    assert shown.exit_code == 1
    for name in ("events.md", "asyncapi/works.json", "schemas/works.v1/WorkForgotten.json"):
        assert f"not up to date: {name}\n" in shown.stdout
    assert "make contracts" in shown.stdout
    assert (folder / "events.md").read_text() == "# Events\n", "a check writes nothing"
    assert "removed: schemas/works.v1/WorkForgotten.json" in runner.invoke(docs.app, []).stdout
    assert runner.invoke(docs.app, ["--check"]).exit_code == 0
