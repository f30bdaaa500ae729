"""Movement as text that rMEA and other readers of motion energy take: a line a tick, a column a person.

MEA (Ramseyer 2020, 10.1037/cou0000407) writes such files without a header; R's
`readMEA(..., s1Col = 1, s2Col = 2, sampRate = 25, idOrder = c("id", "roi"), idSep = "_")` reads ours.
MirrorSync has no pixels to count: what is written is how fast the head and the body moved.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import numpy as np

from mirrorsync.session.store import SessionReader
from mirrorsync.synchrony.movement import SIGNALS, Movement
from mirrorsync.types import FloatArray

__all__ = ["MOVEMENTS", "write_motion_text"]

MOVEMENTS: dict[str, str] = {
    "body": "Speed of the upper body, thousandths of a shoulder width a second.",
    "head": "Speed of the head's rotation, hundredths of a degree a second.",
}
_BODY = SIGNALS.index("body_speed")
_HEAD = [SIGNALS.index(name) for name in ("head_pitch", "head_yaw", "head_roll")]


def write_motion_text(reader: SessionReader, folder: Path, *, name: str = "session") -> list[Path]:
    """Write `NAME_body.txt` and `NAME_head.txt`; return their paths.

    Whole numbers, as MEA's pixel counts are, A first; NA where nothing was measured. The rows a second
    are the session's `rate_hz`.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    settings = reader.meta.parameters
    rate_hz, smooth_s = float(settings.get("rate_hz", 25.0)), float(settings.get("smooth_s", 0.2))
    streams = [Movement(rate_hz=rate_hz, smooth_s=smooth_s) for _ in range(2)]
    safe = name.replace("_", "-")  # the underscore separates the parts of a name for readMEA
    paths = [folder / f"{safe}_{what}.txt" for what in MOVEMENTS]
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("w", encoding="ascii", newline="\n")) for path in paths]
        for block in reader.blocks():
            moved = [
                np.array([stream.update(row) for row in values])
                for stream, values in zip(streams, (block.features_a, block.features_b), strict=True)
            ]
            bodies = [1000.0 * signals[:, _BODY] for signals in moved]
            heads = [100.0 * np.linalg.norm(signals[:, _HEAD], axis=1) for signals in moved]
            for file, (a, b) in zip(files, (bodies, heads), strict=True):
                file.write(_lines(a, b))
    return paths


def _lines(a: FloatArray, b: FloatArray) -> str:
    rows = np.rint(np.column_stack([a, b])).tolist()
    return "".join(f"{_cell(x)} {_cell(y)}\n" for x, y in rows)


def _cell(value: float) -> str:
    return f"{value:.0f}" if np.isfinite(value) else "NA"
