"""Let Java remember Kafka's start: `python -m deploy.embedded.kafka_training`, once for each machine.

Java 25 can keep loaded classes and compiled code in a file (JEP 483, 514, 515). With it Kafka starts in 1 s instead
of 2.5 s, on half the processor time. `bzpeer up` has this made in the background after a first start.
"""

import os
import signal
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from deploy.embedded.child import Child, stop_all
from deploy.embedded.kafka import SILENT_JVM, kafka_part, memory_file
from deploy.embedded.ports import free_ports
from deploy.embedded.stack import wait_until_ready

PATIENCE = 60.0


def train() -> None:
    """Start a Kafka that nobody uses, stop it, and keep what Java learned; the file is moved into place whole."""
    target = memory_file()
    with tempfile.TemporaryDirectory(prefix=".part-", dir=target.parent) as folder:
        learned = Path(folder) / target.name
        port, controller_port = free_ports(2)
        part = kafka_part(Path(folder) / "kafka", port, controller_port)
        java, *options = part.command
        recording = replace(part, command=[java, f"-XX:AOTCacheOutput={learned}", SILENT_JVM, *options])
        child = Child(recording, Path(folder) / "kafka.log")
        try:
            child.start()
            wait_until_ready([child], PATIENCE)
            stop_all([child], PATIENCE)
        finally:
            child.kill()
        if learned.exists():
            learned.replace(target)


def training_command() -> list[str]:
    """Trains in a process of its own, at the lowest priority, so that nobody notices."""
    return [sys.executable, "-m", "deploy.embedded.kafka_training"]


if __name__ == "__main__":
    os.nice(19)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if not memory_file().exists():
        train()
