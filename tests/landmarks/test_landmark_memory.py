"""Large blocks go back to the system, however large the blocks freed before them were."""

from __future__ import annotations

import subprocess
import sys

import pytest

_PROGRAM = """
import ctypes, sys
from mirrorsync.landmarks.memory import give_pictures_back

class Counts(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd",
        "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost",
    )]

library = ctypes.CDLL(None)
library.mallinfo2.restype = Counts
library.malloc.restype = ctypes.c_void_p
library.free.argtypes = [ctypes.c_void_p]
if sys.argv[1] == "set":
    assert give_pictures_back()
library.free(library.malloc(8_000_000))  # what raises the size from which blocks are given back
before = library.mallinfo2().hblks
picture = library.malloc(640 * 480 * 3)
print(library.mallinfo2().hblks - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the GNU C library's way")
@pytest.mark.parametrize(("chosen", "blocks"), [("set", 1), ("left", 0)])
def test_a_picture_has_a_block_of_its_own(chosen: str, blocks: int) -> None:
    made = subprocess.run(
        [sys.executable, "-c", _PROGRAM, chosen], capture_output=True, text=True, check=True, timeout=60
    )
    assert int(made.stdout) == blocks


def test_what_the_user_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    from mirrorsync.landmarks.memory import give_pictures_back

    monkeypatch.setenv("MALLOC_MMAP_THRESHOLD_", "1000000")
    assert not give_pictures_back()
