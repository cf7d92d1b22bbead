"""Which parts a stack has, on which ports, and the variables by which they find each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from deploy.embedded.kafka import kafka_part
from deploy.embedded.kafka_jars import Progress, silent
from deploy.embedded.mailbox import mailbox_part
from deploy.embedded.mongo import Server, mongo_part, mongo_uri
from deploy.embedded.parts import Part
from deploy.embedded.places import Places
from deploy.embedded.ports import LOOPBACK, free_ports
from deploy.embedded.services import SERVICES, service_part, service_urls

PORTS: Mapping[str, int] = {
    "kafka": 19092,
    "controller": 19093,
    "mongodb": 27117,
    "mailbox": 8125,
    "works": 8101,
    "profiles": 8102,
    "trust": 8103,
    "graph": 8104,
    "notify": 8105,
    "gateway": 8000,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to start here; what is not wanted here is found by `env`, or not at all."""

    kafka: bool = True
    server: Server | None = None
    mailbox: bool = True
    services: Sequence[str] = SERVICES
    env: Mapping[str, str] = field(default_factory=dict)
    """Variables that win over the stack's own: addresses outside, the internal key, settings for tests."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts in the order of starting, and what a service or a command needs to know of them."""

    infrastructure: Sequence[Part]
    services: Sequence[Part]
    env: Mapping[str, str]


def any_free_ports() -> dict[str, int]:
    """Free ports for all parts, for a stack beside others."""
    return dict(zip(PORTS, free_ports(len(PORTS)), strict=True))


def lay_out(places: Places, ports: Mapping[str, int], wanted: Wanted, progress: Progress = silent) -> Layout:
    """Decide everything before anything starts; fetches Kafka where it is wanted and missing."""
    infrastructure: list[Part] = []
    env = {"PYTHONUNBUFFERED": "1", "BZPEER_INSTANCE": "embedded", **service_urls(ports)}
    if wanted.kafka:
        infrastructure.append(
            kafka_part(places.data / "kafka", ports["kafka"], ports["controller"], progress),
        )
        env["KAFKA_BOOTSTRAP_SERVERS"] = f"{LOOPBACK}:{ports['kafka']}"
    if wanted.server:
        infrastructure.append(mongo_part(wanted.server, places.data / wanted.server.kind, ports["mongodb"]))
        env["MONGODB_URI"] = mongo_uri(ports["mongodb"])
    if wanted.mailbox:
        infrastructure.append(mailbox_part(places.mailbox, ports["mailbox"]))
        env["BZPEER_SMTP_HOST"], env["BZPEER_SMTP_PORT"] = LOOPBACK, str(ports["mailbox"])
        env["BZPEER_MAILBOX_DIR"] = str(places.mailbox)
    env |= wanted.env
    return Layout(infrastructure, [service_part(name, ports[name], env) for name in wanted.services], env)
