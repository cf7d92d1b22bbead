"""The MongoDB servers that suites run on."""

from deploy.embedded.errors import StackError
from deploy.embedded.mongo import Kind, find_server


def has_server(kind: Kind) -> bool:
    """Whether this machine has it."""
    try:
        find_server(kind)
    except StackError:
        return False
    return True


SECANTUS: tuple[Kind, ...] = ("secantusd-py", "secantusd-rs")
KINDS: tuple[Kind, ...] = (*SECANTUS, "mongod") if has_server("mongod") else SECANTUS
"""Suites that touch a database run on each of these: a real MongoDB too, where there is one."""
