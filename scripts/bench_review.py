"""The review of long recordings, measured: seeking in an hour, opening two hours, scrubbing during analysis.

    python scripts/bench_review.py [CLIP]

The hour is CLIP (default: a real clip of `../shared/media`) over and over, its packets copied one by one, so
that key pictures are as far apart as in the clip; the two-hour session is made of random numbers. What must
be reached: a jump in the hour answers within 200 ms, the first picture of the two-hour session is there
within 1 s and its timeline within 2 s, and while an analysis runs dragging answers within 200 ms and the
window never stands still for longer than 100 ms.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

HOUR_S = 3600.0
SEEKS = 40
SEEK_MS, OPEN_MS, TIMELINE_MS, STALL_MS = 200.0, 1000.0, 2000.0, 100.0
DRAG_S, DRAG_HZ = 12.0, 30.0


def main() -> int:
    """Measure, and say what was reached; 1 when something was not."""
    shared = Path(os.environ.get("MIRRORSYNC_SHARED", ROOT.parent / "shared"))
    clip = Path(sys.argv[1]) if len(sys.argv) > 1 else shared / "media" / "reg_clm_cap12.mp4"
    with tempfile.TemporaryDirectory(prefix="mirrorsync-bench-") as name:
        folder = Path(name)
        film = folder / "hours.mp4"
        began = time.monotonic()
        key_s = tile(clip, film, 2 * HOUR_S)
        session = two_hours(film, folder)
        print(f"{clip.name}, a key picture every {key_s:.1f} s; made in {time.monotonic() - began:.0f} s")
        well = [seeking(film, folder), opening(session, folder), scrubbing(film, folder)]
    return 0 if all(well) else 1


def tile(clip: Path, out: Path, length_s: float) -> float:
    """Copy the packets of a clip's film over and over; return the mean distance of key pictures in s."""
    keys, loop_s, at = 0, 0.0, 0
    with av.open(str(clip)) as source, av.open(str(out), "w") as target:
        stream = source.streams.video[0]
        made = target.add_stream_from_template(stream)
        packets = [packet for packet in source.demux(stream) if packet.dts is not None]
        assert stream.time_base is not None
        unit = float(stream.time_base)
        step = max(round(1 / (float(stream.average_rate or 25) * unit)), 1)
        first = min(packet.dts or 0 for packet in packets)
        span = max(packet.pts or 0 for packet in packets) + step - min(packet.pts or 0 for packet in packets)
        loop_s, keys = span * unit, sum(packet.is_keyframe for packet in packets)
        datas = [(bytes(p), (p.pts or 0) - first, (p.dts or 0) - first, p.is_keyframe) for p in packets]
        while at * unit < length_s:
            for data, pts, dts, key in datas:
                packet = av.Packet(data)
                packet.stream, packet.time_base = made, stream.time_base
                packet.pts, packet.dts, packet.is_keyframe = pts + at, dts + at, key
                target.mux(packet)
            at += span
    return loop_s / max(keys, 1)


def two_hours(film: Path, folder: Path) -> Path:
    """Return a session of two hours about a recording."""
    from made_sessions import META, TICK_NS, snapshots

    from mirrorsync.session.pyramid import keep_pyramid, pyramid_of
    from mirrorsync.session.reader import SessionReader
    from mirrorsync.session.store import SessionWriter

    path = folder / "two-hours.mirrorsync"
    some = snapshots(250)
    meta = replace(META, feed_a=f"{film}#left", feed_b=f"{film}#right", inputs=())
    with SessionWriter(path, meta, durable=False) as writer:
        for tick in range(int(2 * HOUR_S * 1e9) // TICK_NS):
            one = some[tick % len(some)]
            writer.add(replace(one, pair=replace(one.pair, tick=tick, t_ns=tick * TICK_NS), windows=()))
    with SessionReader(path) as reader:
        pyramid = pyramid_of(reader)
    keep_pyramid(path, pyramid)
    return path


def seeking(film: Path, folder: Path) -> bool:
    """Jump to places all over one hour."""
    import threading

    from mirrorsync.ui.review.pictures import PairOfPictures, PictureThread, Wish

    shown = threading.Event()
    wanted = [-1.0]

    def show(pair: PairOfPictures) -> None:
        if pair.exact and pair.time_s == wanted[0]:
            shown.set()

    thread = PictureThread(
        f"{film}#left", f"{film}#right", folder / "two-hours.mirrorsync", 0.0, show=show, fail=print
    )
    taken = []
    try:
        time.sleep(3.0)  # the index of two hours is read meanwhile, as after opening
        for at in np.random.default_rng(3).uniform(0, HOUR_S, SEEKS):
            shown.clear()
            wanted[0] = float(at)
            began = time.perf_counter()
            thread.want(float(at), Wish.GO)
            if not shown.wait(10):
                print(f"nothing came at {at:.1f} s")
                return False
            taken.append(1e3 * (time.perf_counter() - began))
    finally:
        thread.close()
    return told("jump in one hour, exact pictures of both", taken, SEEK_MS)


def opening(session: Path, folder: Path) -> bool:
    """Open the two-hour session in the window, three times."""
    pictures, timelines = [], []
    with Window(folder) as window:
        for _ in range(3):
            window.made.to_start()
            began = time.perf_counter()
            window.made.open_session(session)
            room = window.made.workspace
            assert room is not None
            seen = room.pictures[0]
            pictures.append(window.until(lambda seen=seen: seen.observation is not None, began))  # type: ignore[misc]  # bound now
            timelines.append(
                window.until(lambda room=room: room.view.pyramid.duration_s > HOUR_S, began)  # type: ignore[misc]  # bound now
            )
    well = told("two-hour session, first picture", pictures, OPEN_MS)
    return told("two-hour session, timeline drawn", timelines, TIMELINE_MS) and well


def scrubbing(film: Path, folder: Path) -> bool:
    """Drag through the recording while it is analysed."""
    with Window(folder) as window:
        window.made.open_feeds(f"{film}#left", f"{film}#right")
        room = window.made.workspace
        assert room is not None
        window.until(lambda: room.view.duration_s > 2.0, time.perf_counter())
        analysed_s, began = room.view.duration_s, time.perf_counter()
        asked: list[tuple[float, float]] = []
        answers: list[float] = []

        def show(pair: Any) -> None:
            now = time.perf_counter()
            known = [at for at, place in asked if place == pair.time_s]
            if known:
                answers.append(1e3 * (now - known[-1]))

        room.player.pictures_changed.connect(show)
        gaps, last, next_s = [], time.perf_counter(), began
        while time.perf_counter() - began < DRAG_S:
            now = time.perf_counter()
            gaps.append(1e3 * (now - last))
            last = now
            if now >= next_s:
                next_s += 1 / DRAG_HZ
                place = round(1800 + 1200 * float(np.sin(0.4 * (now - began))), 3)
                asked.append((now, place))
                room.player.scrub(place)
            window.app.processEvents()
            time.sleep(0.002)
        pace = (room.view.duration_s - analysed_s) / DRAG_S
        print(f"meanwhile {pace:.2f} s of film analysed a second; {len(answers)} pictures for {len(asked)}")
        well = told("dragging while it is analysed", answers, SEEK_MS) and bool(answers)
        return told("longest stand of the window meanwhile", [max(gaps)], STALL_MS) and well


class Window:
    """The review window without a screen."""

    def __init__(self, folder: Path) -> None:
        from mirrorsync.settings import Settings
        from mirrorsync.ui.application import application
        from mirrorsync.ui.journal.model import JournalModel
        from mirrorsync.ui.review.window import ReviewWindow

        self.app = application()
        self.made = ReviewWindow(Settings(), JournalModel(folder / "journal.db"), folder=folder)

    def __enter__(self) -> Window:
        self.made.show()
        return self

    def __exit__(self, *_: object) -> None:
        self.made.close()

    def until(self, happens: Callable[[], bool], began: float) -> float:
        """Wait; return how long it took since `began`, in ms."""
        while not happens():
            if time.perf_counter() - began > 60:
                raise TimeoutError("what was waited for did not come")
            self.app.processEvents()
            time.sleep(0.001)
        return 1e3 * (time.perf_counter() - began)


def told(what: str, taken_ms: list[float], most_ms: float) -> bool:
    """Say what was measured; return whether the slowest is quick enough."""
    if not taken_ms:
        print(f"FAIL  {what}: nothing came")
        return False
    well = max(taken_ms) <= most_ms
    middle, slowest = float(np.median(taken_ms)), max(taken_ms)
    print(
        f"{'PASS' if well else 'FAIL'}  {what}: median {middle:.0f} ms, slowest {slowest:.0f} ms "
        f"of {len(taken_ms)} (at most {most_ms:.0f} ms)"
    )
    return well


if __name__ == "__main__":
    sys.exit(main())
