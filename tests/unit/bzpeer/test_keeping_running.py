"""Processes: started, watched, restarted, ended, and never left behind."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import psutil
import pytest

from deploy.embedded import records
from deploy.embedded.child import Child, stop_all
from deploy.embedded.errors import StackError
from deploy.embedded.inspect import inspect, total
from deploy.embedded.logs import Follower
from deploy.embedded.parts import Part
from deploy.embedded.places import Places
from deploy.embedded.records import Process, Run, recorded
from deploy.embedded.stack import wait_until_ready
from deploy.embedded.supervisor import StopRequested, Supervisor

WAITS = "import signal; print('up', flush=True); signal.pause()"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); signal.pause()"
BREAKS = "import sys; sys.exit('no heart')"


class Heard:
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def progress(self, _name: str, _size: int) -> AbstractContextManager[Callable[[int], None]]:
        return nullcontext(lambda _count: None)

    def ready(self, part: Part, seconds: float) -> None:
        self.said.append(f"{part.name} ready")

    def note(self, text: str) -> None:
        self.said.append(text)

    def trouble(self, text: str, lines: Sequence[str] = ()) -> None:
        self.said += [text, *lines]

    def log(self, name: str, line: str) -> None:
        self.said.append(f"{name}: {line}")


def program(name: str, code: str, log: Path) -> Part:
    """A part that is ready once its program has written something."""
    command = [sys.executable, "-c", code]
    return Part(name, command, port=0, ready=lambda: log.exists() and b"up" in log.read_bytes())


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Callable[[str], Child]]:
    """Makes children that do not outlive the test."""
    made: list[Child] = []

    def make(code: str) -> Child:
        log = tmp_path / f"part{len(made)}.log"
        made.append(Child(program(log.stem, code, log), log))
        return made[-1]

    yield make
    for each in made:
        each.kill()


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    """With a reporter that remembers; stopped in the end."""
    made = Supervisor(Places(tmp_path), Heard())
    yield made
    made.shut_down()


def said(supervisor: Supervisor) -> str:
    """All that it reported."""
    assert isinstance(supervisor.report, Heard)
    return "\n".join(supervisor.report.said)


def add(supervisor: Supervisor, name: str, code: str) -> None:
    """Start a program under the supervisor."""
    supervisor.add([program(name, code, supervisor.places.logs / f"{name}.log")])


def test_a_part_is_ready_when_it_answers_and_gone_when_it_is_stopped(child: Callable[[str], Child]) -> None:
    part = child(WAITS)
    part.start()
    wait_until_ready([part], 10)
    assert part.alive
    assert stop_all([part], 5) == []
    assert not part.alive


def test_a_part_that_ends_at_once_is_an_error_with_its_log(child: Callable[[str], Child]) -> None:
    part = child(BREAKS)
    part.start()
    with pytest.raises(StackError, match="no heart"):
        wait_until_ready([part], 10)


def test_a_part_that_does_not_listen_is_killed_in_the_end(child: Callable[[str], Child]) -> None:
    deaf = child(DEAF)
    deaf.start()
    wait_until_ready([deaf], 10)
    assert stop_all([deaf], 0.2) == [deaf.part.name]
    assert not deaf.alive


def test_a_killed_part_is_started_again_and_that_is_said(supervisor: Supervisor) -> None:
    add(supervisor, "works", WAITS)
    assert supervisor.settle(["works"], 10) == []
    works = supervisor.watched["works"].child
    before = works.pid
    works.kill()
    supervisor.watch(lambda: works.pid == before)
    assert supervisor.settle(["works"], 10) == []
    assert "works was ended by SIGKILL; it is started again in 0.5 s" in said(supervisor)


def test_a_part_that_keeps_ending_is_reported_with_its_log_and_what_to_do(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.embedded.supervisor.back_off", lambda _crashes: 0.0)
    add(supervisor, "graph", BREAKS)
    assert supervisor.settle(["graph"], 20) == ["graph"]
    assert "graph keeps ending (ended with code 1)" in said(supervisor)
    assert "no heart" in said(supervisor)
    assert "What to do" in said(supervisor)


def test_others_run_on_beside_a_part_that_keeps_ending(supervisor: Supervisor) -> None:
    add(supervisor, "works", WAITS)
    add(supervisor, "graph", BREAKS)
    assert supervisor.settle(["works"], 10) == []


def test_a_request_to_stop_ends_the_watch(supervisor: Supervisor) -> None:
    add(supervisor, "works", WAITS)
    supervisor._on_signal(15, None)
    with pytest.raises(StopRequested):
        supervisor.watch(lambda: True)
    supervisor.shut_down()
    assert not supervisor.watched["works"].child.alive
    assert not supervisor.places.record.exists()


def test_a_job_runs_to_its_end_while_parts_are_watched(supervisor: Supervisor) -> None:
    job = supervisor.run_job("topics", [sys.executable, "-c", "print('made')"], {})
    assert job.process is not None
    assert job.process.returncode == 0
    assert job.last_lines() == ["made"]


def test_leftovers_of_a_run_that_is_gone_are_ended(child: Callable[[str], Child], tmp_path: Path) -> None:
    part = child(WAITS)
    part.start()
    gone = subprocess.Popen([sys.executable, "-c", ""])
    owner = Process(pid=gone.pid, created=psutil.Process(gone.pid).create_time())
    gone.wait()
    record = tmp_path / "run.json"
    records.write(record, Run(owner=owner, parts=(recorded(part, "ready"),)))
    assert records.end_leftovers(record) == [part.part.name]
    assert not part.alive
    assert not record.exists()


def test_a_live_run_and_a_reused_process_id_are_left_alone(child: Callable[[str], Child], tmp_path: Path) -> None:
    part = child(WAITS)
    part.start()
    record = tmp_path / "run.json"
    records.write(record, Run(owner=Process.current(), parts=(recorded(part, "ready"),)))
    assert records.end_leftovers(record) == []
    other = Process(pid=part.pid or 0, created=part.created - 3600)
    assert other.handle() is None
    assert part.alive


def test_a_record_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    record = tmp_path / "run.json"
    assert records.read(record) is None
    record.write_text(json.dumps({"owner": 1}))
    assert records.read(record) is None


def test_status_shows_what_each_part_uses(
    child: Callable[[str], Child], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.embedded.inspect.SAMPLE_SECONDS", 0.05)
    monkeypatch.setattr("deploy.embedded.inspect.answers", lambda _part: True)
    part = child(WAITS)
    part.start()
    wait_until_ready([part], 10)
    [shown, owner] = inspect(Run(owner=Process.current(), parts=(recorded(part, "ready"),)))
    assert (shown.state, shown.pid) == ("ready", part.pid)
    assert shown.rss_bytes > 1_000_000
    assert total([shown, owner]).rss_bytes == shown.rss_bytes + owner.rss_bytes
    part.kill()
    assert recorded(part, "ready").state == "stopped"
    assert recorded(part, "failing").state == "failing"


def test_the_follower_shows_whole_lines_once(tmp_path: Path) -> None:
    shown: list[str] = []
    follower = Follower(lambda name, line: shown.append(f"{name}: {line}"))
    log = tmp_path / "works.log"
    log.write_text("old\n")
    follower.add(log)
    for text in ("old\none\ntw", "old\none\ntwo\n", "old\none\ntwo\n"):
        log.write_text(text)
        follower.step()
    assert shown == ["works: one", "works: two"]
    log.write_text("new\n")
    follower.step()
    assert shown[-1] == "works: new"


def test_waiting_for_processes_that_are_gone_takes_no_time() -> None:
    began = time.monotonic()
    assert records.still_there([Process(pid=2**22, created=0.0)], 5) == []
    assert time.monotonic() - began < 1
