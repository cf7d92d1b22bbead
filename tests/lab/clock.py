"""Wall clocks that tests set while processes run: a small library, built with `cc`, that is loaded before libc.

It reaches all that asks libc for the time: Python's `time` and `datetime`, the ids that Rust makes, and the drivers.
"""

import shutil
import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_SOURCE = Path(__file__).with_name("clock.c")
_SECONDS = struct.Struct("=q")


def why_not() -> str | None:
    """Why clocks cannot be set on this machine, if so."""
    if sys.platform != "linux":
        return "clocks are set by LD_PRELOAD, which is Linux's"
    return None if shutil.which("cc") else "there is no C compiler to build the library that sets clocks"


class SettableClock:
    """The wall clock of the processes that are started with `env`."""

    def __init__(self, folder: Path) -> None:
        self._library, self._file = folder / "clock.so", folder / "clock.seconds"
        self.set(0)
        build = ["cc", "-shared", "-fPIC", "-O1", "-o", str(self._library), str(_SOURCE), "-ldl"]
        subprocess.run(build, check=True)

    @property
    def env(self) -> Mapping[str, str]:
        """What a process needs so that its clock can be set."""
        return {"LD_PRELOAD": str(self._library), "LAB_CLOCK": str(self._file)}

    def set(self, seconds: int) -> None:
        """Put the clock so many seconds before (negative) or after the machine's."""
        with self._file.open("r+b" if self._file.exists() else "w+b") as file:
            file.write(_SECONDS.pack(seconds))
