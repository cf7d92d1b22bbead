"""What a scenario went through, for the table at the end of a run."""

import time
from dataclasses import dataclass, field


@dataclass
class Scenario:
    """One line of the table, once the test has come through."""

    name: str
    lines: list[str]
    began: float = field(default_factory=time.monotonic)

    def saw(self, events: int, **figures: object) -> None:
        """Note the load and whatever else is worth a look."""
        also = "".join(f", {name.replace('_', ' ')} {value}" for name, value in figures.items())
        self.lines.append(f"{self.name}: {events:,} events in {time.monotonic() - self.began:.0f} s{also}")
