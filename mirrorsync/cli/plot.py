"""`mirrorsync plot SESSION|DIR --kind … --out FILE`: a figure of a session."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

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
) -> None:
    """Draw a figure of a session, fit to print, and say on standard error what it shows.

    timeline: all scores against chance, and who leads. heatmap: correlation by time and lag. lagprofile: mean
    correlation by lag against chance. distribution: observed scores against surrogates. recurrence: when
    one was in a state that the other was in.
    """
    from mirrorsync.export.figures import FigureData, alt_text, draw, save

    if session.is_dir():
        data = FigureData.from_folder(session)
    else:
        from mirrorsync.analysis import statistics_of
        from mirrorsync.session.store import SessionReader

        needed = kind in {Kind.TIMELINE, Kind.DISTRIBUTION}
        with SessionReader(session) as reader:
            data = FigureData.from_session(reader, statistics_of(reader) if needed else None)
    save(draw(data, kind), out)
    typer.echo(f"{out}: {alt_text(data, kind)}", err=True)
