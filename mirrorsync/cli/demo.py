"""`mirrorsync demo`: the main job on the built-in pair."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mirrorsync.cli.settings_options import ModelsDir
from mirrorsync.errors import UsageError

if TYPE_CHECKING:
    from mirrorsync.engine.live import LiveSession
    from mirrorsync.settings import Settings
    from mirrorsync.types import Snapshot

__all__ = ["demo", "register"]

_FEEDS = ("portrait:you", "portrait:partner")
_PICTURE = "window.png"
_EPILOG = "Example: mirrorsync demo --headless --seconds 40 --out demo-session"
_KEEP_EVERY = 5  # snapshots: five a second are enough for the strip in the picture


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(epilog=_EPILOG)(demo)


def demo(
    headless: Annotated[
        bool, typer.Option("--headless", help="Open no window; draw the meters in the terminal.")
    ] = False,
    seconds: Annotated[float, typer.Option(help="Length of the demo; all five phases from 80 on.")] = 80.0,
    out: Annotated[Path, typer.Option(help="Folder for the session, its CSVs and the picture.")] = Path(
        "demo-session"
    ),
    models_dir: ModelsDir = None,
) -> None:
    """Compare two animated portraits whose lags are known, and see whether they are found.

    With a display the window opens; without one the demo runs headless and leaves a session, its CSVs and
    a picture of the window.
    """
    from mirrorsync.cli.live import display_problem
    from mirrorsync.cli.native_noise import silence_native_stderr
    from mirrorsync.settings import Settings

    if not seconds > 0:
        raise UsageError("--seconds takes a number above 0.")
    silence_native_stderr()
    if headless or display_problem():
        _headless(seconds, out, models_dir, Settings())
    else:
        _windowed(seconds, out, models_dir, Settings())


def _headless(seconds: float, out: Path, models_dir: Path | None, settings: Settings) -> None:
    from dataclasses import replace

    from mirrorsync.analysis import SESSION_NAME, analyse_recordings, default_landmarker
    from mirrorsync.cli.meters import TerminalMeters
    from mirrorsync.session.store import SessionReader
    from mirrorsync.ui.app import grab_window_png

    kept: list[Snapshot] = []

    def keep(snapshot: Snapshot) -> None:
        light = replace(snapshot, pair=replace(snapshot.pair, seen_a=None, seen_b=None))
        if kept and kept[-1].pair.tick % _KEEP_EVERY:
            kept.pop()
        elif kept:
            kept[-1] = replace(kept[-1], pair=replace(kept[-1].pair, seen_a=None, seen_b=None))
        kept.append(snapshot if snapshot.pair.seen_a else light)

    with TerminalMeters(seconds) as meters:

        def watch(snapshot: Snapshot, _length_s: float) -> None:
            meters.watch(snapshot)
            keep(snapshot)

        done = analyse_recordings(
            *_FEEDS,
            out,
            settings.with_(length_s=seconds),
            make_landmarker=default_landmarker(models_dir),
            keep_session=True,
            watch=watch,
        )
    grab_window_png(kept, out / _PICTURE, feed_a=_FEEDS[0], feed_b=_FEEDS[1], settings=settings)
    with SessionReader(out / SESSION_NAME) as reader:
        meters.compare(list(reader.windows()))
    typer.echo(
        f"{done.duration_s:.0f} s scored. In {out}: {SESSION_NAME}, frames.csv, windows.csv, "
        f"features_a.csv, features_b.csv, summary.json, columns.csv, config.toml and {_PICTURE}.",
    )


def _windowed(seconds: float, out: Path, models_dir: Path | None, settings: Settings) -> None:
    from mirrorsync.analysis import SESSION_NAME, export_session
    from mirrorsync.cli.live import live_factory
    from mirrorsync.export.folder import output_folder
    from mirrorsync.session.store import SessionReader
    from mirrorsync.ui.app import run_window

    with output_folder(out) as folder:
        make = live_factory(models_dir, seconds=seconds)
        recorded: list[Path] = []

        def make_recording(feed_a: str, feed_b: str, chosen: Settings) -> LiveSession:
            session = make(feed_a, feed_b, chosen)
            # The pair is not real people: it needs no consent, and the newest run is the one that stays.
            path = folder / f"{len(recorded)}-{SESSION_NAME}"
            session.record(path)
            recorded.append(path)
            return session

        run_window(*_FEEDS, settings, make_recording, start=True)
        if not recorded:
            return
        for old in recorded[:-1]:
            old.unlink()
        recorded[-1].rename(folder / SESSION_NAME)
        with SessionReader(folder / SESSION_NAME) as reader:
            export_session(reader, folder)
    typer.echo(f"The session and its CSVs are in {out}.")
