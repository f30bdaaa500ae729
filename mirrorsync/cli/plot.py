"""`mirrorsync plot SESSION|DIR --kind … --out FILE`: a figure of a session."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mirrorsync.cli.left_out import JournalOption, WholeOption

__all__ = ["plot", "register"]

_EPILOG = "Example: mirrorsync plot results --kind timeline --out timeline.svg"


class Kind(StrEnum):
    """What to draw."""

    TIMELINE = "timeline"
    HEATMAP = "heatmap"
    LAGPROFILE = "lagprofile"
    DISTRIBUTION = "distribution"
    RECURRENCE = "recurrence"


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(epilog=_EPILOG)(plot)


def plot(
    session: Annotated[
        Path, typer.Argument(metavar="SESSION|DIR", help="A session file, or the folder of an analysis.")
    ],
    kind: Annotated[Kind, typer.Option(help="What to draw.")] = Kind.TIMELINE,
    out: Annotated[Path, typer.Option(help="FILE.png, .svg or .pdf.")] = Path("figure.png"),
    journal: JournalOption = None,
    whole: WholeOption = False,
) -> None:
    """Draw a figure of a session, fit to print, and say on standard error what it shows.

    timeline: all scores against chance, and who leads. heatmap: correlation by time and lag. lagprofile: mean
    correlation by lag against chance. distribution: observed scores against surrogates. recurrence: when
    one was in a state that the other was in. Ranges that the journal excludes are gaps, and count nowhere.
    """
    from mirrorsync.cli.left_out import left_out, left_out_sentence
    from mirrorsync.export.figures import FigureData, alt_text, draw, save
    from mirrorsync.session.places import held_session

    held = held_session(session)
    excluded = left_out(held, journal, whole=whole) if held is not None else []
    if held is None or (session.is_dir() and not excluded):
        data = FigureData.from_folder(session)
    else:
        from mirrorsync.analysis import statistics_of
        from mirrorsync.analysis.left_out import SessionWithout

        needed = kind in {Kind.TIMELINE, Kind.LAGPROFILE, Kind.DISTRIBUTION}
        with SessionWithout(held, excluded) as reader:
            data = FigureData.from_session(reader, statistics_of(reader) if needed else None)
    if excluded:
        typer.echo(left_out_sentence(excluded), err=True)
    save(draw(data, kind), out)
    typer.echo(f"{out}: {alt_text(data, kind)}", err=True)
