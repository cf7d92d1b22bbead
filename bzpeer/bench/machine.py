"""What a figure has to be read with: the machine, the versions, and how busy it was."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from bzpeer.bench.results import Machine

PACKAGES = ("bzpeer", "aiokafka", "faststream", "motor", "pymongo", "pydantic", "SecantusDB")


def load() -> float:
    """Processes that ran or waited to run, over the last minute."""
    return round(os.getloadavg()[0], 2)


def machine(load_before: float) -> Machine:
    """This machine now."""
    return Machine(
        system=f"{platform.system()} {platform.release()}",
        processor=_processor(),
        cores=os.cpu_count() or 1,
        memory=psutil.virtual_memory().total,
        versions={"python": platform.python_version(), **_versions()},
        load=(load_before, load()),
    )


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    lines = described.read_text(encoding="utf-8").splitlines() if described.exists() else []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()
