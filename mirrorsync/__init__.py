"""MirrorSync: see how two people attune to each other, in real time, on your own machine.

From Python: `analyze`, `score`, `load` and `batch`, the `Session` that they return, and the numeric layer
`mirrorsync.synchrony`. Nothing is loaded before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mirrorsync.version import __version__

if TYPE_CHECKING:
    from mirrorsync import synchrony
    from mirrorsync.batches.run import BatchResult
    from mirrorsync.errors import MirrorSyncError
    from mirrorsync.library import Result, analyze, batch, load, score
    from mirrorsync.recorded_session import ChannelStatistics, Session
    from mirrorsync.settings import Settings

_HOME = {
    "BatchResult": "mirrorsync.batches.run",
    "MirrorSyncError": "mirrorsync.errors",
    "Settings": "mirrorsync.settings",
    **dict.fromkeys(("ChannelStatistics", "Session"), "mirrorsync.recorded_session"),
    **dict.fromkeys(("Result", "analyze", "batch", "load", "score"), "mirrorsync.library"),
}

__all__ = [
    "BatchResult",
    "ChannelStatistics",
    "MirrorSyncError",
    "Result",
    "Session",
    "Settings",
    "__version__",
    "analyze",
    "batch",
    "load",
    "score",
    "synchrony",
]


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name == "synchrony":
        return import_module("mirrorsync.synchrony")
    if name not in _HOME:
        raise AttributeError(f"module 'mirrorsync' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
