"""The meters in a terminal, and what the demo's script says beside what was measured."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import numpy as np
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from mirrorsync.demo.curves import Phase, script
from mirrorsync.tables import CHANNELS, SYNC_CHANNELS
from mirrorsync.types import Snapshot, WindowRow

__all__ = ["TerminalMeters", "leader_words", "phase_lag"]

_WIDTH = 31  # cells of a meter: chance stands in the middle one
_EVERY_S = 0.1
_LINE_EVERY_S = 10.0


class TerminalMeters:
    """Draws the meters while the demo runs: in place on a terminal, a line every ten seconds otherwise.

    Parameters
    ----------
    seconds : float
        Length of the script.
    """

    def __init__(self, seconds: float, console: Console | None = None) -> None:
        self._phases = script(seconds)
        self._console = console or Console()
        self._live = Live(console=self._console, auto_refresh=False) if self._console.is_terminal else None
        self._drawn_s = -math.inf
        self._line_s = 0.0

    def watch(self, snapshot: Snapshot) -> None:
        """Draw a snapshot, if it is time."""
        at_s = snapshot.pair.t_ns * 1e-9
        if self._live is not None:
            now = time.monotonic()
            if now - self._drawn_s >= _EVERY_S:
                self._drawn_s = now
                self._live.update(self._table(snapshot), refresh=True)
        elif at_s >= self._line_s + _LINE_EVERY_S:
            self._line_s = at_s
            self._console.print(self._line(snapshot), soft_wrap=True)

    def _table(self, snapshot: Snapshot) -> Table:
        at_s = snapshot.pair.t_ns * 1e-9
        table = Table(box=None, pad_edge=False, title_justify="left", show_header=False)
        table.title = f"{at_s:6.1f} s   script: {_said(self._phase_at(at_s))}"
        for channel in CHANNELS.values():
            if channel.meter:
                score = snapshot.scores[channel.name]
                table.add_row(channel.title, bar(score.level), _number(score.value))
        table.add_row("Leader", Text(leader_words(snapshot.leader, snapshot.lag_s)), "")
        return table

    def _line(self, snapshot: Snapshot) -> str:
        at_s = snapshot.pair.t_ns * 1e-9
        meters = "  ".join(
            f"{channel.title} {_number(snapshot.scores[channel.name].level)}"
            for channel in CHANNELS.values()
            if channel.meter
        )
        return f"{at_s:5.0f} s  {meters}  | {leader_words(snapshot.leader, snapshot.lag_s)}"

    def _phase_at(self, at_s: float) -> Phase:
        return next((phase for phase in self._phases if at_s < phase.end_s), self._phases[-1])

    def compare(self, windows: Sequence[WindowRow]) -> None:
        """Print each phase of the script: what was scripted, what was found."""
        table = Table(title="What the script says, and what was measured", title_justify="left")
        for heading in ("phase", "seconds", "scripted", *(CHANNELS[name].title for name in SYNC_CHANNELS)):
            table.add_column(heading)
        for phase in self._phases:
            found = [_measured(windows, phase, name) for name in SYNC_CHANNELS]
            table.add_row(phase.name, f"{phase.start_s:.0f}–{phase.end_s:.0f}", _lag(phase.lag_s), *found)
        self._console.print(table)

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()


def bar(level: float) -> Text:
    """Return a meter of a level 0–1: chance in the middle, filled from there."""
    if not math.isfinite(level):
        return Text("·" * _WIDTH + "  not enough to say", style="dim")
    middle, at = _WIDTH // 2, min(int(level * _WIDTH), _WIDTH - 1)
    cells = ["─"] * _WIDTH
    for i in range(min(at, middle), max(at, middle) + 1):
        cells[i] = "█"
    cells[middle] = "┼" if at != middle else "█"
    return Text("".join(cells), style="blue" if at >= middle else "yellow")


def leader_words(leader: str, lag_s: float) -> str:
    """Say in words who leads; a positive lag means that the partner follows."""
    if leader == "a":
        return f"your partner follows, {abs(lag_s):.1f} s behind"
    if leader == "b":
        return f"you follow, {abs(lag_s):.1f} s behind"
    return "together" if math.isfinite(lag_s) else "no clear lead"


def phase_lag(windows: Sequence[WindowRow], phase: Phase, channel: str) -> float:
    """Return the median lag in s over the windows of a channel that lie wholly inside a phase.

    Only windows above chance count; NaN when those are less than half.
    """
    inside = _inside(windows, phase, channel)
    clear = [row.peak_lag_s for row in inside if row.leader != "none"]
    if not inside or len(clear) < 0.5 * len(inside):
        return float("nan")
    return float(np.median(clear))


def _inside(windows: Sequence[WindowRow], phase: Phase, channel: str) -> list[WindowRow]:
    # the longest lag reaches back before the window, and phases fade into each other
    return [
        row
        for row in windows
        if row.channel == channel and row.start_s >= phase.start_s + 2.5 and row.end_s <= phase.end_s - 0.5
    ]


def _measured(windows: Sequence[WindowRow], phase: Phase, channel: str) -> str:
    if not _inside(windows, phase, channel):
        return "too short"
    return _lag(phase_lag(windows, phase, channel))


def _lag(lag_s: float) -> str:
    if not math.isfinite(lag_s):
        return "unrelated"
    return f"{lag_s:+.2f} s"


def _number(value: float) -> str:
    return f"{value:5.2f}" if math.isfinite(value) else "    –"


def _said(phase: Phase) -> str:
    if not math.isfinite(phase.lag_s):
        return phase.name
    return f"{phase.name} ({phase.kind}, {_lag(phase.lag_s)})"
