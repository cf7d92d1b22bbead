"""Ports on loopback: which are taken, by whom, and which are free."""

import socket
from contextlib import ExitStack, suppress

import psutil

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a server could listen on this port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def accepts(port: int) -> bool:
    """Whether something answers on this port now."""
    with suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=0.5):
        return True
    return False


def free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago, all different."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def next_free(port: int) -> int:
    """The first free port above this one."""
    return next((candidate for candidate in range(port + 1, 65536) if is_free(candidate)), 0)


def holder(port: int) -> str:
    """The process that listens on a port, for people: `python3 (process 123)`."""
    with suppress(psutil.Error):
        for connection in psutil.net_connections("tcp"):
            if connection.laddr and connection.laddr[1] == port and connection.status == psutil.CONN_LISTEN:
                if connection.pid is None:
                    break
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
    return "another process"
