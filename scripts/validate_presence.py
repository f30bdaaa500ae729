"""Print, for clips with and without people, how often somebody is found: by MediaPipe alone and as believed.

Usage: python scripts/validate_presence.py [FOLDER OF CLIPS] [--only WORD ...] [--seconds 60]

The truth (in which frames somebody is there) is known for the clips listed here by looking at them.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from demands import Counts
from numpy.typing import NDArray

from mirrorsync.capture import open_source
from mirrorsync.landmarks.mediapipe_tasks import MediaPipeLandmarker
from mirrorsync.settings import Settings

ROOT = Path(__file__).resolve().parents[1]

# Frames [first, last) with somebody in them, where that is neither all of them nor none.
SOMEBODY: dict[str, tuple[int, int]] = {
    "reg_pyfeat_face_then_noface_vfr_hevc.mov": (0, 72),
    "reg_pyfeat_noface_then_face_vfr_hevc.mov": (96, 168),
}
NOBODY = ("bad_", "hard_no_person", "odd_", "reg_pyfeat_no_face")
TWO_PEOPLE = "reg_obama_speech_two_people.mp4"
FALSE_AT_MOST, LOST_AT_MOST = 0.01, 0.01
FALSE = "presence: false in at most 1 % of the frames without people, by clip, body and face"
LOST = "presence: not reduced by more than 1 % where people are, by clip, body and face"


def found(feed: str, *, believe_all: bool, seconds: float) -> tuple[NDArray[np.bool_], float]:
    """Return (n, 2) body and face found, frame by frame, and the milliseconds a frame took."""
    rows = []
    with (
        open_source(feed, Settings(), seconds=seconds) as source,
        MediaPipeLandmarker(believe_all=believe_all) as landmarker,
    ):
        spent_s = 0.0
        for frame in source:
            began = time.perf_counter()
            landmarks = landmarker.detect(frame)
            spent_s += time.perf_counter() - began
            rows.append((landmarks.pose_found, landmarks.face_found))
    return np.array(rows, dtype=bool), 1e3 * spent_s / max(len(rows), 1)


def truth(name: str, n: int) -> NDArray[np.bool_]:
    there = np.zeros(n, dtype=bool)
    first, last = (0, 0) if name.startswith(NOBODY) else SOMEBODY.get(name, (0, n))
    there[first:last] = True
    return there


def share(flags: NDArray[np.bool_]) -> str:
    return f"{100 * flags.mean():6.1f}" if flags.size else "     –"


def validate(folder: Path, *, only: Sequence[str] = (), seconds: float = 60.0) -> Counts | None:
    """Print a line for each feed, and count what is demanded. None: no clips in `folder`."""
    clips = sorted(str(p) for p in folder.glob("*") if p.suffix in {".mp4", ".mov", ".mkv", ".webm"})
    if not clips:
        return None
    halves = [
        f"{clip}#{side}" for clip in clips if Path(clip).name == TWO_PEOPLE for side in ("left", "right")
    ]
    feeds = ["portrait:you", "portrait:partner", *clips, *halves]
    counts = Counts()
    columns = (
        "frames  there  body raw  kept  false raw  kept | face raw  kept  false raw  kept | ms raw  kept"
    )
    print(f"{'feed':44} {columns}   (per cent of the frames with / without somebody)")
    for feed in feeds:
        name = Path(feed).name
        if only and not any(word in name for word in only):
            continue
        length_s = min(seconds, 20.0) if feed.startswith("portrait") else seconds
        raw, raw_ms = found(feed, believe_all=True, seconds=length_s)
        kept, kept_ms = found(feed, believe_all=False, seconds=length_s)
        there = truth(name.partition("#")[0], len(raw))
        cells = []
        for k, what in enumerate(("body", "face")):
            shares = [share(flags[frames, k]) for frames in (there, ~there) for flags in (raw, kept)]
            cells.append("{}{}    {}{}".format(*shares))
            if not there.all():
                few = kept[~there, k].sum() <= FALSE_AT_MOST * (~there).sum()
                counts.add(FALSE, bool(few), f"{name}: {what} falsely found")
            if not there.any() or (name == TWO_PEOPLE and what == "body"):
                continue  # MediaPipe's body wanders between the two men: less of it is right
            enough = kept[there, k].sum() >= raw[there, k].sum() - LOST_AT_MOST * there.sum()
            counts.add(LOST, bool(enough), f"{name}: {what} lost")
        print(
            f"{name:44} {len(raw):5} {there.sum():5}   {'  | '.join(cells)}  | {raw_ms:5.1f} {kept_ms:5.1f}",
            flush=True,
        )
    print("\n".join(counts.failures) or "All within the limits: at most 1 % false, at most 1 % lost.")
    return counts


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    shared = Path(os.environ.get("MIRRORSYNC_SHARED", ROOT.parent / "shared"))
    parser.add_argument(
        "folder", nargs="?", type=Path, default=shared / "media", help="folder with the clips"
    )
    parser.add_argument("--only", nargs="*", default=[], help="only feeds whose name contains one of these")
    parser.add_argument("--seconds", type=float, default=60.0, help="at most so much of each feed")
    options = parser.parse_args()
    counts = validate(options.folder, only=options.only, seconds=options.seconds)
    if counts is None:
        print(f"There are no clips in {options.folder}; name the folder that holds them.", file=sys.stderr)
        return 2
    return 1 if counts.failures else 0


if __name__ == "__main__":
    sys.exit(main())
