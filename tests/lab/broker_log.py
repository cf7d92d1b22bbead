"""Take acknowledged events away from a broker that does not run: cut the tails of its partitions' segment files."""

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

_HEAD = struct.Struct(">qi")
"""A batch begins with the offset of its first record and the number of bytes that follow."""
_LAST_DELTA_AT = 23
_DERIVED = ("*.index", "*.timeindex", "*.txnindex", "*.snapshot", "leader-epoch-checkpoint")
_CHECKPOINTS = ("recovery-point-offset-checkpoint", "replication-offset-checkpoint", "log-start-offset-checkpoint")


class Batch(NamedTuple):
    """Where a batch of records ends in the file, and the offset after its last record."""

    ends_at: int
    next_offset: int


def partitions(log: Path, topic: str) -> dict[int, Path]:
    """The folder of each partition of the topic."""
    return {int(path.name.rsplit("-", 1)[1]): path for path in log.glob(f"{topic}-*")}


def next_offsets(log: Path, topic: str) -> dict[int, int]:
    """The offset after the last record of each partition, as the files have it."""
    return {number: _end(list(_batches(_segment(path)))) for number, path in partitions(log, topic).items()}


def cut(log: Path, topic: str, keep: Mapping[int, int]) -> int:
    """Leave in each of these partitions the records before an offset, and half a batch; returns how many are lost."""
    lost = 0
    for number, path in partitions(log, topic).items():
        if number in keep:
            lost += _cut_partition(path, keep[number])
    for name in _CHECKPOINTS:
        (log / name).unlink(missing_ok=True)
    return lost


def _cut_partition(folder: Path, keep: int) -> int:
    segment = _segment(folder)
    batches = list(_batches(segment))
    kept = [batch for batch in batches if batch.next_offset <= keep]
    size = kept[-1].ends_at if kept else 0
    gone = [batch for batch in batches if batch.ends_at > size]
    if gone:
        with segment.open("r+b") as file:
            file.truncate(size + (gone[0].ends_at - size) // 2)
    for pattern in _DERIVED:
        for path in folder.glob(pattern):
            path.unlink()
    return _end(batches) - _end(kept)


def _segment(folder: Path) -> Path:
    [segment] = folder.glob("*.log")
    return segment


def _end(batches: list[Batch]) -> int:
    return batches[-1].next_offset if batches else 0


def _batches(segment: Path) -> Iterator[Batch]:
    content = segment.read_bytes()
    at = 0
    while at + _HEAD.size <= len(content):
        first, length = _HEAD.unpack_from(content, at)
        end = at + _HEAD.size + length
        if length <= 0 or end > len(content):
            return
        [last] = struct.unpack_from(">i", content, at + _LAST_DELTA_AT)
        yield Batch(end, first + last + 1)
        at = end
