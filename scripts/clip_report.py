"""What `validate_clips` says of pairs of clips: tables of all, and which demands did not hold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from demands import Counts, Demand
from seen_feeds import paragraph, table

OWN = "real clips: the own copy above every other's, on every channel with coverage"
SAME_FOOTAGE = ({"smile", "man"},)


def same_footage(one: str, other: str) -> bool:
    return any({one, other} <= group for group in SAME_FOOTAGE)


def cell(number: float) -> str:
    return f"{number:.2f}" if np.isfinite(number) else "–"


class Report:
    """Prints what it is told and keeps it; notes what is not as it should be."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.counts = Counts()

    def tell(self, *lines: str) -> None:
        """Print lines and keep them."""
        self.lines += lines
        print("\n".join(lines), flush=True)

    def pairs(
        self,
        title: str,
        names: Sequence[str],
        found: dict[tuple[str, str], tuple[float, float]],
        demanded: Sequence[str] = (),
    ) -> None:
        """Tell, for each original (down) and each other's copy (across), how far the own copy stands above.

        `found` has by (original, other) the score of the own copy and of the other's; the own copy by itself
        is on the diagonal. Between clips that are in `demanded` it must stand above.
        """
        self.tell(f"### {title}", "")
        cells = []
        for a in names:
            margins = [found[a, a][0] if a == b else found[a, b][0] - found[a, b][1] for b in names]
            cells.append(
                [
                    f"**{a}**",
                    *(f"**{cell(m)}**" if a == b else cell(m) for b, m in zip(names, margins, strict=True)),
                ]
            )
        self.tell(*table(("", *names), cells))
        told = {
            pair: own - other
            for pair, (own, other) in found.items()
            if pair[0] != pair[1] and np.isfinite(own - other) and not same_footage(*pair)
        }
        below = [f"{a} and {b} ({cell(m)})" for (a, b), m in told.items() if m <= 0]
        rows = {a for a, _ in told}
        whole = len(rows) - len({a for (a, _), m in told.items() if m <= 0})
        self.tell(
            *paragraph(
                f"""Own copy above the other's in {len(told) - len(below)} of {len(told)} pairs; above all
                others for {whole} of {len(rows)} clips. {
                    "Not: " + ", ".join(below) + "." if below else ""
                }"""
            )
        )
        if set(names) - set(demanded):
            self.counts.notes.append(
                Demand(
                    f"clips of two seconds too: own copy above the other's, {title}",
                    f"{len(told) - len(below)} of {len(told)} pairs",
                )
            )
        for (a, b), margin in told.items():
            if a in demanded and b in demanded:
                self.counts.add(OWN, margin > 0, f"{title}: {a} and {b} ({cell(margin)})")
