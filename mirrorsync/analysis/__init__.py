"""Engine, session store and export put together: recordings to results; loaded when it is used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mirrorsync.analysis.exporting import export_session, offset_note, statistics_of
    from mirrorsync.analysis.recordings import (
        SESSION_NAME,
        Analysis,
        Watcher,
        analyse_recordings,
        default_landmarker,
        new_meta,
    )

__all__ = [
    "SESSION_NAME",
    "Analysis",
    "Watcher",
    "analyse_recordings",
    "default_landmarker",
    "export_session",
    "new_meta",
    "offset_note",
    "statistics_of",
]

_EXPORTING = ("export_session", "offset_note", "statistics_of")


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{'exporting' if name in _EXPORTING else 'recordings'}"), name)
