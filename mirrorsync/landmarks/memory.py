"""Memory of hours of pictures: the C library keeps it at hand for the next ones, and no more than that."""

from __future__ import annotations

import ctypes
import functools
import os
import sys
import threading
import time
from typing import Any

__all__ = ["give_memory_back", "keep_pictures_at_hand"]

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # <malloc.h>
_LARGEST = 32 * 1024 * 1024  # bytes; the largest that the GNU C library takes
_EVERY_S = 10.0

_turn = threading.Lock()
_last_s = -_EVERY_S


def keep_pictures_at_hand() -> bool:
    """Let pictures come out of memory that the process has already; return whether that could be set.

    Models and pictures take and free some 5 MB a picture in large blocks. Where each comes fresh from the
    system, a tenth of all time goes into clearing pages. The GNU C library finds that out by itself, but only
    block by block. A user who set MALLOC_MMAP_THRESHOLD_ meant it. `give_memory_back` keeps it from holding
    on to ever more.
    """
    if "MALLOC_MMAP_THRESHOLD_" in os.environ:
        return False
    mallopt = _of_c_library("mallopt")
    return mallopt is not None and bool(
        mallopt(_M_MMAP_THRESHOLD, _LARGEST) and mallopt(_M_TRIM_THRESHOLD, 4 * _LARGEST)
    )


def give_memory_back() -> bool:
    """Give what is free back to the system; at most every ten seconds, more often it does nothing.

    Pictures come out of the heaps of a dozen threads, which would else grow by some 3 MB a minute for as
    long as a session lasts, with nothing in them. Return whether it was done.
    """
    global _last_s
    if time.monotonic() - _last_s < _EVERY_S:
        return False
    trim = _of_c_library("malloc_trim")
    if trim is None or not _turn.acquire(blocking=False):
        return False
    try:
        _last_s = time.monotonic()
        trim(0)
    finally:
        _turn.release()
    return True


@functools.cache
def _of_c_library(name: str) -> Any:
    """Return a function of the GNU C library; None with another one."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
