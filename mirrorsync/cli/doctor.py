"""`mirrorsync doctor`: what is wrong with this machine, and what to do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from mirrorsync.cli.settings_options import ModelsDir
from mirrorsync.errors import MirrorSyncError

__all__ = ["Finding", "doctor", "register"]

_EPILOG = "Example: mirrorsync doctor --json"
_SPEED_FRAMES = 20
# Two feeds share two cores: above this a live session cannot keep 25 pairs a second.
_SLOW_MS = 40.0
_HOPELESS_MS = 100.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: "ok", "note" (works, but know this) or "problem", and what to do."""

    what: str
    state: str
    sentence: str


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(epilog=_EPILOG)(doctor)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
    models_dir: ModelsDir = None,
) -> None:
    """Look at versions, models, cameras, display and speed; exit 1 when something must be mended."""
    from mirrorsync.cli.native_noise import silence_native_stderr

    silence_native_stderr()
    findings = list(_findings(models_dir))
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            sign = {"ok": "ok     ", "note": "note   ", "problem": "PROBLEM"}[finding.state]
            typer.echo(f"{sign}  {finding.what}: {finding.sentence}")
    if any(finding.state == "problem" for finding in findings):
        raise typer.Exit(1)


def _findings(models_dir: Path | None) -> Iterator[Finding]:
    yield from _versions()
    yield from _models(models_dir)
    yield from _cameras()
    yield from _display()
    yield from _speed(models_dir)


def _versions() -> Iterator[Finding]:
    from mirrorsync.session.meta import program_versions

    found = program_versions()
    yield Finding("versions", "ok", ", ".join(f"{name} {number}" for name, number in found.items()))
    if found.get("mediapipe") != "0.10.31":
        yield Finding(
            "mediapipe",
            "problem",
            f"version {found.get('mediapipe', 'none')} is installed, MirrorSync needs exactly 0.10.31 "
            "(later ones send usage logs); run scripts/setup.sh again.",
        )


def _models(models_dir: Path | None) -> Iterator[Finding]:
    from mirrorsync.assets import asset_path, manifest

    for name in manifest():
        try:
            path = asset_path(name, models_dir)
        except MirrorSyncError as error:
            yield Finding(name, "problem", str(error))
        else:
            yield Finding(name, "ok", f"whole, in {path.parent}")


def _cameras() -> Iterator[Finding]:
    from mirrorsync.capture import list_cameras

    cameras = list_cameras()
    if cameras:
        yield Finding("cameras", "ok", ", ".join(f"camera:{c.index} {c.name}" for c in cameras))
    else:
        yield Finding(
            "cameras",
            "note",
            "none found; recordings and the demo work, for live practice plug in a camera.",
        )


def _display() -> Iterator[Finding]:
    from mirrorsync.cli.live import display_problem

    problem = display_problem()
    yield Finding("display", "note" if problem else "ok", problem or "a window can open here.")
    try:
        from PyQt6 import QtWidgets  # noqa: F401 - whether it loads is the question
    except ImportError as error:
        yield Finding(
            "Qt",
            "problem",
            f"Qt does not load ({error}); run scripts/setup.sh, which installs what it needs.",
        )


def _speed(models_dir: Path | None) -> Iterator[Finding]:
    try:
        milliseconds, seen = _milliseconds_a_frame(models_dir)
    except MirrorSyncError as error:
        yield Finding("speed", "problem", f"not measured: {error}")
        return
    if not seen:
        yield Finding(
            "landmarks",
            "problem",
            "the models do not find the person in the built-in portrait; run `mirrorsync assets verify`.",
        )
    sentence = f"both models take {milliseconds:.0f} ms a frame at 640×480 on one core"
    if milliseconds > _HOPELESS_MS:
        yield Finding("speed", "problem", f"{sentence}: too slow to watch live; analyse recordings instead.")
    elif milliseconds > _SLOW_MS:
        yield Finding("speed", "note", f"{sentence}: live meters will run below 25 pairs a second.")
    else:
        yield Finding("speed", "ok", f"{sentence}.")


def _milliseconds_a_frame(models_dir: Path | None) -> tuple[float, bool]:
    """Return the median time of one frame through both landmarkers, and whether they found the person."""
    import statistics
    import time

    from mirrorsync.assets import asset_path
    from mirrorsync.capture.portrait import PortraitSource
    from mirrorsync.landmarks.mediapipe_tasks import MediaPipeLandmarker

    taken, seen = [], True
    source = PortraitSource("you", path=asset_path("astronaut.png", models_dir), seconds=_SPEED_FRAMES / 30.0)
    with source, MediaPipeLandmarker(models_dir=models_dir) as landmarker:
        for frame in source:
            began = time.perf_counter()
            found = landmarker.detect(frame)
            taken.append((time.perf_counter() - began) * 1e3)
            seen = found.face_found and found.pose_found
    return statistics.median(taken[5:]), seen
