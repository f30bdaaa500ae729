"""A stretch of the session marked with two keys: from here, to here."""

from __future__ import annotations

from dataclasses import dataclass

from mirrorsync.ui.review import texts

__all__ = ["Stretch"]

_SHORTEST_S = 0.05


@dataclass(slots=True)
class Stretch:
    """The marked stretch, or as much of it as is known.

    Attributes
    ----------
    start_s : float or None
        Where it begins.
    end_s : float or None
        Where it ends.
    """

    start_s: float | None = None
    end_s: float | None = None

    @property
    def mark(self) -> tuple[float, float] | None:
        """The stretch, once both ends are known."""
        if self.start_s is None or self.end_s is None:
            return None
        return self.start_s, self.end_s

    @property
    def known_s(self) -> float | None:
        """One end, whichever is known."""
        return self.end_s if self.start_s is None else self.start_s

    def set(self, mark: tuple[float, float] | None) -> None:
        """Take a stretch that was marked with the mouse, or none."""
        self.start_s, self.end_s = mark or (None, None)

    def begin(self, at_s: float) -> str:
        """Let it begin here; return what to say. An end that lies behind stays, another is forgotten."""
        self.start_s = at_s
        if self.end_s is not None and self.end_s < at_s + _SHORTEST_S:
            self.end_s = None
        return self._told()

    def end(self, at_s: float) -> str:
        """Let it end here; return what to say. A start that does not lie before is forgotten."""
        self.end_s = at_s
        if self.start_s is not None and self.start_s > at_s - _SHORTEST_S:
            self.start_s = None
        return self._told()

    def _told(self) -> str:
        if self.start_s is not None and self.end_s is not None:
            return texts.STRETCH_MARKED.format(start=texts.clock(self.start_s), end=texts.clock(self.end_s))
        if self.start_s is not None:
            return texts.STRETCH_BEGINS.format(at=texts.clock(self.start_s))
        return texts.STRETCH_ENDS.format(at=texts.clock(self.end_s or 0.0))
