"""`mirrorsync review [SESSION]`: the review workspace, and the worker that analyses behind it."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Annotated

import typer

from mirrorsync.cli.settings_options import Config, ModelsDir
from mirrorsync.errors import MirrorSyncError

__all__ = ["register", "review", "review_worker"]

_EPILOG = "Example: mirrorsync review call.mp4"
_TELL_EVERY_S = 0.25


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(epilog=_EPILOG)(review)
    app.command(hidden=True, epilog="Example: mirrorsync review-worker call.mirrorsync")(review_worker)


def review(
    session: Annotated[
        Path | None,
        typer.Argument(
            metavar="[SESSION]", help="A session file, or a recording to open.", show_default=False
        ),
    ] = None,
    partner: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PARTNER]", help="The partner's recording, if it is another file.", show_default=False
        ),
    ] = None,
    config: Config = None,
    models_dir: ModelsDir = None,
) -> None:
    """Look back at a recorded conversation: playback, scores, moments, journal."""
    from mirrorsync.cli.live import display_problem
    from mirrorsync.cli.native_noise import silence_native_stderr
    from mirrorsync.settings import load_settings

    settings = load_settings(config)
    for path in (session, partner):
        if path is not None and not path.is_file():
            raise MirrorSyncError(f"There is no file {path}; check the name.")
    problem = display_problem()
    if problem:
        raise MirrorSyncError(problem)
    silence_native_stderr()
    from mirrorsync.ui.review.run import run_review

    files = tuple(path for path in (session, partner) if path is not None)
    code = run_review(files, settings, models_dir=models_dir)
    if code:
        raise typer.Exit(code)


def review_worker(
    session: Annotated[Path, typer.Argument(help="The session file.")],
    task: Annotated[str, typer.Option(help="analyse, offset or numbers.")] = "analyse",
    offset: Annotated[float, typer.Option(help="With offset: how late B is, s.")] = 0.0,
    exclude: Annotated[str, typer.Option(help="With numbers: stretches to leave out.")] = "",
    models_dir: ModelsDir = None,
) -> None:
    """Work on a session in a process of its own; tells how far it is as JSON lines, stops at end of input."""
    from mirrorsync.analysis import default_landmarker
    from mirrorsync.cli.native_noise import silence_native_stderr
    from mirrorsync.review.numbers import work_out
    from mirrorsync.review.recording import analyse_recording, rescore

    silence_native_stderr()
    if hasattr(os, "nice"):
        os.nice(5)  # whoever watches meanwhile comes first
    telling = _Telling()
    telling.start()
    if task == "numbers":
        work_out(session, excluded=exclude)
    elif task == "offset":
        rescore(session, offset_s=offset, progress=telling)
    else:
        analyse_recording(session, make_landmarker=default_landmarker(models_dir), progress=telling)


class _Telling:
    """Writes how far the work is, a few times a second; says no once the other side has hung up."""

    def __init__(self) -> None:
        self._hung_up = threading.Event()
        self._told_s = 0.0

    def start(self) -> None:
        """Listen for the end of standard input, in a thread that ends with the process."""
        threading.Thread(target=self._listen, name="mirrorsync-worker-input", daemon=True).start()

    def __call__(self, at_s: float, length_s: float) -> bool:
        now_s = time.monotonic()
        if now_s - self._told_s >= _TELL_EVERY_S:
            self._told_s = now_s
            known = length_s == length_s  # NaN: nobody knows
            line = json.dumps({"at_s": round(at_s, 3), "length_s": round(length_s, 3) if known else None})
            try:
                sys.stdout.write(line + "\n")
                sys.stdout.flush()
            except OSError:
                return False
        return not self._hung_up.is_set()

    def _listen(self) -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        self._hung_up.set()
