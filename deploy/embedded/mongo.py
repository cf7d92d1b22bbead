"""The MongoDB server: the first that this machine has of mongod, secantusd-rs and secantusd-py.

The SecantusDB servers are GPL: they are started as processes, never imported.
"""

import os
import shutil
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from deploy.embedded.errors import StackError
from deploy.embedded.parts import Part
from deploy.embedded.places import cache_folder
from deploy.embedded.ports import LOOPBACK
from deploy.embedded.replica_set import primary_answers

Kind = Literal["mongod", "secantusd-rs", "secantusd-py"]
KINDS: tuple[Kind, ...] = ("mongod", "secantusd-rs", "secantusd-py")
CACHE = ("--cache-size", os.environ.get("BZPEER_MONGO_CACHE", "1G"))
"""At most so much memory for data. Some 15,000 works fill 512 MB; a full cache stalls transactions."""
GIGABYTE_QUARTER = "0.25"


@dataclass(frozen=True, slots=True)
class Server:
    """A program that speaks MongoDB's protocol."""

    kind: Kind
    path: str


def find_server(kind: Kind | None = None) -> Server:
    """The server of this kind, or the first found: BZPEER_MONGOD, then the PATH, the cache and the environment."""
    named = os.environ.get("BZPEER_MONGOD")
    if named and kind is None:
        return _named_server(named)
    for candidate in (kind,) if kind else KINDS:
        path = _path_of(candidate)
        if path:
            return Server(candidate, path)
    raise StackError(
        f"No {kind or 'MongoDB server'} was found on this machine.",
        "Run `make up` again (it installs secantusd-py), `make fast-mongo` (it builds secantusd-rs), "
        "or use a server that you have: MONGODB_URI=mongodb://host:27017/?replicaSet=rs0 bzpeer up",
    )


def found_servers() -> list[Server]:
    """Every kind that this machine has, the preferred first."""
    return [Server(kind, path) for kind in KINDS if (path := _path_of(kind))]


def _named_server(named: str) -> Server:
    path = shutil.which(named)
    if path is None:
        raise StackError(
            f"BZPEER_MONGOD names {named}, and there is no such program.",
            "Give the path of mongod, secantusd-rs or secantusd-py, or unset it.",
        )
    name = Path(path).name
    return Server(next((kind for kind in KINDS if kind in name), "mongod"), path)


def _path_of(kind: Kind) -> str | None:
    places = {"mongod": [], "secantusd-rs": [built_server()], "secantusd-py": [Path(sys.executable).parent / kind]}
    in_place = [str(path) for path in places[kind] if path.exists()]
    return shutil.which(kind) or next(iter(in_place), None)


def built_server() -> Path:
    """Where `make fast-mongo` puts secantusd-rs."""
    return cache_folder() / "secantus" / "bin" / "secantusd-rs"


def mongo_part(server: Server, folder: Path, port: int) -> Part:
    """The server on `port` as a replica set of one, its data in `folder`."""
    return Part(
        name="mongodb",
        command=_command(server, folder, port),
        port=port,
        ready=partial(primary_answers, port),
        prepare=partial(_prepare, folder),
        detail=server.kind,
    )


def mongo_uri(port: int) -> str:
    """The address for clients. Direct, so that the name that the replica set gives itself does not matter."""
    return f"mongodb://{LOOPBACK}:{port}/?directConnection=true"


def _prepare(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.with_suffix(".toml").touch()


def _command(server: Server, folder: Path, port: int) -> list[str]:
    if server.kind == "mongod":
        place = ["--bind_ip", LOOPBACK, "--port", str(port), "--dbpath", str(folder), "--replSet", "bzpeer"]
        return [server.path, *place, "--wiredTigerCacheSizeGB", GIGABYTE_QUARTER, "--quiet"]
    place = ["--host", LOOPBACK, "--port", str(port), "--storage-path", str(folder)]
    settings = ["--config", str(folder.with_suffix(".toml")), "--log-level", "WARNING", "--sync-on-commit", *CACHE]
    small = ["--log-file-max", "32MB"] if server.kind == "secantusd-rs" else []
    return [server.path, *place, *settings, *small]
