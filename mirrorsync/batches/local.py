"""Worker processes on this machine. One that dies takes only its task with it, which is tried once more."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mirrorsync.batches.tasks import Task
from mirrorsync.batches.worker import THREADS_OFF

__all__ = ["LocalPool", "Outcome", "Share"]

Share = Callable[[Task, float], None]
"""Called with a task and the share of it that is done, 0–1."""

_ATTEMPTS = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """A task that is over: `error` is None when it is done, else the sentence that says why it is not."""

    task: Task
    error: str | None = None


class LocalPool:
    """Runs tasks on `workers` processes.

    Each is a fresh interpreter (nothing is inherited, on every system alike), fed by a thread here.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers

    def run(self, tasks: Iterable[Task], share: Share) -> Iterator[Outcome]:
        """Do the tasks; yield each as it is over, in any order. Closing the iterator ends the processes."""
        waiting = deque(tasks)
        if not waiting:
            return
        left = len(waiting)
        news: queue.Queue[Outcome | tuple[Task, float] | BaseException] = queue.Queue()
        feeders = [_Feeder(k, waiting, news) for k in range(min(self._workers, left))]
        try:
            while left:
                told = news.get()
                if isinstance(told, Outcome):
                    left -= 1
                    yield told
                elif isinstance(told, BaseException):
                    raise told
                else:
                    share(*told)
        finally:
            for feeder in feeders:
                feeder.stop()


class _Feeder:
    """One worker process and the thread that hands it its tasks."""

    def __init__(self, number: int, waiting: deque[Task], news: queue.Queue[Any]) -> None:
        self._waiting, self._news = waiting, news
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self._thread = threading.Thread(target=self._feed, name=f"mirrorsync-batch-{number}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with self._lock:
            self._stopped.set()
            if self._process is not None:
                self._process.kill()
        self._thread.join()

    def _feed(self) -> None:
        try:
            while not self._stopped.is_set():
                try:
                    task = self._waiting.popleft()
                except IndexError:
                    return
                answer = next((a for a in map(self._ask, [task] * _ATTEMPTS) if a is not None), None)
                if self._stopped.is_set():
                    return
                error = _DIED if answer is None else answer.get("error")
                self._news.put(Outcome(task, error))
        except BaseException as error:  # noqa: BLE001 - carried to the thread that waits for the outcomes
            self._news.put(error)
        finally:
            self._end()

    def _ask(self, task: Task) -> dict[str, Any] | None:
        """Return the worker's answer; None when it died over the task."""
        with self._lock:
            if self._stopped.is_set():
                return None
            if self._process is None:
                self._process = _start()
            process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(dict(task)) + "\n")
            process.stdin.flush()
            for line in process.stdout:
                told = json.loads(line)
                if isinstance(told, dict):
                    return told
                self._news.put((task, float(told)))
        except (OSError, ValueError):
            pass  # it died while it was written to, or in the middle of a line
        self._end()
        return None

    def _end(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


_DIED = (
    "The process that worked on it ended twice without a word; the file may be damaged, or the memory full. "
    "Try this dyad alone with mirrorsync analyze."
)


def _start() -> subprocess.Popen[str]:
    """Start a worker that finds this very package."""
    package = str(Path(__file__).resolve().parents[2])
    paths = [package, *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    environment = {**os.environ, **THREADS_OFF, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    native = None if os.environ.get("MIRRORSYNC_NATIVE_LOG") else subprocess.DEVNULL
    return subprocess.Popen(
        [sys.executable, "-m", "mirrorsync.batches.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=native,
        text=True,
        encoding="utf-8",
        env=environment,
    )
