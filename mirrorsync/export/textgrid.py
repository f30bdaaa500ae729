"""Praat TextGrid files: https://www.fon.hum.uva.nl/praat/manual/TextGrid_file_formats.html."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from mirrorsync.export.annotations import Interval, Tier, plain_text

__all__ = ["write_textgrid"]


def write_textgrid(path: Path, tiers: Sequence[Tier], *, duration_s: float) -> None:
    """Write tiers as interval tiers of a TextGrid (long text form, UTF-8); between them the text is empty.

    Parameters
    ----------
    path : Path
        The file to write.
    tiers : sequence of Tier
        In order, none of a tier's intervals overlapping another.
    duration_s : float
        Length of the session; longer where an interval ends later.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    end_s = max([duration_s, *(one.end_s for tier in tiers for one in tier.intervals)])
    lines = [
        'File type = "ooTextFile"',
        'Object class = "TextGrid"',
        "",
        "xmin = 0",
        f"xmax = {_s(end_s)}",
        "tiers? <exists>",
        f"size = {len(tiers)}",
        "item []:",
    ]
    for number, tier in enumerate(tiers, 1):
        whole = list(_whole(tier.intervals, end_s))
        lines += [
            f"    item [{number}]:",
            '        class = "IntervalTier"',
            f'        name = "{_quoted(tier.name)}"',
            "        xmin = 0",
            f"        xmax = {_s(end_s)}",
            f"        intervals: size = {len(whole)}",
        ]
        for k, one in enumerate(whole, 1):
            lines += [
                f"        intervals [{k}]:",
                f"            xmin = {_s(one.start_s)}",
                f"            xmax = {_s(one.end_s)}",
                f'            text = "{_quoted(one.text)}"',
            ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _s(time_s: float) -> str:
    return f"{time_s:.6f}".rstrip("0").rstrip(".")


def _quoted(text: str) -> str:
    return plain_text(text).replace('"', '""')


def _whole(intervals: Sequence[Interval], end_s: float) -> Iterator[Interval]:
    """Yield the intervals and, with an empty text, the stretches between them: a tier has no holes."""
    at_s = 0.0
    for one in intervals:
        if one.start_s > at_s:
            yield Interval(at_s, one.start_s, "")
        yield one
        at_s = one.end_s
    if at_s < end_s:
        yield Interval(at_s, end_s, "")
