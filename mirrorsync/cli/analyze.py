"""`mirrorsync analyze A B --out DIR`: recordings to CSVs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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
    preset: Annotated[
        str | None,
        typer.Option(
            help="Windows, lags and smoothing of rmea, susy or wcc, and its own statistic beside ours."
        ),
    ] = None,
    window: Annotated[float | None, typer.Option(help="Length of the correlation window, s.")] = None,
    lag: Annotated[float | None, typer.Option(help="Longest lag, s.")] = None,
    step: Annotated[float | None, typer.Option(help="A new window this often, s.")] = None,
    offset: Annotated[float | None, typer.Option(help="How late B is against A, s.")] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="START-END", help="Leave out this stretch, s; may be given several times."),
    ] = None,
    mirror: Annotated[str | None, typer.Option(help="auto, mirror or anatomical.")] = None,
    no_chance: Annotated[bool, typer.Option("--no-chance", help="Spare the comparison with chance.")] = False,
    seed: Annotated[int | None, typer.Option(help="Seed of every random choice.")] = None,
    labels: Annotated[
        str | None, typer.Option(help='What the two are called, as in "You,Partner".', show_default=False)
    ] = None,
    landmarks: Annotated[
        bool, typer.Option("--landmarks", help="Write all landmarks too, as Parquet.")
    ] = False,
    config: Annotated[
        Path | None, typer.Option(help="TOML file with settings, such as the config.toml of earlier results.")
    ] = None,
    models_dir: Annotated[Path | None, typer.Option(help="Folder of the model files.")] = None,
    keep_session: Annotated[
        bool, typer.Option("--keep-session", help="Leave the session file beside the CSVs.")
    ] = False,
) -> None:
    """Analyse two recordings (or two parts of one) and write CSVs, statistics and a data dictionary.

    A value given here goes before the preset, and that before the configuration file.
    """
    from mirrorsync.analysis import analyse_recordings, default_landmarker
    from mirrorsync.cli.native_noise import silence_native_stderr
    from mirrorsync.cli.progress import Progress
    from mirrorsync.cli.settings_options import chosen_settings

    if seconds is not None and not seconds > 0:
        raise UsageError("--seconds takes a number above 0.")
    settings = chosen_settings(
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
