"""A progress bar on standard error, for whatever takes longer than two seconds."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from mirrorsync.capture.source import open_source
from mirrorsync.settings import Settings
from mirrorsync.types import Snapshot

__all__ = ["Progress"]

_AFTER_S = 2.0
_EVERY_S = 0.1


class Progress:
    """Shows how far an analysis is: a bar with the time left on a terminal, a line in ten otherwise.

    Parameters
    ----------
    doing : str
        What is being done, one word.
    feeds : (str, str)
        The two feeds; the longer one gives the length.
    settings : Settings
        With which they will be opened.
    seconds : float, optional
        Limit of the analysis.
    """

    def __init__(
        self, doing: str, *, feeds: tuple[str, str], settings: Settings, seconds: float | None
    ) -> None:
        lengths = []
        for feed in feeds:
            with open_source(feed, settings, seconds=seconds) as source:
                lengths.append(source.duration_s)
        known = [length for length in lengths if length == length]
        self._total_s = max(known) if known else None
        self._doing = doing
        console = Console(file=sys.stderr)
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:.0f} of {task.total:.0f} s" if known else "{task.completed:.0f} s"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._terminal = console.is_terminal
        self._began = self._shown = time.monotonic()
        self._task: int | None = None

    def watch(self, snapshot: Snapshot) -> None:
        """Note how far the work is."""
        now = time.monotonic()
        if not self._terminal or now - self._began < _AFTER_S or now - self._shown < _EVERY_S:
            return
        self._shown = now
        if self._task is None:
            self._bar.start()
            self._task = self._bar.add_task(self._doing, total=self._total_s)
        self._bar.update(self._bar.task_ids[0], completed=snapshot.pair.t_ns * 1e-9)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._bar.stop()
