"""Print, for clips with and without people, how often somebody is found: by MediaPipe alone and as believed.

Usage: python scripts/validate_presence.py [FOLDER OF CLIPS] [--only WORD ...] [--seconds 60]

The truth (in which frames somebody is there) is known for the clips listed here by looking at them.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np
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

    clips = sorted(str(p) for p in options.folder.glob("*") if p.suffix in {".mp4", ".mov", ".mkv", ".webm"})
    halves = [
        f"{clip}#{side}" for clip in clips if Path(clip).name == TWO_PEOPLE for side in ("left", "right")
    ]
    feeds = ["portrait:you", "portrait:partner", *clips, *halves]
    failures = []
    columns = (
        "frames  there  body raw  kept  false raw  kept | face raw  kept  false raw  kept | ms raw  kept"
    )
    print(f"{'feed':44} {columns}   (per cent of the frames with / without somebody)")
    for feed in feeds:
        name = Path(feed).name
        if options.only and not any(word in name for word in options.only):
            continue
        seconds = min(options.seconds, 20.0) if feed.startswith("portrait") else options.seconds
        raw, raw_ms = found(feed, believe_all=True, seconds=seconds)
        kept, kept_ms = found(feed, believe_all=False, seconds=seconds)
        there = truth(name.partition("#")[0], len(raw))
        cells = []
        for k, what in enumerate(("body", "face")):
            shares = [share(flags[frames, k]) for frames in (there, ~there) for flags in (raw, kept)]
            cells.append("{}{}    {}{}".format(*shares))
            if kept[~there, k].sum() > FALSE_AT_MOST * max((~there).sum(), 1):
                failures.append(f"{name}: {what} falsely found")
            if name == TWO_PEOPLE and what == "body":
                continue  # MediaPipe's body wanders between the two men: less of it is right
            if kept[there, k].sum() < raw[there, k].sum() - LOST_AT_MOST * there.sum():
                failures.append(f"{name}: {what} lost")
        print(
            f"{name:44} {len(raw):5} {there.sum():5}   {'  | '.join(cells)}  | {raw_ms:5.1f} {kept_ms:5.1f}",
            flush=True,
        )
    print("\n".join(failures) or "All within the limits: at most 1 % false, at most 1 % lost.")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
