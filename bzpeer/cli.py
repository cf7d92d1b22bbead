"""The `bzpeer` command: one module for each group of commands, listed here."""

import sys
from collections.abc import Sequence
from importlib import import_module

import typer

MODULES = {
    "up": "bzpeer.stack",
    "down": "bzpeer.stack",
    "status": "bzpeer.stack",
    "doctor": "bzpeer.doctor",
    "import": "bzpeer.importing",
    "claims": "bzpeer.claims",
    "correct": "bzpeer.correcting",
    "lag": "bzpeer.lag",
    "dlq": "bzpeer.dlq",
    "rebuild": "bzpeer.rebuild",
    "resync": "bzpeer.resync",
    "schemas": "bzpeer.schemas",
    "docs": "bzpeer.docs",
    "demo": "bzpeer.demo",
    "bench": "bzpeer.bench.command",
}
"""Each command and the module whose `app` has it. Only the module that is needed is loaded: some take seconds."""


def command_line(words: Sequence[str]) -> typer.Typer:
    """The command that the words call, or all of them when they call none."""
    app = typer.Typer(
        name="bzpeer",
        help="Run BZPEER and work with what it holds. Every command has --help with an example.",
        no_args_is_help=True,
        pretty_exceptions_show_locals=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    called = [MODULES[word] for word in words[:1] if word in MODULES]
    for module in called or dict.fromkeys(MODULES.values()):
        app.add_typer(import_module(module).app)
    return app


app = command_line(sys.argv[1:])
