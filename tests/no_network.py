"""Runs a program where no network can be reached, and tells whether it tried."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["Run", "run_without_network"]

# Put before the program's own code: notes and refuses every connection and name look-up made from Python.
# Sockets between processes of this machine (addresses that are paths) are none of our business.
_GUARD = """
import os, sys

def _guard(event, arguments):
    reaches_out = event == "socket.getaddrinfo" or (
        event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple)
    )
    if reaches_out:
        with open(os.environ["NETWORK_GUARD_LOG"], "a") as log:
            log.write(f"{event} {arguments[0] if event.endswith('info') else arguments[1]}\\n")
        raise PermissionError("this run may not use the network")

sys.addaudithook(_guard)
"""


@dataclass(frozen=True)
class Run:
    """How a run ended: exit code, both outputs, and the connections that were tried."""

    code: int
    out: str
    err: str
    tried: tuple[str, ...]


@cache
def _wrapper() -> tuple[str, ...]:
    """Return the command that takes the network away, native code included; empty where there is none."""
    unshare = shutil.which("unshare")
    for words in ((unshare, "-n"), (unshare, "-rn")) if unshare else ():
        if subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0:
            return words
    return ()


def run_without_network(argv: list[str], *, timeout_s: float = 240.0) -> Run:
    """Run `argv` in a network namespace of its own where the kernel allows it, and under a guard in any case.

    The guard sees what Python code tries and refuses it; the namespace denies it to native code as well.
    """
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "sitecustomize.py").write_text(_GUARD, "utf-8")
        log = Path(folder, "log")
        log.touch()
        path = os.pathsep.join([folder, *filter(None, [os.environ.get("PYTHONPATH")])])
        done = subprocess.run(
            [*_wrapper(), *argv],
            env={**os.environ, "PYTHONPATH": path, "NETWORK_GUARD_LOG": str(log)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        return Run(done.returncode, done.stdout, done.stderr, tuple(log.read_text("utf-8").splitlines()))
