"""`mirrorsync export SESSION --format … --out DIR`: a session in the formats of other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mirrorsync.cli.left_out import JournalOption, WholeOption
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
    journal: JournalOption = None,
    whole: WholeOption = False,
) -> None:
    """Write a session for other tools.

    csv: the tables of `analyze`. parquet: the same, typed, with units. rmea: movement as motion energy text.
    elan: an .eaf with tiers for moments, leaders, smiles, nods and windows. textgrid: the same tiers for
    Praat. datapackage: the tables with a schema of each (Frictionless). bids: two subjects with Motion-BIDS
    files, named by the labels, the scores as a derivative; a folder takes several sessions. parquet and
    datapackage can also be made from a folder that holds only the CSV files of an analysis.

    Ranges that the journal excludes are left out as by `analyze --exclude`: rows stay, empty, and no number
    counts them.
    """
    from mirrorsync.analysis.formats import write_format
    from mirrorsync.cli.left_out import left_out, left_out_sentence
    from mirrorsync.session.places import held_session

    held = held_session(session)
    excluded = left_out(held, journal, whole=whole) if held is not None else []
    written = write_format(session, wanted, out, excluded=excluded)
    if excluded:
        typer.echo(left_out_sentence(excluded), err=True)
    typer.echo(f"In {out}: {', '.join(written)}.", err=True)
