"""`mirrorsync analyze A B --out DIR`: recordings to CSVs."""

from __future__ import annotations

from typing import Annotated

import typer

from mirrorsync.cli import settings_options as shared
from mirrorsync.errors import SessionError, UsageError

__all__ = ["analyze", "register"]

_EPILOG = "Example: mirrorsync analyze call.mp4#left call.mp4#right --out results"


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(epilog=_EPILOG)(analyze)


def analyze(
    a: Annotated[str, typer.Argument(metavar="A", help="Feed of the first person (you).")],
    b: Annotated[str, typer.Argument(metavar="B", help="Feed of the second person (the partner).")],
    out: shared.Out,
    seconds: shared.Seconds = None,
    rate: shared.Rate = None,
    preset: Annotated[
        str | None,
        typer.Option(
            help="Windows, lags and smoothing of rmea, susy or wcc, and its own statistic beside ours."
        ),
    ] = None,
    window: shared.Window = None,
    lag: shared.Lag = None,
    step: shared.Step = None,
    offset: Annotated[float | None, typer.Option(help="How late B is against A, s.")] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="START-END", help="Leave out this stretch, s; may be given several times."),
    ] = None,
    mirror: shared.Mirror = None,
    no_chance: shared.NoChance = False,
    seed: shared.Seed = None,
    labels: Annotated[
        str | None, typer.Option(help='What the two are called, as in "You,Partner".', show_default=False)
    ] = None,
    landmarks: Annotated[
        bool, typer.Option("--landmarks", help="Write all landmarks too, as Parquet.")
    ] = False,
    config: shared.Config = None,
    models_dir: shared.ModelsDir = None,
    keep_session: Annotated[
        bool, typer.Option("--keep-session", help="Leave the session file beside the CSVs.")
    ] = False,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="Exit 1 when somebody was seen in less than half of the time, or frames are missing.",
        ),
    ] = False,
) -> None:
    """Analyse two recordings (or two parts of one) and write CSVs, statistics and a data dictionary.

    A value given here goes before the preset, and that before the configuration file.
    """
    from mirrorsync.analysis import analyse_recordings, default_landmarker
    from mirrorsync.cli.native_noise import silence_native_stderr
    from mirrorsync.progress import Progress

    if seconds is not None and not seconds > 0:
        raise UsageError("--seconds takes a number above 0.")
    settings = shared.chosen_settings(
        config,
        preset=preset,
        rate_hz=rate,
        window_s=window,
        lag_s=lag,
        step_s=step,
        offset_s=offset,
        mirror=mirror,
        exclude=", ".join(exclude) if exclude else None,
        length_s=seconds,
        seed=seed,
        chance=False if no_chance else None,
        landmarks=True if landmarks else None,
        labels=labels,
    )
    silence_native_stderr()
    with Progress("Analysing") as progress:
        done = analyse_recordings(
            a,
            b,
            out,
            settings,
            make_landmarker=default_landmarker(models_dir),
            keep_session=keep_session,
            watch=progress.watch,
        )
    for note in done.notes:
        typer.echo(note, err=True)
    typer.echo(f"{done.duration_s:.1f} s analysed; the results are in {done.folder}.", err=True)
    if strict and not done.complete:
        raise SessionError(
            "Somebody was seen in less than half of the time, or frames are missing (--strict); see above."
        )
