"""The process that makes a report: drawing holds the interpreter, and the window would stand meanwhile."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable

from mirrorsync.errors import ExportError
from mirrorsync.ui.review import texts

__all__ = ["ReportProcess"]


class ReportProcess:
    """Makes one report with `mirrorsync report-worker`; may be stopped from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def stop(self) -> None:
        """End it; the file that was to be written stays as it was."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()

    def make(self, request: str, reached: Callable[[str], None]) -> bool:
        """Have a report made, and wait for it.

        Parameters
        ----------
        request : str
            See `mirrorsync.report.request.request_text`.
        reached : callable
            Gets the name of every step that begins (`mirrorsync.report.making.STEPS`).

        Returns
        -------
        bool
            False when it was stopped before the report was there.

        Raises
        ------
        ExportError
            With the sentence of that process.
        """
        with tempfile.TemporaryFile() as said:
            process = self._start(said.fileno())
            if process is None:
                return False
            with process:
                assert process.stdin is not None
                assert process.stdout is not None
                try:
                    process.stdin.write(request.encode("utf-8"))
                    process.stdin.close()
                except BrokenPipeError:
                    pass  # it ended early, and its sentence tells why
                for line in process.stdout:
                    reached(line.decode("ascii", "replace").strip())
            said.seek(0)
            words = said.read().decode("utf-8", "replace").strip().splitlines()
        with self._lock:
            self._process = None
        code = process.returncode
        if code == 0 or self._stopped:
            return code == 0
        sentence = words[-1].removeprefix("mirrorsync: ") if words else f"({code})"
        raise ExportError(sentence if code in (1, 2) and words else texts.UNEXPECTED.format(error=sentence))

    def _start(self, errors: int) -> subprocess.Popen[bytes] | None:
        """Start the process unless it was stopped before it began."""
        words = [sys.executable, "-m", "mirrorsync", "report-worker"]
        with self._lock:
            if self._stopped:
                return None
            try:
                self._process = subprocess.Popen(
                    words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
                )
            except OSError as error:
                raise ExportError(texts.UNEXPECTED.format(error=error)) from error
            return self._process
