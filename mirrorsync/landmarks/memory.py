"""Memory of hours of pictures: the C library is kept from holding on to it."""

from __future__ import annotations

import ctypes
import os
import sys

__all__ = ["give_pictures_back"]

_M_MMAP_THRESHOLD = -3  # <malloc.h>
_LARGE = 128 * 1024  # bytes; the GNU C library's own first value


def give_pictures_back() -> bool:
    """Let every large block go back to the system when it is freed; return whether that could be set.

    The GNU C library raises the size from which it does so to that of the largest block freed: after the
    first pictures they come out of the heaps of a dozen threads, which then grow by some 3 MB a minute for
    as long as a session lasts, with nothing in them. Once set, the size stays. Other C libraries do not do
    that, and a user who set MALLOC_MMAP_THRESHOLD_ meant it.
    """
    if sys.platform != "linux" or "MALLOC_MMAP_THRESHOLD_" in os.environ:
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and bool(mallopt(_M_MMAP_THRESHOLD, _LARGE))
