"""Kafka's jars: resolved by jgo from the committed lock, verified by sha256, kept in the user's cache.

`python -m deploy.embedded.kafka_jars` resolves them anew and writes the lock (`make lock` does).
"""

import hashlib
import os
import shutil
import tempfile
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.errors import StackError
from deploy.embedded.places import cache_folder

VERSION = "4.4.0"
COORDINATES = (f"org.apache.kafka:kafka_2.13:{VERSION}", "org.slf4j:slf4j-simple:1.7.36")
"""Kafka, and the logger that its own distribution would bring."""
LOCK = Path(__file__).with_name("kafka.lock.toml")

ABANDONED = 3600.0
"""Seconds after which nobody is still writing to a part of a download."""

Progress = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
"""Given a file's name and size, a context that takes the number of bytes as they arrive."""


def silent(_name: str, _size: int) -> AbstractContextManager[Callable[[int], None]]:
    """Shows no progress."""
    return nullcontext(lambda _count: None)


@dataclass(frozen=True, slots=True)
class Jar:
    """One locked file."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def path(self) -> Path:
        """Where it lies in the cache once verified."""
        return kafka_folder() / f"{self.artifact}-{self.version}.jar"


def kafka_folder() -> Path:
    """This version's folder in the user's cache."""
    return cache_folder() / f"kafka-{VERSION}"


def locked_jars() -> list[Jar]:
    """What the committed lock names."""
    entries = tomllib.loads(LOCK.read_text())["dependencies"]
    return [Jar(entry["groupId"], entry["artifactId"], entry["version"], entry["sha256"]) for entry in entries]


def is_intact(jar: Jar) -> bool:
    """Whether the cached file is there and is the locked one."""
    return jar.path.exists() and hashlib.sha256(jar.path.read_bytes()).hexdigest() == jar.sha256


def class_path(progress: Progress = silent) -> str:
    """Java's class path for Kafka; fetches what is missing. A file is moved into place only once it is verified."""
    jars = locked_jars()
    missing = [jar for jar in jars if not jar.path.exists()]
    if missing:
        _fetch(missing, progress)
    return os.pathsep.join(str(jar.path) for jar in jars)


def _fetch(jars: list[Jar], progress: Progress) -> None:
    import requests  # noqa: PLC0415 - slow to import, needed once

    kafka_folder().mkdir(parents=True, exist_ok=True)
    _sweep()
    with tempfile.TemporaryDirectory(prefix=".part-", dir=kafka_folder()) as part, ThreadPoolExecutor(8) as pool:
        try:
            list(pool.map(lambda jar: _fetch_one(jar, Path(part), progress), jars))
        except (requests.RequestException, RuntimeError) as error:
            raise StackError(
                f"Kafka could not be fetched from Maven Central ({type(error).__name__}).",
                "Check the network and start again: what has arrived is kept. "
                "Or use a Kafka that you have: KAFKA_BOOTSTRAP_SERVERS=host:9092 bzpeer up",
            ) from error


def _sweep() -> None:
    """Remove what downloads that were cut off have left."""
    for part in kafka_folder().glob(".part-*"):
        if time.time() - part.stat().st_mtime > ABANDONED:
            shutil.rmtree(part, ignore_errors=True)


def _fetch_one(jar: Jar, folder: Path, progress: Progress) -> None:
    from jgo.maven import MavenContext, PythonResolver  # noqa: PLC0415 - slow to import, needed once

    maven = MavenContext(PythonResolver(progress_callback=progress), repo_cache=folder, timeout=30)
    arrived = maven.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()
    found = hashlib.sha256(arrived.read_bytes()).hexdigest()
    if found != jar.sha256:
        raise StackError(
            f"{jar.path.name} is not the file that {LOCK.name} names: its sha256 is {found}, not {jar.sha256}",
            "Start again. If it stays so, something between here and Maven Central changes files: do not use them.",
        )
    arrived.replace(jar.path)


def write_lock() -> None:
    """Resolve the coordinates (without the parts of others that they do not need) and write the lock."""
    import jgo  # noqa: PLC0415
    from jgo.env import LockedDependency, LockFile  # noqa: PLC0415

    kafka, logger = (jgo.resolve(coordinate) for coordinate in COORDINATES)
    known = {artifact.artifactId for artifact in kafka}
    artifacts = [*kafka, *(artifact for artifact in logger if artifact.artifactId not in known)]
    locked = [
        LockedDependency(
            a.groupId, a.artifactId, a.version, sha256=hashlib.sha256(a.resolve().read_bytes()).hexdigest()
        )
        for a in artifacts
    ]
    LockFile(locked, environment_name="kafka", jgo_version=jgo.__version__).save(LOCK)


if __name__ == "__main__":
    write_lock()
