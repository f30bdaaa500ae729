"""MirrorSync: see how two people attune to each other, in real time, on your own machine.

From Python: `analyze`, `score`, `load` and `batch`. Nothing is loaded before one of them is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mirrorsync.version import __version__

if TYPE_CHECKING:
    from mirrorsync.library import (
        BatchResult,
        MirrorSyncError,
        Result,
        Settings,
        analyze,
        batch,
        load,
        score,
    )

_LAZY = ("BatchResult", "MirrorSyncError", "Result", "Settings", "analyze", "batch", "load", "score")

__all__ = [
    "BatchResult",
    "MirrorSyncError",
    "Result",
    "Settings",
    "__version__",
    "analyze",
    "batch",
    "load",
    "score",
]


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module 'mirrorsync' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("mirrorsync.library"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
