"""How a process of the lab misbehaves: read once at its start, so that a new release is a restart."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict


class Behaviour(BaseModel):
    """What goes wrong in this process; nothing by default."""

    model_config = ConfigDict(frozen=True)

    fails_on: tuple[str, ...] = ()
    """Subjects whose events the tally cannot take in."""
    fails_always: bool = False
    """The tally can take in nothing: a bad release."""

    def check(self, subject: str) -> None:
        """Raise what a fault in the code would raise."""
        if self.fails_always:
            raise ZeroDivisionError("this release is bad")
        if subject in self.fails_on:
            raise LookupError(f"{subject} is more than this release can take")


def read(path: Path | None) -> Behaviour:
    """The behaviour that is written there; a good one when there is no such file."""
    if path is None or not path.exists():
        return Behaviour()
    return Behaviour.model_validate_json(path.read_bytes())


def write(path: Path, behaviour: Behaviour) -> None:
    """For the next process that starts."""
    path.write_text(behaviour.model_dump_json())
