"""What all fault tests use: the lab, and a table at the end that says how much each scenario went through."""

from collections.abc import AsyncIterator

import pytest

from tests.lab.scenario import Scenario
from tests.lab.system import Lab, running_lab
from tests.servers import has_server

FIGURES: pytest.StashKey[list[str]] = pytest.StashKey()


@pytest.fixture
def scenario(request: pytest.FixtureRequest) -> Scenario:
    """Takes what the test saw."""
    lines = request.config.stash.setdefault(FIGURES, [])
    return Scenario(request.node.name.removeprefix("test_").replace("_", " "), lines)


@pytest.fixture(scope="session")
def fast_server() -> None:
    """The fast MongoDB server is on this machine."""
    if not has_server("secantusd-rs"):
        pytest.skip("secantusd-rs is not on this machine; `make fast-mongo` builds it")


@pytest.fixture
async def lab(fast_server: None) -> AsyncIterator[Lab]:
    """The lab, all of it running."""
    async with running_lab() as running:
        yield running


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table."""
    if lines := config.stash.get(FIGURES, []):
        terminalreporter.section("what the faults met")
        for line in lines:
            terminalreporter.write_line(line)
