"""The whole system, once for each MongoDB server, with the demo records in it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded.mongo import Kind
from deploy.embedded.services import SERVICES
from deploy.embedded.stack import TemporaryStack
from tests.servers import KINDS, has_server
from tests.system import PATIENT, System

DEMO = Path(__file__).parents[2] / "services" / "works" / "demo" / "hannah-lawrence.xml"
CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session", params=KINDS)
def system(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Everything runs; the two demo works are imported; spans are written to `traces`."""
    kind: Kind = request.param
    if not has_server(kind):
        pytest.skip(f"{kind} is not on this machine; `make fast-mongo` builds it")
    traces = tmp_path_factory.mktemp("traces") / "spans.jsonl"
    env = {"BZPEER_TRACE_FILE": str(traces), **PATIENT}
    with TemporaryStack(mongo=kind, services=SERVICES, mailbox=True, env=env) as stack:
        running = System(stack, traces)
        running.import_feed(DEMO)
        yield running


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; tests in a browser skip without one."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no Chromium on this machine")
    return found
