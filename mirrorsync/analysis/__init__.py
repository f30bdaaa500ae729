"""Engine, session store and export put together: recordings to results."""

from mirrorsync.analysis.counted import file_sha256
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
    "file_sha256",
    "new_meta",
    "offset_note",
    "statistics_of",
]
