"""Engine, session store and export put together: recordings to results."""

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
