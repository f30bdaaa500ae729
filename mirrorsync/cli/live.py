"""The window: `mirrorsync` and `mirrorsync live [A B]`."""

from __future__ import annotations

import typer

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""


def live() -> None:
    """Open the window."""
