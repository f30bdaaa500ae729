"""`mirrorsync export SESSION --format … --out DIR`: a session in the formats of other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mirrorsync.export.formats import Format

__all__ = ["export", "register"]

_EPILOG = "Example: mirrorsync export demo-session/session.mirrorsync --format elan --out for-elan"


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(epilog=_EPILOG)(export)


def export(
    session: Annotated[
        Path,
        typer.Argument(
            metavar="SESSION", help="A session file, or the folder of an analysis that holds one."
        ),
    ],
    wanted: Annotated[Format, typer.Option("--format", help="What to write.", show_default=False)],
    out: Annotated[Path, typer.Option(help="Folder for the files.", show_default=False)],
) -> None:
    """Write a session for other tools.

    csv: the tables of `analyze`. parquet: the same, typed, with units. rmea: movement as motion energy text.
    elan: an .eaf with tiers for moments, leaders, smiles, nods and windows. textgrid: the same tiers for
    Praat. datapackage: the tables with a schema of each (Frictionless). bids: two subjects with Motion-BIDS
    files, named by the labels, the scores as a derivative; a folder takes several sessions. parquet and
    datapackage can also be made from a folder that holds only the CSV files of an analysis.
    """
    from mirrorsync.analysis.formats import write_format

    written = write_format(session, wanted, out)
    typer.echo(f"In {out}: {', '.join(written)}.", err=True)
