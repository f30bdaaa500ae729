"""How far a batch is, on standard error, with the time left."""

from __future__ import annotations

import math
import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

__all__ = ["BatchProgress"]

_AFTER_S = 2.0
_LINE_EVERY_S = 30.0
_WORDS = {
    "reading": "Reading the recordings",
    "features": "Finding people in the recordings",
    "scores": "Scoring the dyads",
    "pseudo": "Scoring the pseudo-dyads",
}


class BatchProgress:
    """A bar for each stage on a terminal, a line now and then otherwise."""

    def __init__(self) -> None:
        self._console = Console(file=sys.stderr)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=self._console,
            speed_estimate_period=600.0,
        )
        self._stages: dict[str, float] = {}
        self._bars: dict[str, int] = {}
        self._told = self._began = time.monotonic()

    def watch(self, stage: str, done: float, total: float) -> None:
        """Note how much of how much work of a stage is done; `total` NaN: nobody knows."""
        now = time.monotonic()
        began = self._stages.setdefault(stage, now)
        if total == 0 or now - self._began < _AFTER_S:
            return
        known = math.isfinite(total)
        if self._console.is_terminal:
            if not self._bars:
                self._bar.start()
            if stage not in self._bars:
                self._bars[stage] = self._bar.add_task(_WORDS[stage], total=total if known else None)
            self._bar.update(self._bars[stage], completed=done)  # type: ignore[arg-type]  # rich's TaskID is an int
        elif now - self._told >= _LINE_EVERY_S:
            self._told = now
            left = (now - began) * (total - done) / done if known and done > 0 else math.nan
            share = f"{done / total:.0%}" if known else f"{done:.0f} MB"
            when = f", {_duration(left)} left" if math.isfinite(left) else ""
            self._console.print(f"{_WORDS[stage]}: {share}{when}", soft_wrap=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars:
            self._bar.stop()


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {seconds:02.0f} s"
