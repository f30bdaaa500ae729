"""`mirrorsync bench`: how fast this machine is, and what it will leave out live."""

from __future__ import annotations

import json
from dataclasses import asdict
from math import floor
from typing import TYPE_CHECKING, Annotated

import typer

from mirrorsync.cli.settings_options import ModelsDir
from mirrorsync.errors import UsageError

if TYPE_CHECKING:
    from mirrorsync.analysis.speed import Speed

__all__ = ["bench", "register", "verdict"]

_EPILOG = "Example: mirrorsync bench --json"
_LEFT_OUT = {
    "": "everything is looked for in every picture",
    "body_second": "the body will be looked for in every second picture, the face in each",
    "body_third": "the body will be looked for in every third picture, and large pictures are made smaller",
    None: "pictures will be missed, even with the body in every third one only; take cameras of fewer "
    "pictures a second, or analyse recordings instead",
}


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(epilog=_EPILOG)(bench)


def bench(
    seconds: Annotated[
        float, typer.Option(help="Length of the pictures that are measured with; takes a few times as long.")
    ] = 4.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
    models_dir: ModelsDir = None,
) -> None:
    """Measure the speed of this machine with two feeds: the bare models, and everything up to the scores.

    Takes about a quarter of a minute, with the built-in portrait pair; close other programs first.
    """
    from mirrorsync.analysis.speed import measure_speed
    from mirrorsync.cli.native_noise import silence_native_stderr

    if not 1.0 <= seconds <= 60.0:
        raise UsageError("--seconds takes a number from 1 to 60.")
    silence_native_stderr()
    found = measure_speed(
        seconds=seconds,
        models_dir=models_dir,
        told=lambda what: typer.echo(f"Measuring: {what} …", err=True),
    )
    said = verdict(found)
    if as_json:
        rounded = {key: round(v, 3) if isinstance(v, float) else v for key, v in asdict(found).items()}
        typer.echo(json.dumps({**rounded, "verdict": said}, ensure_ascii=False, indent=2))
        return
    typer.echo(f"Bare models     {found.models_pairs_per_s:6.1f} pairs/s")
    typer.echo(f"Whole pipeline  {found.pairs_per_s:6.1f} pairs/s  (two feeds, 640×480)")
    typer.echo(said)


def verdict(found: Speed) -> str:
    """Return in words what a speed means: live with two usual cameras, and for recordings."""
    from mirrorsync.analysis.speed import LIVE_FPS

    minutes = 60.0 * LIVE_FPS / found.pairs_per_s
    return (
        f"Live, with two cameras of {LIVE_FPS:.0f} pictures a second: {_LEFT_OUT[found.reduced]}. "
        f"Expect {floor(found.live_pairs_per_s)} pairs a second. An hour of recordings of so many pictures "
        f"takes about {minutes:.0f} minutes."
    )
