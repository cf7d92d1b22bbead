"""What commands print: lines for people, in colour where the terminal has it."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn
from rich.text import Text

from deploy.embedded.errors import StackError
from deploy.embedded.kafka_jars import locked_jars
from deploy.embedded.parts import Part

COLOURS = ("cyan", "green", "magenta", "yellow", "blue", "bright_cyan", "bright_green", "bright_magenta", "bright_blue")
FAILED = 1


class Terminal:
    """The terminal as the stack's reporter."""

    def __init__(self, *, show_logs: bool = True) -> None:
        self.console = Console(highlight=False, soft_wrap=True)
        self._show_logs = show_logs
        self._colours: dict[str, str] = {}
        self._download: Progress | None = None
        self._task = TaskID(0)
        self._lock = threading.Lock()

    def ready(self, part: Part, seconds: float) -> None:
        """One line for a part that answers."""
        line = Text(f"{part.name:<9}", style=f"bold {self._colour(part.name)}")
        line.append(f" {part.address:<16} ready in {seconds:4.1f} s  {part.detail}", style="default")
        self.console.print(line)

    def note(self, text: str) -> None:
        """One line to know."""
        self.console.print(Text(text))

    def trouble(self, text: str, lines: Sequence[str] = ()) -> None:
        """What went wrong, and lines of a log below it."""
        self.console.print(Text(text, style="bold red"))
        for line in lines:
            self.console.print(Text(f"    {line}", style="dim"))

    def log(self, name: str, line: str) -> None:
        """A line of a part's log, led by its name."""
        if self._show_logs:
            self.console.print(Text(f"{name:<9}", style=self._colour(name)) + Text("│ ") + Text.from_ansi(line))

    @contextmanager
    def progress(self, name: str, size: int) -> Iterator[Callable[[int], None]]:
        """Show a file as it arrives, together with the others."""
        with self._lock:  # files arrive in several threads
            download = self._downloads()
            download.update(self._task, total=(download.tasks[0].total or 0) + size, files=name)
        yield lambda count: download.advance(self._task, count)
        download.update(self._task, files=f"{name} ✓")

    @contextmanager
    def downloads(self) -> Iterator[None]:
        """Within this, downloads may show a bar."""
        try:
            yield
        finally:
            if self._download is not None:
                self._download.stop()

    def _downloads(self) -> Progress:
        if self._download is None:
            columns = (
                TextColumn("Fetching Kafka, once"),
                BarColumn(),
                DownloadColumn(),
                TextColumn("{task.fields[files]}"),
            )
            self._download = Progress(*columns, console=self.console, transient=True)
            self._task = self._download.add_task("kafka", total=0, files=f"{len(locked_jars())} files")
            self._download.start()
        return self._download

    def _colour(self, name: str) -> str:
        return self._colours.setdefault(name, COLOURS[len(self._colours) % len(COLOURS)])


@contextmanager
def plain_errors(console: Console) -> Iterator[None]:
    """What the stack cannot do, or the machine does not let it do, becomes two sentences and exit code 1."""
    try:
        yield
    except StackError as error:
        console.print(Text(error.what, style="bold red"))
        console.print(Text(error.do))
        raise typer.Exit(FAILED) from error
    except OSError as error:
        console.print(Text(f"{error.filename or 'A file'} cannot be used: {error.strerror}.", style="bold red"))
        console.print("Allow that, or name other folders: BZPEER_STATE_DIR for data, XDG_CACHE_HOME for downloads.")
        raise typer.Exit(FAILED) from error
