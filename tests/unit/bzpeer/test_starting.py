"""What the embedded stack decides and tells before and while it starts things."""

import os
import socket
import sys
from pathlib import Path

import pytest

from deploy.embedded import choices, mongo
from deploy.embedded.choices import choose_ports, choose_server
from deploy.embedded.errors import StackError
from deploy.embedded.kafka_jars import LOCK, locked_jars
from deploy.embedded.layout import PORTS, Wanted, lay_out
from deploy.embedded.mongo import Server, find_server, mongo_part
from deploy.embedded.places import Places, cache_folder
from deploy.embedded.ports import free_ports, holder, is_free, next_free
from deploy.embedded.services import SERVICES
from deploy.embedded.supervisor import back_off
from deploy.embedded.up import internal_key

RS = Server("secantusd-rs", "/opt/secantusd-rs")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A stack's folder."""
    return Places(tmp_path / "state")


def program(folder: Path, name: str) -> Path:
    """A program of this name."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_a_port_that_a_server_holds_is_not_free_and_its_holder_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not is_free(port)
        assert str(os.getpid()) in holder(port)
        assert next_free(port) > port


def test_free_ports_are_different() -> None:
    assert len(set(free_ports(20))) == 20


def test_a_taken_gateway_port_is_the_persons_choice_to_make() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(StackError) as refusal:
            choose_ports(Wanted(), port, note=print)
    assert f"Port {port} is taken" in refusal.value.what
    assert "bzpeer up --port" in refusal.value.do


def test_a_taken_inner_port_is_replaced_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    notes: list[str] = []
    monkeypatch.setattr(choices, "is_free", lambda port: port != PORTS["mongodb"])
    ports = choose_ports(Wanted(server=RS), PORTS["gateway"], notes.append)
    assert ports["mongodb"] != PORTS["mongodb"]
    assert {**ports, "mongodb": PORTS["mongodb"]} == dict(PORTS)
    assert len(notes) == 1
    assert "27117" in notes[0]


def test_the_ports_of_what_is_not_started_here_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choices, "is_free", lambda _port: False)
    nothing = Wanted(kafka=False, server=None, mailbox=False, services=())
    assert choose_ports(nothing, PORTS["gateway"], note=print) == dict(PORTS)


def test_the_server_that_is_named_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BZPEER_MONGOD", str(program(tmp_path, "mongod-8.2")))
    assert find_server() == Server("mongod", str(tmp_path / "mongod-8.2"))


def test_a_named_server_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BZPEER_MONGOD", "/nowhere/mongod")
    with pytest.raises(StackError, match="no such program"):
        find_server()


def test_servers_are_preferred_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BZPEER_MONGOD", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "executable", str(program(tmp_path / "venv", "python")))
    with pytest.raises(StackError, match="No MongoDB server"):
        find_server()
    program(tmp_path / "venv", "secantusd-py")
    assert find_server().kind == "secantusd-py"
    program(mongo.built_server().parent, "secantusd-rs")
    assert find_server().kind == "secantusd-rs"
    program(tmp_path / "bin", "mongod")
    assert find_server().kind == "mongod"
    assert find_server("secantusd-py").kind == "secantusd-py"


def test_data_stays_with_the_server_that_wrote_it(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    notes: list[str] = []
    wrote = Server("secantusd-py", "/venv/secantusd-py")
    monkeypatch.delenv("BZPEER_MONGOD", raising=False)
    monkeypatch.setattr(choices, "find_server", lambda kind=None: wrote if kind == wrote.kind else RS)
    assert choose_server(places, notes.append) == RS
    (places.data / wrote.kind).mkdir(parents=True)
    assert choose_server(places, notes.append) == wrote
    assert "--fresh" in notes[0]
    monkeypatch.setenv("BZPEER_MONGOD", RS.path)
    with pytest.raises(StackError, match="written by secantusd-py"):
        choose_server(places, notes.append)


@pytest.mark.parametrize("kind", ["secantusd-rs", "secantusd-py"])
def test_secantus_always_syncs_on_commit(kind: mongo.Kind, tmp_path: Path) -> None:
    command = mongo_part(Server(kind, kind), tmp_path, 1).command
    assert "--sync-on-commit" in command
    assert "--cache-size" in command


def test_a_mongod_is_a_replica_set_on_loopback(tmp_path: Path) -> None:
    command = mongo_part(Server("mongod", "mongod"), tmp_path, 1).command
    assert command[command.index("--replSet") + 1] == "bzpeer"
    assert command[command.index("--bind_ip") + 1] == "127.0.0.1"


def test_services_learn_where_everything_is(places: Places) -> None:
    ports = dict(PORTS)
    wanted = Wanted(kafka=False, server=RS, env={"KAFKA_BOOTSTRAP_SERVERS": "broker:9092"})
    layout = lay_out(places, ports, wanted)
    assert [part.name for part in layout.infrastructure] == ["mongodb", "mailbox"]
    assert [part.name for part in layout.services] == list(SERVICES)
    graph = next(part for part in layout.services if part.name == "graph")
    assert graph.env["BZPEER_PORT"] == "8104"
    assert graph.env["BZPEER_WORKS_URL"] == "http://127.0.0.1:8101"
    assert graph.env["BZPEER_PUBLIC_URL"] == "http://127.0.0.1:8000"
    assert graph.env["KAFKA_BOOTSTRAP_SERVERS"] == "broker:9092"
    assert graph.env["MONGODB_URI"].startswith("mongodb://127.0.0.1:27117/")
    assert graph.env["BZPEER_MAILBOX_DIR"] == str(places.mailbox)


def test_the_internal_key_is_made_once_and_is_its_owners_alone(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BZPEER_INTERNAL_KEY", raising=False)
    key = internal_key(places)
    assert len(key) >= 32
    assert internal_key(places) == key
    assert places.key.stat().st_mode & 0o777 == 0o600
    places.key.write_text("")  # as a crash between making and writing it leaves it
    assert len(internal_key(places)) >= 32
    monkeypatch.setenv("BZPEER_INTERNAL_KEY", "given")
    assert internal_key(places) == "given"


def test_kafkas_lock_names_every_jar_by_its_hash_and_no_address() -> None:
    jars = locked_jars()
    assert {jar.artifact for jar in jars} >= {"kafka_2.13", "kafka-clients", "slf4j-simple"}
    assert all(len(jar.sha256) == 64 for jar in jars)
    assert "://" not in LOCK.read_text()


def test_downloads_lie_outside_the_checkout_where_the_user_wants_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "bzpeer"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path.home() / ".cache" / "bzpeer"


def test_a_part_that_ends_again_and_again_is_held_back_longer_and_longer() -> None:
    assert [back_off(crashes) for crashes in (1, 2, 3, 4, 5, 6, 7, 8)] == [0.5, 1, 2, 4, 8, 16, 30, 30]
