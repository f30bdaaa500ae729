"""Nothing leaves the machine: the native library cannot, and the program does not try."""

from __future__ import annotations

import importlib
import importlib.util
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection
from no_network import run_without_network

NETWORK_SYMBOLS = {
    "socket", "connect", "getaddrinfo", "gethostbyname", "gethostbyname_r", "sendto", "sendmsg", "res_query",
}  # fmt: skip


def undefined_symbols(library: Path) -> set[str]:
    """Return the names that a shared library takes from others when it is loaded."""
    with library.open("rb") as stream:
        table = ELFFile(stream).get_section_by_name(".dynsym")
        assert isinstance(table, SymbolTableSection)
        return {symbol.name for symbol in table.iter_symbols() if symbol["st_shndx"] == "SHN_UNDEF"} - {""}


def native_libraries(package: str) -> list[Path]:
    """Return the shared libraries inside an installed package, found without importing it."""
    spec = importlib.util.find_spec(package)
    assert spec is not None
    folders = spec.submodule_search_locations
    assert folders
    return sorted(Path(folders[0]).rglob("*.so*"))


linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads ELF libraries, which only Linux has")


@linux_only
def test_mediapipe_cannot_open_a_connection() -> None:
    libraries = native_libraries("mediapipe")
    assert libraries
    for library in libraries:
        imports = undefined_symbols(library)
        assert "malloc" in imports, f"{library} was not read"
        assert imports & NETWORK_SYMBOLS == set(), library


@linux_only
def test_a_library_that_connects_is_seen() -> None:
    # Debian builds the module into its interpreter: then that is the one to read.
    own_file = getattr(importlib.import_module("_socket"), "__file__", None)
    library = Path(os.path.realpath(own_file or sys.executable))
    assert {"socket", "connect", "getaddrinfo"} <= undefined_symbols(library)


@pytest.fixture
def local_server() -> Iterator[tuple[str, int]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()


def test_the_guard_refuses_and_notes_a_connection(local_server: tuple[str, int]) -> None:
    code = f"import socket; socket.create_connection({local_server!r}, timeout=5)"
    run = run_without_network([sys.executable, "-c", code])
    assert run.code != 0
    assert any("getaddrinfo" in line or "connect" in line for line in run.tried)


DETECT = """
import cv2
from mirrorsync.assets import asset_path
from mirrorsync.landmarks.mediapipe_tasks import MediaPipeLandmarker
from mirrorsync.types import Frame

portrait = cv2.imread(str(asset_path("astronaut.png")))[:, :, ::-1].copy()
with MediaPipeLandmarker() as landmarker:
    found = [landmarker.detect(Frame("portrait", i, i * 40_000_000, portrait)) for i in range(3)]
assert found[-1].face_found and found[-1].pose_found
"""


def test_finding_landmarks_needs_and_tries_no_network() -> None:
    run = run_without_network([sys.executable, "-c", DETECT])
    assert run.code == 0, run.err
    assert run.tried == ()


def test_an_analysis_needs_and_tries_no_network(tmp_path: Path) -> None:
    feeds = ["portrait:you", "portrait:partner"]
    command = [sys.executable, "-m", "mirrorsync", "analyze", *feeds, "--out", str(tmp_path / "out")]
    run = run_without_network([*command, "--seconds", "2"])
    assert run.code == 0, run.err
    assert (tmp_path / "out" / "summary.json").is_file()
    assert run.tried == ()


LISTEN = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from made_speech import speak
from mirrorsync.voice.listening import VoiceListener

listener = VoiceListener()
listener.add(speak(3.0))
heard = listener.finish()
assert heard.speech.size and (heard.prosody.pitch_hz > 60).any()
"""


def test_listening_needs_and_tries_no_network() -> None:
    # ONNX Runtime, which finds the pitch, could open connections: it is watched, native code included.
    run = run_without_network([sys.executable, "-c", LISTEN])
    assert run.code == 0, run.err
    assert run.tried == ()
