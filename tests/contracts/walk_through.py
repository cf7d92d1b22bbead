"""Follows docs/adding-an-event.md: its blocks name files, and are applied to a copy of the project as they stand."""

import re
import shutil
from pathlib import Path
from typing import NamedTuple

BLOCK = re.compile(r'^```(python|diff) title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
COPIED = ("bzpeer", "deploy", "docs", "services", "shared", "tests", "pyproject.toml")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "images", "adr", "e2e", "*.png")


class Block(NamedTuple):
    """One block: a whole new file, or (`diff`) a change of one."""

    kind: str
    path: str
    text: str


def blocks(page: Path) -> list[Block]:
    """The page's blocks that name a file, in order."""
    return [Block(*match.groups()) for match in BLOCK.finditer(page.read_text())]


def copy_project(source: Path, target: Path) -> None:
    """Copy what the walk-through needs."""
    for name in COPIED:
        at = source / name
        shutil.copytree(at, target / name, ignore=LEFT_OUT) if at.is_dir() else shutil.copy(at, target / name)


def apply(block: Block, project: Path) -> None:
    """Do what the block says. Raises AssertionError where the project is not as the page shows it."""
    file = project / block.path
    if block.kind == "python":
        assert not file.exists(), f"{block.path} is there already"
        file.write_text(block.text)
        return
    text = file.read_text()
    for hunk in re.split(r"^@@\n", block.text, flags=re.MULTILINE):
        lines = hunk.splitlines()
        before, after = _side(lines, "-"), _side(lines, "+")
        assert text.count(before) == 1, f"{block.path} has {text.count(before)} places such as\n{before}"
        text = text.replace(before, after)
    file.write_text(text)


def _side(lines: list[str], sign: str) -> str:
    return "".join(f"{line[1:]}\n" for line in lines if line[:1] in ("", " ", sign))
