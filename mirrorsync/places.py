"""The one folder in which everything of the user's lies."""

from __future__ import annotations

from pathlib import Path

import platformdirs

__all__ = ["data_folder"]


def data_folder() -> Path:
    """Return the user's data folder of this program, which may not be there yet."""
    return Path(platformdirs.user_data_dir("MirrorSync", appauthor=False))
