"""`mirrorsync analyze A B --out DIR`: recordings to CSVs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from mirrorsync.errors import UsageError

__all__ = ["analyze", "register"]

_EPILOG = "Example: mirrorsync analyze call.mp4#left call.mp4#right --out results"


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(epilog=_EPILOG)(analyze)


def analyze(
    a: Annotated[str, typer.Argument(metavar="A", help="Feed of the first person (you).")],
    b: Annotated[str, typer.Argument(metavar="B", help="Feed of the second person (the partner).")],
    out: Annotated[Path, typer.Option(help="Folder for the results.", show_default=False)],
    seconds: Annotated[float | None, typer.Option(help="Analyse only this much from the start.")] = None,
    rate: Annotated[float | None, typer.Option(help="Rate of the common clock, Hz.")] = None,
    window: Annotated[float | None, typer.Option(help="Length of the correlation window, s.")] = None,
    lag: Annotated[float | None, typer.Option(help="Longest lag, s.")] = None,
    step: Annotated[float | None, typer.Option(help="A new window this often, s.")] = None,
    offset: Annotated[float | None, typer.Option(help="How late B is against A, s.")] = None,
    mirror: Annotated[str | None, typer.Option(help="auto, mirror or anatomical.")] = None,
    config: Annotated[Path | None, typer.Option(help="TOML file with settings.")] = None,
    models_dir: Annotated[Path | None, typer.Option(help="Folder of the model files.")] = None,
    keep_session: Annotated[
        bool, typer.Option("--keep-session", help="Leave the session file beside the CSVs.")
    ] = False,
) -> None:
    """Analyse two recordings (or two parts of one) and write CSVs, statistics and a data dictionary."""
    from mirrorsync.analysis import analyse_recordings, default_landmarker
    from mirrorsync.cli.native_noise import silence_native_stderr
    from mirrorsync.cli.progress import Progress
    from mirrorsync.settings import load_settings

    if seconds is not None and not seconds > 0:
        raise UsageError("--seconds takes a number above 0.")
    given: dict[str, Any] = {
        "rate_hz": rate,
        "window_s": window,
        "lag_s": lag,
        "step_s": step,
        "offset_s": offset,
        "mirror": mirror,
    }
    settings = load_settings(config, **{name: value for name, value in given.items() if value is not None})
    silence_native_stderr()
    with Progress("Analysing") as progress:
        done = analyse_recordings(
            a,
            b,
            out,
            settings,
            make_landmarker=default_landmarker(models_dir),
            seconds=seconds,
            keep_session=keep_session,
            watch=progress.watch,
        )
    for note in done.notes:
        typer.echo(note, err=True)
    typer.echo(f"{done.duration_s:.1f} s analysed; the results are in {done.folder}.", err=True)
