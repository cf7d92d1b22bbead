"""A running part: its process, its log, and how it is ended."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psutil

from deploy.embedded.parts import Part

LOG_BYTES = 5_000_000


class Child:
    """One part and its process, if it runs. The process leads a group of its own, so that Ctrl-C does not reach it."""

    def __init__(self, part: Part, log: Path) -> None:
        self.part = part
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int | None:
        """Of the process that runs or ran last."""
        return self.process.pid if self.process else None

    @property
    def created(self) -> float:
        """When the process started, as the system says; with the pid it names the process beyond doubt."""
        with suppress(psutil.Error):
            return psutil.Process(self.pid).create_time() if self.pid else 0.0
        return 0.0

    def start(self) -> None:
        """Prepare and start; returns at once."""
        if self.alive:
            return
        self.part.prepare()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                self.part.command,
                cwd=self.part.folder,
                env=os.environ | dict(self.part.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def send(self, what: signal.Signals) -> None:
        """A signal to the process and all that it started."""
        if self.process is not None and self.alive:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, what)

    def kill(self) -> None:
        """End it as a crash would, at once."""
        self.send(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def last_lines(self, count: int = 10) -> list[str]:
        """The end of its log."""
        if not self.log.exists():
            return []
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 20_000))
            return log.read().decode(errors="replace").splitlines()[-count:]


def stop_all(children: list[Child], seconds: float) -> list[str]:
    """Ask all to end at the same time, wait, and kill what has not; returns the names of those that were killed."""
    for child in children:
        child.send(signal.SIGTERM)
    deadline = time.monotonic() + seconds
    for child in children:
        if child.process is not None:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
    late = [child for child in children if child.alive]
    for child in late:
        child.kill()
    return [child.part.name for child in late]
