"""What runs, written down: so that another terminal can ask, and so that nothing outlives a start that was killed.

A process is named by its id and the time it began, so that a reused id is never mistaken for one of ours.
"""

import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

import psutil
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deploy.embedded.child import Child

State = Literal["starting", "ready", "restarting", "failing", "stopped"]
SAME_MOMENT = 2.0
"""Seconds by which two readings of one process's start may differ (clocks are set)."""


class Process(BaseModel):
    """One process, beyond doubt."""

    model_config = ConfigDict(frozen=True)
    pid: int
    created: float

    @classmethod
    def current(cls) -> "Process":
        """This one."""
        return cls(pid=os.getpid(), created=psutil.Process().create_time())

    def handle(self) -> psutil.Process | None:
        """The running process, if it still is the one meant."""
        with suppress(psutil.Error):
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.created) < SAME_MOMENT
            if same and process.status() != psutil.STATUS_ZOMBIE:
                return process
        return None


class RecordedPart(BaseModel):
    """One part as it was last seen."""

    model_config = ConfigDict(frozen=True)
    name: str
    detail: str
    address: str
    state: State
    process: Process | None


class Run(BaseModel):
    """One run of a stack."""

    model_config = ConfigDict(frozen=True)
    owner: Process
    env: dict[str, str] = Field(default_factory=dict)
    """What a command needs to speak with this stack; no secrets."""
    parts: tuple[RecordedPart, ...] = ()


def recorded(child: Child, state: State) -> RecordedPart:
    """A part for the record."""
    process = Process(pid=child.pid, created=child.created) if child.alive and child.pid else None
    part = child.part
    return RecordedPart(
        name=part.name,
        detail=part.detail,
        address=part.address,
        state="stopped" if process is None and state in {"starting", "ready"} else state,
        process=process,
    )


def write(path: Path, run: Run) -> None:
    """Replace the record in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(run.model_dump_json(indent=1))
    draft.replace(path)


def read(path: Path) -> Run | None:
    """The record, if there is one that can be read."""
    try:
        return Run.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def end_leftovers(path: Path, seconds: float = 5.0) -> list[str]:
    """End what a run that is itself gone left behind; returns the names of the parts. A live run is not touched."""
    run = read(path)
    if run is None or run.owner.handle() is not None:
        return []
    left = {part.name: part.process for part in run.parts if part.process and part.process.handle()}
    processes = list(left.values())
    for what in (signal.SIGTERM, signal.SIGKILL):
        for process in processes:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, what)
        processes = still_there(processes, seconds)
    path.unlink(missing_ok=True)
    return list(left)


def still_there(processes: Sequence[Process], seconds: float) -> list[Process]:
    """Wait until they are gone, and return those that are not by then."""
    deadline = time.monotonic() + seconds
    left = [process for process in processes if process.handle()]
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left = [process for process in left if process.handle()]
    return left
