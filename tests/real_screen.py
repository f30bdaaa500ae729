"""A real screen in memory, where there is one: Xvfb with a window manager."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

__all__ = ["real_screen"]


@contextmanager
def real_screen(width: int, height: int) -> Iterator[str]:
    """Give the name of a display of that size; skip the test where there is none."""
    server_program = shutil.which("Xvfb")
    if server_program is None:
        pytest.skip("no real screen: Xvfb is not installed")
    reading, writing = os.pipe()
    command = [
        server_program, "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24",
        "-nolisten", "tcp",
    ]  # fmt: skip
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, pass_fds=[writing], **quiet)  # type: ignore[call-overload]  # of one kind
    os.close(writing)
    with os.fdopen(reading) as answer:
        number = answer.readline().strip()
    manager = None
    try:
        if not number:
            pytest.skip("no real screen: Xvfb does not start here")
        if shutil.which("openbox"):
            manager = subprocess.Popen(["openbox"], env={**os.environ, "DISPLAY": f":{number}"}, **quiet)  # type: ignore[call-overload]  # as above
        yield f":{number}"
    finally:
        for process in (manager, server):
            if process is not None:
                process.terminate()
                process.wait(10)
