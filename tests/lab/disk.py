"""A small disk of its own for the database, that can be filled: a tmpfs mounted on its folder."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BALLAST = "ballast"
_BLOCK = 2**16


def why_not(folder: Path) -> str | None:
    """Why no disk can be mounted here, if so."""
    folder.mkdir()
    tried = _mount(folder, megabytes=1)
    if tried.returncode == 0:
        subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()
    return None if tried.returncode == 0 else f"no disk can be mounted here: {tried.stderr.strip()}"


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """What is in the folder lies on a disk of this size; nothing may use the folder at the beginning and the end."""
    aside = folder.with_name(f"{folder.name}.aside")
    folder.rename(aside)
    folder.mkdir()
    try:
        _mount(folder, megabytes).check_returncode()
        try:
            shutil.copytree(aside, folder, dirs_exist_ok=True)
            yield
        finally:
            subprocess.run(["umount", str(folder)], check=True)
    finally:
        shutil.rmtree(aside)


def fill(folder: Path) -> None:
    """Leave not a byte on the small disk."""
    assert folder.is_mount(), "only a small disk is filled"
    with (folder / BALLAST).open("wb", buffering=0) as file:
        for size in (_BLOCK, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue


def free(folder: Path) -> None:
    """Give the room back."""
    (folder / BALLAST).unlink()


def _mount(folder: Path, megabytes: int) -> "subprocess.CompletedProcess[str]":
    options = f"size={megabytes}m,uid={os.getuid()},gid={os.getgid()}"
    return subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
