"""Keeps parts running: starts them, sees when they answer, restarts what ends, and says so.

One thread and no locks: everything happens in `step`, which is called until someone asks to stop. (supervisord,
circus and honcho were weighed: none waits for readiness, holds back a crashing program that had once come up,
or clears up after it was killed itself, and each would be one more process to run.)
"""

import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

from deploy.embedded import records
from deploy.embedded.child import Child, stop_all
from deploy.embedded.logs import Follower
from deploy.embedded.parts import Part
from deploy.embedded.places import Places
from deploy.embedded.records import Process, Run, State
from deploy.embedded.reporter import Reporter

PAUSE = 0.1
PAUSE_AT_REST = 0.3
RECENT = 60.0
"""Seconds for which a crash counts."""
MANY = 4
"""Recent crashes that make a part a failing one."""
LONGEST_DELAY = 30.0
ALL_STOP = 9.5
"""Seconds in which everything has stopped, or is killed."""
SERVICES_STOP = 7.0


class StopRequested(Exception):  # noqa: N818 - no error
    """Someone asked the stack to stop."""


def back_off(recent_crashes: int) -> float:
    """Seconds to wait before the next start: 0.5, 1, 2, … 30."""
    return float(min(LONGEST_DELAY, 0.5 * 2 ** (recent_crashes - 1)))


@dataclass(slots=True)
class Watched:
    """A part and how it fares."""

    child: Child
    state: State = "starting"
    started: float = field(default_factory=time.monotonic)
    crashes: list[float] = field(default_factory=list)
    restart_at: float | None = None

    def recent_crashes(self, now: float) -> int:
        """Crashes that still count."""
        self.crashes = [at for at in self.crashes if now - at < RECENT]
        return len(self.crashes)


class Supervisor:
    """The parts of one run of `bzpeer up`."""

    def __init__(self, places: Places, report: Reporter) -> None:
        self.places = places
        self.report = report
        self.env: Mapping[str, str] = {}
        self.watched: dict[str, Watched] = {}
        self.infrastructure: set[str] = set()
        self.follower = Follower(report.log)
        self._asked_to_stop = False
        self._job: Child | None = None

    def listen_to_signals(self) -> None:
        """Ctrl-C, `bzpeer down` and a closed terminal stop the stack; a second time kills what lingers."""
        for what in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(what, self._on_signal)

    def add(self, parts: Sequence[Part], *, infrastructure: bool = False) -> None:
        """Start parts, all at once, and watch them from now on."""
        for part in parts:
            child = Child(part, self.places.logs / f"{part.name}.log")
            self.watched[part.name] = Watched(child)
            if infrastructure:
                self.infrastructure.add(part.name)
            child.start()
            self._save()

    def settle(self, names: Sequence[str], patience: float) -> list[str]:
        """Watch until each of these answers or fails for good; returns those that do not answer."""
        deadline = time.monotonic() + patience
        watched = [self.watched[name] for name in names]
        while any(each.state not in {"ready", "failing"} for each in watched) and time.monotonic() < deadline:
            self.step()
            time.sleep(PAUSE)
        return [each.child.part.name for each in watched if each.state != "ready"]

    def run_job(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> Child:
        """Run a command to its end while the parts are watched."""
        job = Child(Part(name, command, port=0, ready=bool, env=env), self.places.logs / f"{name}.log")
        self._job = job
        job.start()
        self.watch(lambda: job.alive)
        self._job = None
        return job

    def watch(self, condition: Callable[[], bool]) -> None:
        """Watch for as long as the condition holds."""
        while condition():
            self.step()
            settled = self._job is None and all(each.state == "ready" for each in self.watched.values())
            time.sleep(PAUSE_AT_REST if settled else PAUSE)

    def step(self) -> None:
        """Look at every part once."""
        if self._asked_to_stop:
            raise StopRequested
        now = time.monotonic()
        for each in self.watched.values():
            if each.child.alive:
                self._see_alive(each, now)
            elif each.restart_at is None:
                self._see_crash(each, now)
            elif now >= each.restart_at:
                self._restart(each, now)
        self.follower.step()

    def shut_down(self) -> None:
        """Stop everything within 10 s: commands, services, then what they rest on."""
        deadline = time.monotonic() + ALL_STOP
        jobs = [self._job] if self._job else []
        children = {name: each.child for name, each in self.watched.items()}
        first = [child for name, child in children.items() if name not in self.infrastructure]
        late = stop_all([*jobs, *first], SERVICES_STOP)
        late += stop_all([children[name] for name in self.infrastructure], deadline - time.monotonic())
        self.follower.step()
        for name in late:
            self.report.trouble(f"{name} did not stop by itself and was killed.")
        self.places.record.unlink(missing_ok=True)

    def _see_alive(self, each: Watched, now: float) -> None:
        if each.state == "ready" or not each.child.part.ready():
            return
        each.state = "ready"
        self.report.ready(each.child.part, now - each.started)
        self._save()

    def _see_crash(self, each: Watched, now: float) -> None:
        each.crashes.append(now)
        count = each.recent_crashes(now)
        delay = back_off(count)
        each.restart_at = now + delay
        was_failing = each.state == "failing"
        each.state = "failing" if was_failing or count >= MANY else "restarting"
        if each.state == "restarting":
            self.report.trouble(f"{each.child.part.name} {ending(each.child)}; it is started again in {delay:g} s.")
        elif not was_failing:
            self._report_failing(each)
        self._save()

    def _report_failing(self, each: Watched) -> None:
        name = each.child.part.name
        self.report.trouble(
            f"{name} keeps ending ({ending(each.child)}). Its log, {each.child.log}, ends with:",
            each.child.last_lines(12),
        )
        self.report.note(
            f"What to do: read the lines above; `bzpeer doctor` looks for common causes. {name} is tried again "
            f"every {LONGEST_DELAY:g} s, so it comes back by itself once the cause is gone. The other parts run on."
        )

    def _restart(self, each: Watched, now: float) -> None:
        each.restart_at = None
        each.started = now
        if each.state != "failing":
            each.state = "starting"
        each.child.start()
        self._save()

    def _save(self) -> None:
        parts = tuple(records.recorded(each.child, each.state) for each in self.watched.values())
        records.write(self.places.record, Run(owner=Process.current(), env=dict(self.env), parts=parts))

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._asked_to_stop:
            for each in self.watched.values():
                each.child.send(signal.SIGKILL)
        self._asked_to_stop = True


def ending(child: Child) -> str:
    """How a process ended, in words."""
    code = child.process.returncode if child.process else None
    if code is not None and code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"
