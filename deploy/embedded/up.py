"""`bzpeer up`: the whole order of starting, from an empty machine to the address."""

import fcntl
import os
import secrets
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from deploy.embedded import records
from deploy.embedded.choices import choose_ports, choose_server
from deploy.embedded.errors import StackError
from deploy.embedded.kafka import memory_file
from deploy.embedded.kafka_training import training_command
from deploy.embedded.layout import Layout, Wanted, lay_out
from deploy.embedded.places import Places
from deploy.embedded.reporter import Reporter
from deploy.embedded.services import SERVICES
from deploy.embedded.stack import topics_command
from deploy.embedded.supervisor import Supervisor

DEMO = "services/works/demo/hannah-lawrence.xml"
DEMO_PAGE = "/researchers/hannah-lawrence"
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Options:
    """What a person may choose."""

    port: int = 8000
    """Of the gateway."""
    without: Sequence[str] = ()
    """Services that someone runs themselves."""
    fresh: bool = False
    """Begin without data."""
    demo: bool = True
    """Load the demo records on the first start."""


def up(places: Places, options: Options, report: Reporter) -> None:
    """Start everything, keep it running, and stop it when asked to. Raises StopRequested in the end."""
    with only_one(places):
        ended = records.end_leftovers(places.record)
        if ended:
            report.note(f"An earlier start was cut off; what it left running has been ended: {', '.join(ended)}.")
        if options.fresh:
            shutil.rmtree(places.data, ignore_errors=True)
        layout = plan(places, options, report)
        supervisor = Supervisor(places, report)
        supervisor.listen_to_signals()
        try:
            bring_up(supervisor, layout, report, demo=options.demo)
            if "kafka" in supervisor.watched and not memory_file().exists():
                supervisor.run_job("kafka-training", training_command(), {})
            supervisor.watch(lambda: True)
        finally:
            report.note("Stopping …")
            supervisor.shut_down()


def plan(places: Places, options: Options, report: Reporter) -> Layout:
    """Decide ports and programs; fetches what is missing."""
    given = os.environ
    kafka, mongo = "KAFKA_BOOTSTRAP_SERVERS" not in given, "MONGODB_URI" not in given
    wanted = Wanted(
        kafka=kafka,
        server=choose_server(places, report.note) if mongo else None,
        mailbox="BZPEER_SMTP_HOST" not in given,
        services=[name for name in SERVICES if name not in options.without],
        env={
            "BZPEER_INTERNAL_KEY": internal_key(places),
            "BZPEER_ASSETS_DIR": given.get("BZPEER_ASSETS_DIR", str(places.assets)),
        },
    )
    return lay_out(places, choose_ports(wanted, options.port, report.note), wanted, report.progress)


def bring_up(supervisor: Supervisor, layout: Layout, report: Reporter, *, demo: bool) -> None:
    """Start in order: what services rest on, topics, services, and on the first start the demo records."""
    supervisor.env = {name: value for name, value in layout.env.items() if name != "BZPEER_INTERNAL_KEY"}
    supervisor.add(layout.infrastructure, infrastructure=True)
    settle_infrastructure(supervisor, [part.name for part in layout.infrastructure])
    create_topics(supervisor, layout.env)
    install_faces(supervisor, layout, report)
    supervisor.add(layout.services)
    missing = supervisor.settle([part.name for part in layout.services], PATIENCE)
    if missing:
        report.trouble(f"Not answering yet: {', '.join(missing)}. The pages do without; see {supervisor.places.logs}.")
    address = layout.env["BZPEER_PUBLIC_URL"]
    if demo and layout.services and not missing:
        address += load_demo(supervisor, layout, report)
    for each in supervisor.watched.values():
        supervisor.follower.add(each.child.log)
    report.note(f"BZPEER runs: {address}   (Ctrl-C stops it; `bzpeer status` and `bzpeer doctor` tell more)")


def settle_infrastructure(supervisor: Supervisor, names: Sequence[str]) -> None:
    """Without these nothing works, so a part that does not come up ends the start."""
    missing = supervisor.settle(names, PATIENCE)
    if missing:
        lines = [line for name in missing for line in supervisor.watched[name].child.last_lines(15)]
        raise StackError(
            f"{' and '.join(missing)} did not start. The log ends with:\n" + "\n".join(lines),
            f"Read the lines above (all of it is in {supervisor.places.logs}), run `bzpeer doctor`, and start again.",
        )


def create_topics(supervisor: Supervisor, env: Mapping[str, str]) -> None:
    """Create the topics that are not there yet."""
    job = supervisor.run_job("topics", topics_command(), env)
    if job.process is None or job.process.returncode != 0:
        lines = "\n".join(job.last_lines(15))
        raise StackError(f"The topics could not be created. The log ends with:\n{lines}", f"All of it is in {job.log}.")


def install_faces(supervisor: Supervisor, layout: Layout, report: Reporter) -> None:
    """Fetch the pages' text faces once. Pages do without where that fails, and the next start tries again."""
    done = supervisor.places.assets / "faces-installed"
    if done.exists() or "gateway" not in {part.name for part in layout.services} or "BZPEER_ASSETS_DIR" in os.environ:
        return
    command = [sys.executable, "-m", "services.gateway.web.fonts", str(supervisor.places.assets / "fonts")]
    job = supervisor.run_job("faces", command, layout.env)
    if job.process is None or job.process.returncode != 0:
        report.note("The text faces could not be fetched, so pages use the system's; the next start tries again.")
        return
    done.touch()


def load_demo(supervisor: Supervisor, layout: Layout, report: Reporter) -> str:
    """Import the demo records once, into a database of our own only; returns the path of the page to look at."""
    done = supervisor.places.data / "demo-loaded"
    if done.exists():
        return DEMO_PAGE
    if "MONGODB_URI" in os.environ:
        return ""
    command = [sys.executable, "-m", "bzpeer", "import", "arxiv", DEMO, "--wait"]
    job = supervisor.run_job("demo", command, layout.env)
    if job.process is None or job.process.returncode != 0:
        report.trouble("The demo records could not be loaded; the next start tries again.", job.last_lines())
        return ""
    done.touch()
    report.note("The demo records are loaded.")
    return DEMO_PAGE


def internal_key(places: Places) -> str:
    """The services' shared secret: given, or made once and readable by its owner alone."""
    given = os.environ.get("BZPEER_INTERNAL_KEY")
    if given:
        return given
    places.root.mkdir(parents=True, exist_ok=True)
    if not places.key.exists() or not places.key.read_text():
        descriptor = os.open(places.key, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return places.key.read_text()


@contextmanager
def only_one(places: Places) -> Iterator[None]:
    """Hold the lock of this checkout. The system drops it with the process, so it is never stale."""
    places.root.mkdir(parents=True, exist_ok=True)
    with places.lock.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            run = records.read(places.record)
            who = f" (process {run.owner.pid})" if run else ""
            raise StackError(
                f"`bzpeer up` already runs in this checkout{who}.", "Use it, or stop it with `bzpeer down`."
            ) from error
        yield
