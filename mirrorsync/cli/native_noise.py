"""Keeps the chatter of native libraries off a person's terminal."""

from __future__ import annotations

import os
import sys

__all__ = ["silence_native_stderr"]


def silence_native_stderr() -> None:
    """Send what C++ libraries write to file descriptor 2 nowhere; Python's own stderr stays.

    MediaPipe logs a dozen lines a start through a logger that cannot be turned down from Python, right
    into the progress bar. Does nothing with MIRRORSYNC_NATIVE_LOG set, or when stderr is no real file.
    """
    if os.environ.get("MIRRORSYNC_NATIVE_LOG") or sys.stderr is not sys.__stderr__:
        return
    try:
        kept = os.dup(2)
        nowhere = os.open(os.devnull, os.O_WRONLY)
    except OSError:
        return
    os.dup2(nowhere, 2)
    os.close(nowhere)
    sys.stderr = os.fdopen(kept, "w", buffering=1, encoding="utf-8", errors="backslashreplace")
