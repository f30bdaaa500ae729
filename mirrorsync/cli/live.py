"""The window: `mirrorsync` and `mirrorsync live [A B]`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mirrorsync.cli.settings_options import ModelsDir
from mirrorsync.errors import MirrorSyncError

if TYPE_CHECKING:
    from mirrorsync.engine.live import LiveSession
    from mirrorsync.export.lsl import LslSink
    from mirrorsync.settings import Settings

__all__ = ["display_problem", "live", "live_factory", "register"]

_EPILOG = "Example: mirrorsync live camera:0 call.mp4#right"


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(epilog=_EPILOG)(live)


def live(
    a: Annotated[str, typer.Argument(metavar="[A]", help="Your feed.", show_default=False)] = "",
    b: Annotated[str, typer.Argument(metavar="[B]", help="Your partner's feed.", show_default=False)] = "",
    lsl: Annotated[
        bool,
        typer.Option(
            "--lsl",
            help="Send scores and features, never pictures, by Lab Streaming Layer. Whoever is on this "
            "network can receive them; the window says so while it is on.",
        ),
    ] = False,
    config: Annotated[
        Path | None, typer.Option(help="TOML file with settings, in place of your own.")
    ] = None,
    models_dir: ModelsDir = None,
) -> None:
    """Open the window; with two feeds it starts at once."""
    from mirrorsync.capture.cameras import check_distinct
    from mirrorsync.capture.feed import parse_feed
    from mirrorsync.cli.native_noise import silence_native_stderr
    from mirrorsync.settings import load_settings
    from mirrorsync.settings_file import keep_settings, own_settings

    # Settings given by a file are that file's: what is changed in the window then is not remembered.
    settings, notice = own_settings() if config is None else (load_settings(config), "")
    if lsl:
        from mirrorsync.export.lsl import check_lsl

        check_lsl()
    specs = [parse_feed(feed) for feed in (a, b) if feed]
    if len(specs) == 2:
        check_distinct(specs[0], specs[1])
    problem = display_problem()
    if problem:
        raise MirrorSyncError(problem)
    silence_native_stderr()
    from mirrorsync.ui.app import run_window

    code = run_window(
        a,
        b,
        settings,
        live_factory(models_dir, lsl=lsl),
        start=bool(a and b),
        keep_settings=keep_settings if config is None else None,
        notice=notice,
    )
    if code:
        raise typer.Exit(code)


def display_problem() -> str:
    """Return why no window can open here, as a sentence; empty when one can."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return ""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return ""
    return (
        "There is no display here to open a window on; run it on a desktop, or try "
        "`mirrorsync demo --headless` or `mirrorsync analyze`."
    )


def live_factory(
    models_dir: Path | None, *, seconds: float | None = None, lsl: bool = False
) -> Callable[[str, str, Settings], LiveSession]:
    """Return what makes the session behind the window's Start.

    `seconds` ends recordings early; `lsl` sends to Lab Streaming Layer whatever the settings say, this time.
    """
    from datetime import datetime

    from mirrorsync.analysis import default_landmarker, new_meta
    from mirrorsync.capture.shared import pair_openers
    from mirrorsync.engine.live import LiveSession

    def make(feed_a: str, feed_b: str, settings: Settings) -> LiveSession:
        def open_lsl() -> LslSink:
            from mirrorsync.export.lsl import LslSink

            return LslSink(rate_hz=settings.rate_hz, landmarks=settings.lsl_landmarks)

        open_a, open_b = pair_openers(feed_a, feed_b, settings, paced=True, seconds=seconds)
        return LiveSession(
            open_a,
            open_b,
            settings,
            make_landmarker=default_landmarker(models_dir),
            make_meta=lambda: new_meta(
                feed_a, feed_b, settings, created=datetime.now().astimezone().isoformat(timespec="seconds")
            ),
            open_sink=open_lsl if lsl or settings.lsl else None,
        )

    return make
