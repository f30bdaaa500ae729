"""What the validation scripts demand, and whether it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["Counts", "Demand", "at_least", "at_most", "between"]


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that was measured; `holds` is None where nothing is demanded of it."""

    what: str
    found: str
    demanded: str = ""
    holds: bool | None = None

    @property
    def verdict(self) -> str:
        """PASS, FAIL, or nothing."""
        return "" if self.holds is None else "PASS" if self.holds else "FAIL"

    def __str__(self) -> str:
        wanted = f" (demanded: {self.demanded})" if self.demanded else ""
        return f"{self.verdict or '    '}  {self.what}: {self.found}{wanted}"


def at_most(what: str, value: float, limit: float, form: str = "{:g}") -> Demand:
    """Return a demand that holds up to a limit; NaN does not hold."""
    return Demand(what, form.format(value), f"{form.format(limit)} at most", bool(value <= limit))


def at_least(what: str, value: float, limit: float, form: str = "{:g}") -> Demand:
    """Return a demand that holds from a limit on; NaN does not hold."""
    return Demand(what, form.format(value), f"{form.format(limit)} at least", bool(value >= limit))


def between(what: str, value: float, low: float, high: float, form: str = "{:.3f}") -> Demand:
    """Return a demand that holds between two limits; NaN does not hold."""
    return Demand(what, form.format(value), f"{low:.2f}–{high:.2f}", bool(low <= value <= high))


@dataclass(slots=True)
class Counts:
    """Demands made many times: how many there were of a kind, and a sentence for each that did not hold.

    `notes` stand beside them: what was found where nothing is demanded.
    """

    made: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    notes: list[Demand] = field(default_factory=list)
    _failed: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, holds: bool, sentence: str) -> None:
        """Count one; the sentence says what is wrong if it does not hold."""
        self.made[kind] = self.made.get(kind, 0) + 1
        if not holds:
            self._failed[kind] = self._failed.get(kind, 0) + 1
            self.failures.append(sentence)

    def demands(self) -> Sequence[Demand]:
        """Return a demand for each kind: all of them hold."""
        return [
            Demand(kind, f"{n - self._failed.get(kind, 0)} of {n}", "all", kind not in self._failed)
            for kind, n in self.made.items()
        ] + self.notes
