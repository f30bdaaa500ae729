"""`mirrorsync devices`: cameras and screens, with the feed string of each."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from typing import Annotated, Any

import typer

__all__ = ["register"]

_SCREENS_TIMEOUT_S = 20


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(
        epilog="Example: mirrorsync devices --json",
    )(devices)


def devices(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")] = False,
) -> None:
    """List the cameras and screens of this machine, with the feed string that names each."""
    from mirrorsync.capture import camera_feed, list_cameras

    known = list_cameras()
    cameras = [
        {"feed": f"camera:{c.index}", "index": c.index, "name": c.name, "named_feed": camera_feed(c, known)}
        for c in known
    ]
    screens, problem = _screens()
    if as_json:
        typer.echo(json.dumps({"cameras": cameras, "screens": screens}, ensure_ascii=False, indent=2))
        return
    typer.echo("Cameras:")
    for camera in cameras:
        typer.echo(f"  {camera['feed']:<28} {camera['name']}")
    if not cameras:
        typer.echo(f"  {_no_cameras()}")
    typer.echo("Screens:")
    for screen in screens:
        typer.echo(f"  {screen['feed']:<28} {screen['name']}")
    if not screens:
        typer.echo(f"  {problem}")


def _no_cameras() -> str:
    if platform.system() == "Linux":
        return "none found; plug one in, and if it is there already, see that you may read /dev/video*."
    return "none found; plug one in, and see that this program may use the camera. Or try camera:0."


def _screens() -> tuple[list[dict[str, Any]], str]:
    """Return the screens, or none and why.

    Qt aborts its process when a display cannot be reached, so another process asks it.
    """
    if platform.system() == "Linux" and not any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY")):
        return [], "none: there is no display here (DISPLAY is not set)."
    unreachable = "none: the display cannot be reached; mirrorsync doctor says more."
    try:
        answer = subprocess.run(
            [sys.executable, "-m", "mirrorsync.cli.devices"],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_SCREENS_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return [], unreachable
    return list(json.loads(answer.stdout)), unreachable


def _print_screens() -> None:
    """Ask Qt for the screens and print them as JSON; runs in a process of its own."""
    from PyQt6.QtGui import QGuiApplication

    application = QGuiApplication(["mirrorsync"])
    found = []
    for screen in application.screens():
        area = screen.geometry()
        x, y, width, height = area.x(), area.y(), area.width(), area.height()
        found.append(
            {
                "feed": f"screen:{x},{y},{width},{height}",
                "name": screen.name(),
                "x": x,
                "y": y,
                "width": width,
                "height": height,
            }
        )
    sys.stdout.buffer.write(json.dumps(found, ensure_ascii=False).encode("utf-8"))


if __name__ == "__main__":
    _print_screens()
