"""How long a test waits before it gives up: generous ceilings, scaled by how slow this machine is now."""

from __future__ import annotations

import functools
import hashlib
import os
import time
from pathlib import Path

__all__ = ["PATIENCE", "PROGRAM_PATH", "patience", "patient_s"]

PATIENCE = "MIRRORSYNC_TEST_PATIENCE"
"""Environment variable that hands the factor on to the programs that tests start."""
PROGRAM_PATH = os.pathsep.join(map(str, Path(__file__).resolve().parents[:2]))
"""PYTHONPATH of a program that a test starts: it finds the helpers here, and the package of this folder."""
_REFERENCE_S = 0.03  # the work below on a fast machine with nothing beside it
_LEAST = 3.0
_MOST = 30.0


@functools.cache
def patience() -> float:
    """Return by how much waits are longer than on a fast machine with nothing else to do, 3 to 30."""
    told = os.environ.get(PATIENCE)
    if told is None:
        block = bytes(1 << 20)
        started = time.perf_counter()
        for _ in range(30):
            hashlib.blake2b(block).digest()
        slowness = (time.perf_counter() - started) / _REFERENCE_S
        slowness *= max(1.0, os.getloadavg()[0] / _cores()) if hasattr(os, "getloadavg") else 1.0
        told = f"{min(max(_LEAST * slowness, _LEAST), _MOST):.2f}"
        os.environ[PATIENCE] = told
    return float(told)


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def patient_s(seconds: float) -> float:
    """Return how long to wait, s, for what takes less than `seconds` on a fast machine."""
    return seconds * patience()
