"""Long work on a session in a process of its own, so that the window stays free."""

from __future__ import annotations

import json
import sys
import time
from collections import deque
from pathlib import Path

from PyQt6.QtCore import QObject, QProcess, pyqtSignal

__all__ = ["Job"]

_PATIENCE_MS = 5_000
_PACE_S = 20.0


class Job(QObject):
    """Runs one task of `mirrorsync review-worker` at a time.

    Signals
    -------
    progressed(float, float, float)
        How far it is and the length of the whole in s of the session, and the seconds that are left (NaN:
        not known).
    ended(str, bool, str)
        The task is over: its name, whether it went through, and otherwise one sentence (empty: stopped).
    """

    progressed = pyqtSignal(float, float, float)
    ended = pyqtSignal(str, bool, str)

    def __init__(self, *, models_dir: Path | None = None) -> None:
        super().__init__()
        self._models_dir = models_dir
        self._process: QProcess | None = None
        self._task = ""
        self._stopping = False
        self._rest = b""
        self._next: tuple[str, Path, dict[str, str]] | None = None
        self._told: deque[tuple[float, float]] = deque()

    @property
    def task(self) -> str:
        """What is running; empty for nothing."""
        return self._task

    def start(self, task: str, session: Path, **options: str) -> None:
        """Start "analyse", "offset" or "numbers" on a session, after the task that runs has stopped."""
        if self._process is not None:
            self._next = (task, session, options)
            self.hang_up()
            return
        words = ["-m", "mirrorsync", "review-worker", str(session), "--task", task]
        words += [f"--{name}={value}" for name, value in options.items()]
        if self._models_dir is not None and task == "analyse":
            words += [f"--models-dir={self._models_dir}"]
        process = QProcess(self)
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._trouble)
        self._process, self._task, self._stopping, self._rest = process, task, False, b""
        self._told.clear()
        process.start(sys.executable, words)

    def hang_up(self) -> None:
        """Ask the task to stop; `ended` comes when it has. What it kept stays."""
        if self._process is None:
            return
        self._stopping = True
        if self._task == "numbers":
            self._process.kill()  # keeps nothing before its end
        else:
            self._process.closeWriteChannel()

    def stop(self) -> None:
        """Stop the task and wait until it has; before the window goes."""
        self._next = None
        process = self._process
        if process is None:
            return
        self.hang_up()
        if not process.waitForFinished(_PATIENCE_MS):
            process.kill()  # may be killed at any time: the session file is safe
            process.waitForFinished(_PATIENCE_MS)

    def _read(self) -> None:
        if self._process is None:
            return
        lines = (self._rest + self._process.readAllStandardOutput().data()).split(b"\n")
        self._rest = lines.pop()
        if not lines:
            return
        said = json.loads(lines[-1])
        at_s, length_s = float(said["at_s"]), said["length_s"]
        length_s = float("nan") if length_s is None else float(length_s)
        self.progressed.emit(at_s, length_s, self._left_s(at_s, length_s))

    def _left_s(self, at_s: float, length_s: float) -> float:
        """Return the seconds that are left at the pace of the last `_PACE_S`."""
        now_s = time.monotonic()
        self._told.append((now_s, at_s))
        while now_s - self._told[0][0] > _PACE_S:
            self._told.popleft()
        began_s, from_s = self._told[0]
        if now_s - began_s < 1.0 or at_s <= from_s:
            return float("nan")
        return max(length_s - at_s, 0.0) * (now_s - began_s) / (at_s - from_s)

    def _finished(self, code: int, status: QProcess.ExitStatus) -> None:
        process, task = self._process, self._task
        if process is None:
            return
        self._process, self._task = None, ""
        said = process.readAllStandardError().data().decode("utf-8", "replace").strip().splitlines()
        process.deleteLater()
        well = code == 0 and status == QProcess.ExitStatus.NormalExit
        sentence = "" if well or self._stopping else (said[-1] if said else f"({code})")
        following, self._next = self._next, None
        self.ended.emit(task, well and not self._stopping, sentence)
        if following is not None:
            self.start(following[0], following[1], **following[2])

    def _trouble(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            process, task = self._process, self._task
            self._process, self._task = None, ""
            self.ended.emit(task, False, process.errorString())
            process.deleteLater()
