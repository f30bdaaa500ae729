"""A progress bar on standard error, for whatever takes longer than two seconds."""

from __future__ import annotations

import math
import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from mirrorsync.types import Snapshot

__all__ = ["Progress"]

_AFTER_S = 2.0
_EVERY_S = 0.1
_LINE_EVERY_S = 10.0


class Progress:
    """Shows how far an analysis is: a bar with the time left on a terminal, a line now and then otherwise.

    Parameters
    ----------
    doing : str
        What is being done, one word.
    """

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._console = Console(file=sys.stderr)
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[at]}"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
        )
        self._began = self._shown = time.monotonic()

    def watch(self, snapshot: Snapshot, length_s: float) -> None:
        """Note how far the work is; `length_s` is the length of the whole, NaN when nobody knows."""
        now = time.monotonic()
        every_s = _EVERY_S if self._console.is_terminal else _LINE_EVERY_S
        if now - self._began < _AFTER_S or now - self._shown < every_s:
            return
        self._shown = now
        at_s = snapshot.pair.t_ns * 1e-9
        known = math.isfinite(length_s)
        at = f"{at_s:.0f} of {length_s:.0f} s" if known else f"{at_s:.0f} s"
        if not self._console.is_terminal:
            self._console.print(f"{self._doing}: {at}", soft_wrap=True)
            return
        if not self._bar.task_ids:
            self._bar.start()
            self._bar.add_task(self._doing, total=length_s if known else None, at=at)
        self._bar.update(self._bar.task_ids[0], completed=at_s, at=at)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar.task_ids:  # stopping what never began would leave a blank line
            self._bar.stop()
