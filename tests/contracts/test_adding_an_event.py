"""docs/adding-an-event.md works as it is written, and its event flows through Kafka into its view."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from deploy.embedded.places import CHECKOUT
from shared.ids import new_id
from tests.contracts.walk_through import Block, apply, blocks, copy_project

PAGE = CHECKOUT / "docs" / "adding-an-event.md"


@pytest.fixture(scope="module")
def steps() -> Sequence[Block]:
    """What the page says to do."""
    return blocks(PAGE)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, steps: Sequence[Block]) -> Path:
    """A copy of the project, after the walk-through."""
    folder = tmp_path_factory.mktemp("walk-through")
    copy_project(CHECKOUT, folder)
    for step in steps:
        apply(step, folder)
    run(folder, "bzpeer", "docs")
    return folder


def run(folder: Path, *module_and_arguments: str, **env: str) -> str:
    """What `python -m …` says there; fails with it when that fails."""
    command = [sys.executable, "-m", *module_and_arguments]
    env = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / ".bzpeer" / "cache"), **env}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout


def test_every_block_of_code_names_its_file_but_the_one_of_a_breaking_change(steps: Sequence[Block]) -> None:
    text = PAGE.read_text()
    assert text.count("```python\n") == 1
    assert text.count("```python title=") + text.count("```diff title=") == len(steps)
    assert len(steps) > 10


def test_the_code_is_written_as_ours_is(project: Path, steps: Sequence[Block]) -> None:
    files = sorted({step.path for step in steps})
    run(project, "ruff", "check", *files)
    run(project, "ruff", "format", "--check", *files)
    run(project, "importlinter.cli", "--no-cache")


def test_its_tests_and_those_of_the_contracts_pass(project: Path, steps: Sequence[Block]) -> None:
    its_own = [step.path for step in steps if step.path.startswith("tests/")]
    contracts = [f"tests/contracts/test_{name}.py" for name in ("topics", "examples")]
    run(project, "pytest", "-q", *its_own, *contracts)


def test_nothing_breaks_and_what_is_new_is_named(project: Path) -> None:
    assert "New since" in (said := run(project, "bzpeer", "schemas", "check"))
    assert "works.v1/WorkRetitled" in said


def test_the_event_flows(project: Path, kafka: str) -> None:
    servers = {"KAFKA_BOOTSTRAP_SERVERS": kafka, "BZPEER_TOPIC_PREFIX": f"t{new_id()[-12:]}."}
    assert "retitled" in run(project, "tests.contracts.flow", **servers)
