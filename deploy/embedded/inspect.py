"""How the parts of a running stack fare now: whether they answer, and what they use."""

import time
from contextlib import suppress

import psutil
from pydantic import BaseModel, ConfigDict

from deploy.embedded.ports import accepts
from deploy.embedded.records import RecordedPart, Run
from deploy.embedded.services import SERVICES, is_ready

SAMPLE_SECONDS = 1.0


class PartStatus(BaseModel):
    """One line of `bzpeer status`."""

    model_config = ConfigDict(frozen=True)
    name: str
    state: str
    pid: int | None
    address: str
    rss_bytes: int
    cpu_percent: float
    """Of one core, over the last second."""
    detail: str


def inspect(run: Run) -> list[PartStatus]:
    """Look at every part and at `bzpeer up` itself; takes a second, to see what they use."""
    owner = RecordedPart(name="up", detail="this command", address="", state="ready", process=run.owner)
    parts = [*run.parts, owner]
    trees = {part.name: _tree(part) for part in parts}
    before = {name: _cpu_seconds(tree) for name, tree in trees.items()}
    since = time.monotonic()
    time.sleep(SAMPLE_SECONDS)
    elapsed = time.monotonic() - since
    used = {name: max(0.0, _cpu_seconds(tree) - before[name]) / elapsed * 100 for name, tree in trees.items()}
    return [_status(part, trees[part.name], used[part.name]) for part in parts]


def total(parts: list[PartStatus]) -> PartStatus:
    """All parts together."""
    memory, cpu = sum(part.rss_bytes for part in parts), sum(part.cpu_percent for part in parts)
    return PartStatus(name="total", state="", pid=None, address="", rss_bytes=memory, cpu_percent=cpu, detail="")


def answers(part: RecordedPart) -> bool:
    """Whether a part does what it is there for."""
    if not part.address:
        return True
    port = int(part.address.rpartition(":")[2])
    return is_ready(port) if part.name in SERVICES else accepts(port)


def _status(part: RecordedPart, tree: list[psutil.Process], cpu: float) -> PartStatus:
    state: str = part.state
    if state == "ready" and not tree:
        state = "stopped"
    elif state == "ready" and not answers(part):
        state = "not answering"
    return PartStatus(
        name=part.name,
        state=state,
        pid=tree[0].pid if tree else None,
        address=part.address,
        rss_bytes=sum(map(_memory, tree)),
        cpu_percent=round(cpu, 2),
        detail=part.detail,
    )


def _tree(part: RecordedPart) -> list[psutil.Process]:
    """The part's process and those that it started; `up` alone, for its children are the parts."""
    handle = part.process.handle() if part.process else None
    if handle is None:
        return []
    with suppress(psutil.Error):
        return [handle] if part.name == "up" else [handle, *handle.children(recursive=True)]
    return [handle]


def _cpu_seconds(tree: list[psutil.Process]) -> float:
    seconds = 0.0
    for process in tree:
        with suppress(psutil.Error):
            times = process.cpu_times()
            seconds += times.user + times.system
    return seconds


def _memory(process: psutil.Process) -> int:
    with suppress(psutil.Error):
        return int(process.memory_info().rss)
    return 0
