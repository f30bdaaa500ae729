"""`mirrorsync doctor`: what is wrong with this machine, and what to do."""

from __future__ import annotations

import typer

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
