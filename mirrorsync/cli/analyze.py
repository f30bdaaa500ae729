"""`mirrorsync analyze A B --out DIR`: recordings to CSVs."""

from __future__ import annotations

import typer

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
