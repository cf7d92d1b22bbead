"""`bzpeer schemas`: what a change of the events would break is named before it is released."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from typer.testing import CliRunner

from bzpeer import schemas
from deploy.embedded.places import CHECKOUT
from shared.events.breaking import breaks
from shared.events.contract import Contract, read, today, write
from shared.events.registry import EVENT_TYPES
from shared.events.topics import TOPICS, TopicSpec
from shared.events.upcasters import UPCASTERS, Upcaster
from shared.events.works import WorkImported

KEY = "works.v1/WorkImported"
runner = CliRunner()


@pytest.fixture
def released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A last release that is as today."""
    path = tmp_path / "released.json"
    write(path, today("1.0.0"))
    monkeypatch.setattr(schemas, "RELEASED", path)
    return path


def differently(path: Path, change: Callable[[dict[str, Any]], Any]) -> Path:
    """The release as if WorkImported's schema had been another."""
    contract = read(path).model_dump()
    change(contract["schemas"][KEY])
    write(path, Contract.model_validate(contract))
    return path


def check(path: Path) -> tuple[int, Any]:
    shown = runner.invoke(schemas.app, ["schemas", "check", "--against", str(path), "--json"])
    return shown.exit_code, json.loads(shown.stdout)


def test_nothing_breaks_when_nothing_changed(released: Path) -> None:
    assert check(released) == (0, {"against": "1.0.0", "added": [], "breaks": []})


def test_a_new_event_breaks_nobody_and_is_named(released: Path) -> None:
    contract = read(released)
    write(released, contract.model_copy(update={"schemas": {KEY: contract.schemas[KEY]}}))
    code, said = check(released)
    assert (code, said["breaks"]) == (0, [])
    assert "works.v1/WorkUpdated" in said["added"]


def test_a_property_that_consumers_of_the_last_release_need_is_missed(released: Path) -> None:
    def was(schema: dict[str, Any]) -> None:
        schema["properties"]["pages"] = {"type": "integer"}
        schema["required"].append("pages")

    code, said = check(differently(released, was))
    (found,) = said["breaks"]
    assert code == 1
    assert (found["topic"], found["event"], found["path"]) == ("works.v1", "WorkImported", "pages")
    assert (found["was"], found["now"]) == ("required", "absent")
    assert found["hurts"] == {"older consumers": ["graph"]}
    assert "make works.v2 with an upcaster from works.v1" in found["instead"]


def test_a_property_that_older_events_lack_is_missed_by_all_who_rebuild(released: Path) -> None:
    code, said = check(
        differently(released, lambda schema: [schema["properties"].pop("year"), schema["required"].remove("year")])
    )
    (found,) = said["breaks"]
    assert (code, found["path"], found["was"], found["now"]) == (1, "year", "absent", "required")
    assert found["hurts"] == {"older events": ["graph", "works"]}
    assert "Give it a default" in found["instead"]


def test_it_is_said_in_plain_words(released: Path) -> None:
    path = differently(released, lambda schema: schema["properties"]["year"].update(type="string"))
    shown = runner.invoke(schemas.app, ["schemas", "check", "--against", str(path)])
    assert shown.exit_code == 1
    assert "✗ works.v1 WorkImported year: was string, is integer" in shown.stdout
    assert "not be able to read what is written from now on: graph." in shown.stdout
    assert "no view can be rebuilt from it: graph, works." in shown.stdout


def test_a_removed_event_is_missed(released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(EVENT_TYPES, "WorkImported")
    code, said = check(released)
    (found,) = said["breaks"]
    assert (code, found["event"], found["was"], found["now"]) == (1, "WorkImported", "an event", "gone")
    assert found["hurts"] == {"older events": ["graph", "works"]}


def test_an_example_of_the_last_release_has_to_be_read(released: Path) -> None:
    contract = read(released).model_dump()
    contract["examples"][KEY]["year"] = "MMXXIV"
    write(released, Contract.model_validate(contract))
    code, said = check(released)
    (found,) = said["breaks"]
    assert (code, found["was"]) == (1, "a readable example")
    assert found["now"].startswith("not (year: Input should be a valid integer")


@pytest.mark.parametrize(("field", "value"), [("key", "author id"), ("partitions", 24)])
def test_a_topic_whose_order_would_change_is_a_break(released: Path, field: str, value: Any) -> None:
    contract = read(released).model_dump()
    contract["topics"]["works.v1"][field] = value
    write(released, Contract.model_validate(contract))
    code, said = check(released)
    (found,) = said["breaks"]
    assert (code, found["path"]) == (1, field)
    assert found["hurts"] == {"order": ["graph", "works"]}


def test_events_are_kept_as_long_as_before(released: Path) -> None:
    contract = today().model_dump()
    contract["topics"]["works.v1"]["retention_ms"] = 1000
    shorter = Contract.model_validate(contract)
    assert [each.path for each in breaks(read(released), shorter)] == ["retention_ms"]
    assert breaks(shorter, today()) == []


def test_a_folder_of_schemas_may_be_compared_with(tmp_path: Path) -> None:
    (tmp_path / "works.v1").mkdir()
    (tmp_path / "works.v1" / "WorkImported.json").write_text(json.dumps(WorkImported.model_json_schema()))
    assert check(tmp_path)[0] == 0


@pytest.mark.parametrize("content", [None, "", "{}", '{"version": "1", "schemas": {}}'])
def test_what_holds_no_schemas_is_refused(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "released.json"
    if content is not None:
        path.write_text(content)
    shown = runner.invoke(schemas.app, ["schemas", "check", "--against", str(path)])
    assert shown.exit_code == 2
    assert "holds no schemas" in shown.stderr


def test_what_breaks_is_not_released_unless_it_is_meant(released: Path) -> None:
    differently(released, lambda schema: schema["properties"]["year"].update(type="string"))
    assert runner.invoke(schemas.app, ["schemas", "release", "1.1.0"]).exit_code == 1
    assert read(released).version == "1.0.0"
    assert runner.invoke(schemas.app, ["schemas", "release", "1.1.0", "--accept-breaks"]).exit_code == 0
    assert read(released) == today("1.1.0")


class LaterWork(WorkImported):
    """WorkImported as it would be on a second version of its topic: with a year of one's own wording."""

    topic: ClassVar[str] = "works.v2"

    year: str  # type: ignore[assignment]


def test_a_breaking_change_passes_as_a_new_topic_version_with_an_upcaster(
    released: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(EVENT_TYPES, "WorkImported", LaterWork)
    assert check(released)[0] == 1
    upcaster = Upcaster(LaterWork, lambda old: {**old, "year": str(old["year"])})
    monkeypatch.setitem(UPCASTERS, ("works.v1", "WorkImported"), upcaster)
    assert check(released) == (0, {"against": "1.0.0", "added": ["works.v2/WorkImported"], "breaks": []})
    assert runner.invoke(schemas.app, ["schemas", "release", "2.0.0"]).exit_code == 0
    monkeypatch.setitem(UPCASTERS, ("works.v1", "WorkImported"), Upcaster(LaterWork, lambda old: old))
    code, said = check(released)
    assert (code, said["breaks"][0]["was"]) == (1, "a readable example"), "old forms are read at every check"
    monkeypatch.delitem(UPCASTERS, ("works.v1", "WorkImported"))
    assert check(released)[0] == 1, "an upcaster is kept for ever"


def test_a_removed_topic_is_missed(released: Path) -> None:
    contract = read(released)
    old = {"notes.v1": {**contract.topics["works.v1"], "name": "notes.v1", "readers": ["notify"]}}
    write(released, contract.model_copy(update={"topics": contract.topics | old}))
    code, said = check(released)
    (found,) = said["breaks"]
    assert (code, found["topic"], found["event"], found["now"]) == (1, "notes.v1", None, "gone")
    assert found["hurts"] == {"older events": ["notify", "works"]}


def test_the_table_of_topics_is_part_of_the_contract() -> None:
    assert {name: TopicSpec(**spec).partitions for name, spec in today().topics.items()} == {
        spec.name: spec.partitions for spec in TOPICS
    }


def test_a_change_under_way_is_named_though_the_examples_do_not_fit_it_yet() -> None:
    script = "import sys, bzpeer.schemas; sys.exit('shared.events.examples' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT, check=False).returncode == 0
