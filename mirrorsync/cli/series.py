"""`mirrorsync series`: synchrony of two existing columns, as JSON."""

from __future__ import annotations

import typer

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
