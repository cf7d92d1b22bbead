"""What `bzpeer up` decides by looking at the machine: ports and the database server."""

import os
from collections.abc import Callable

from deploy.embedded.errors import StackError
from deploy.embedded.layout import PORTS, Wanted
from deploy.embedded.mongo import KINDS, Server, find_server
from deploy.embedded.places import Places
from deploy.embedded.ports import free_ports, holder, is_free, next_free

Note = Callable[[str], None]


def choose_ports(wanted: Wanted, gateway: int, note: Note) -> dict[str, int]:
    """The usual ports, and free ones for inner parts whose port is taken. The gateway's is the person's choice."""
    if "gateway" in wanted.services and not is_free(gateway):
        raise StackError(
            f"Port {gateway} is taken by {holder(gateway)}.",
            f"Stop that, or use another port: bzpeer up --port {next_free(gateway)}   (or set BZPEER_PORT)",
        )
    ours = {"kafka": wanted.kafka, "controller": wanted.kafka, "mongodb": wanted.server, "mailbox": wanted.mailbox}
    ports = {**PORTS, "gateway": gateway}
    for name, port in PORTS.items():
        here = ours.get(name, name in wanted.services and name != "gateway")
        if here and not is_free(port):
            [ports[name]] = free_ports(1)
            note(f"Port {port} of {name} is taken by {holder(port)}; {name} uses {ports[name]} this time.")
    return ports


def choose_server(places: Places, note: Note) -> Server:
    """The database server: the one that wrote this checkout's data, or else the first found."""
    written_by = next((kind for kind in KINDS if (places.data / kind).exists()), None)
    found = find_server()
    if written_by in {None, found.kind}:
        return found
    anew = "to begin anew without data: bzpeer up --fresh"
    if os.environ.get("BZPEER_MONGOD"):
        raise StackError(
            f"BZPEER_MONGOD asks for {found.kind}, but the data here was written by {written_by}.",
            f"Unset it, or {anew}",
        )
    try:
        server = find_server(written_by)
    except StackError as error:
        what = f"The data here was written by {written_by}, which is not on this machine now."
        raise StackError(what, f"Install it again, or, {anew}") from error
    note(f"{found.kind} is here and preferred, but the data was written by {written_by}, which is used; {anew}")
    return server
