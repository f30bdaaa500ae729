"""`mirrorsync assets list|fetch|verify`: models and the demo's portrait."""

from __future__ import annotations

import typer

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
