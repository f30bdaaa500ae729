"""Pictures come out of memory that is there already, and what is free goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest
from patience import patient_s

from mirrorsync.landmarks import memory

_COUNTS = """
import ctypes, sys
from mirrorsync.landmarks.memory import give_memory_back, keep_pictures_at_hand

class Counts(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd",
        "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost",
    )]

library = ctypes.CDLL(None)
library.mallinfo2.restype = Counts
library.malloc.restype = ctypes.c_void_p
library.free.argtypes = [ctypes.c_void_p]
"""
_PICTURE = """
if sys.argv[1] == "set":
    assert keep_pictures_at_hand()
before = library.mallinfo2().hblks
library.malloc(640 * 480 * 3)
print(library.mallinfo2().hblks - before)
"""
_FREED = """
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

assert keep_pictures_at_hand()
pictures = [library.malloc(900_000) for _ in range(60)]
for at in pictures:
    ctypes.memset(at, 1, 900_000)
library.malloc(64)  # lies above them
for at in pictures:
    library.free(at)
before = resident()
if sys.argv[1] == "back":
    assert give_memory_back() and not give_memory_back()
print((before - resident()) // 900_000)
"""

only_glibc = pytest.mark.skipif(sys.platform != "linux", reason="the GNU C library's way")


def _count(program: str, chosen: str) -> int:
    command = [sys.executable, "-c", _COUNTS + program, chosen]
    return int(
        subprocess.run(command, capture_output=True, text=True, check=True, timeout=patient_s(60)).stdout
    )


@only_glibc
@pytest.mark.parametrize(("chosen", "blocks"), [("set", 0), ("left", 1)])
def test_a_picture_needs_no_fresh_block_of_the_system(chosen: str, blocks: int) -> None:
    assert _count(_PICTURE, chosen) == blocks


@only_glibc
def test_what_is_free_goes_back() -> None:
    assert _count(_FREED, "kept") < 10
    assert _count(_FREED, "back") > 50


def test_what_the_user_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MALLOC_MMAP_THRESHOLD_", "1000000")
    assert not memory.keep_pictures_at_hand()


def test_without_the_gnu_c_library_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_of_c_library", lambda _: None)
    monkeypatch.setattr(memory, "_last_s", -memory._EVERY_S)
    monkeypatch.delenv("MALLOC_MMAP_THRESHOLD_", raising=False)
    assert not memory.keep_pictures_at_hand()
    assert not memory.give_memory_back()
