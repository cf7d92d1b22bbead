"""The `bzpeer` command: one module for each group of commands, listed here."""

import typer

from bzpeer import demo, doctor, importing, stack

app = typer.Typer(
    name="bzpeer",
    help="Run BZPEER and work with what it holds. Every command has --help with an example.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

COMMANDS = [
    stack.app,
    importing.app,
    demo.app,
    doctor.app,
]
"""A Typer without a name adds its commands at the top; one with a name adds a group."""

for commands in COMMANDS:
    app.add_typer(commands)
