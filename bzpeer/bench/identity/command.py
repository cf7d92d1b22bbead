"""The command line of `bzpeer bench identity`."""

import os
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from bzpeer.bench.identity.labelled import read_sets
from bzpeer.bench.identity.measures import Figures
from bzpeer.bench.identity.running import Row, measure


class Result(BaseModel):
    """What `--json` prints."""

    half: str
    rows: tuple[Row, ...]


def identity(
    *,
    data: Annotated[Path | None, typer.Option(help="The folder of labelled sets; default: BZPEER_DATA_DIR.")] = None,
    fit: Annotated[bool, typer.Option("--fit", help="Print weights fitted anew, and measure nothing.")] = False,
    fitted_half: Annotated[bool, typer.Option("--fitted-half", help="Measure the half that was fitted on.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """How well people are told apart: labelled signatures, on the half that no weight was fitted on.

    The sets are not part of BZPEER; docs/identity.md says which they are. Takes some minutes.

    Exit codes: 0 measured, 1 the sets are not there.

    Example: BZPEER_DATA_DIR=path/to/data bzpeer bench identity
    """
    folder = data or Path(os.environ.get("BZPEER_DATA_DIR", ""))
    try:
        sets = read_sets(folder)
    except OSError as error:
        typer.echo(f"The labelled sets are not in {folder or 'any folder that was named'}: {error}", err=True)
        raise typer.Exit(1) from error
    if fit:
        from bzpeer.bench.identity.fitting import fit as fitted  # noqa: PLC0415 - needs numpy, which only fitting does
        from services.works.domain.resolution.scoring import FEATURES  # noqa: PLC0415
        from services.works.domain.resolution.weights import FITTED  # noqa: PLC0415

        weights = fitted([[each for each in every if each.is_fitted] for every in sets.values()])
        for feature, weight in zip(FEATURES, weights, strict=True):
            if feature in FITTED:
                typer.echo(f'    "{feature}": {weight:.3f},')
        return
    half = {name: [each for each in every if each.is_fitted is fitted_half] for name, every in sets.items()}
    rows = tuple(row for name, every in half.items() for row in measure(name, every))
    if as_json:
        typer.echo(Result(half="fitted" if fitted_half else "held out", rows=rows).model_dump_json())
    else:
        _show(rows)


def _show(rows: tuple[Row, ...]) -> None:
    table = Table(title="Precision / recall / F1")
    for column in ("set", "way", "of", "signatures", "people", "pairwise", "B³"):
        table.add_column(column, justify="right" if column in {"signatures", "people"} else "left")
    for row in rows:
        whole = _figures(row.pairwise) if row.pairwise else ""
        counts = (f"{row.signatures:,}", f"{row.people:,}")
        table.add_row(row.set, row.way, row.facet, *counts, whole, _figures(row.b_cubed))
    Console(highlight=False, width=150).print(table)


def _figures(figures: Figures) -> str:
    return f"{figures.precision:.4f} / {figures.recall:.4f} / {figures.f1:.4f}"
