"""Speed and memory, as ratios within one run: `python scripts/bench.py [offline|scoring|live|all]`.

* offline: pairs a second of the whole pipeline against the bare models on the same frames, one thread a feed.
* scoring: time a tick of the scorer, and whether it grows with the length of the session.
* live: two 30 fps recordings in real time with the window open: pairs a second, latency, memory.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

os.environ.setdefault("GLOG_minloglevel", "2")
SIZE = (640, 480)
FPS = 30.0


def make_clips(folder: Path, seconds: float) -> tuple[Path, Path]:
    """Render the demo pair into two 640×480 files."""
    import cv2

    from mirrorsync.capture.portrait import PortraitSource

    paths = []
    for who in ("you", "partner"):
        path = folder / f"{who}.mp4"
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), FPS, SIZE)
        for frame in PortraitSource(who, seconds=seconds):
            writer.write(cv2.cvtColor(frame.rgb, cv2.COLOR_RGB2BGR))
        writer.release()
        paths.append(path)
    return paths[0], paths[1]


def bare_pairs_per_s(clips: tuple[Path, Path], n: int) -> float:
    """Return pairs a second of both models through MediaPipe's public interface, frames in memory."""
    import mediapipe as mp
    from mediapipe.tasks.python import BaseOptions, vision

    from mirrorsync.assets import asset_path
    from mirrorsync.capture.source import open_source
    from mirrorsync.settings import Settings

    def models() -> tuple[object, object]:
        face = vision.FaceLandmarker.create_from_options(
            vision.FaceLandmarkerOptions(
                base_options=BaseOptions(model_asset_path=str(asset_path("face_landmarker.task"))),
                running_mode=vision.RunningMode.VIDEO,
                output_face_blendshapes=True,
                output_facial_transformation_matrixes=True,
            )
        )
        pose = vision.PoseLandmarker.create_from_options(
            vision.PoseLandmarkerOptions(
                base_options=BaseOptions(model_asset_path=str(asset_path("pose_landmarker_full.task"))),
                running_mode=vision.RunningMode.VIDEO,
            )
        )
        return face, pose

    frames = []
    for clip in clips:
        with open_source(str(clip), Settings()) as source:
            frames.append([frame.rgb for _, frame in zip(range(n), source, strict=False)])
    ready = threading.Barrier(3)

    def work(pictures: list[np.ndarray]) -> None:
        face, pose = models()
        ready.wait()
        for k, rgb in enumerate(pictures):
            image = mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)
            face.detect_for_video(image, k * 33)  # type: ignore[attr-defined]  # mediapipe is not typed
            pose.detect_for_video(image, k * 33)  # type: ignore[attr-defined]
        face.close()  # type: ignore[attr-defined]
        pose.close()  # type: ignore[attr-defined]

    threads = [threading.Thread(target=work, args=(pictures,)) for pictures in frames]
    for thread in threads:
        thread.start()
    ready.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return min(len(pictures) for pictures in frames) / (time.perf_counter() - began)


def pipeline_pairs_per_s(clips: tuple[Path, Path], n: int) -> float:
    """Return pairs a second from file to stored scores, decoding and set-up of the models left in."""
    from mirrorsync.analysis import default_landmarker, new_meta
    from mirrorsync.capture.source import open_source
    from mirrorsync.engine.offline import analyse
    from mirrorsync.session.store import SessionWriter
    from mirrorsync.settings import Settings

    settings = Settings()
    feeds = tuple(str(clip) for clip in clips)
    seconds = n / FPS
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        a, b = (open_source(feed, settings, seconds=seconds) for feed in feeds)
        with SessionWriter(Path(folder) / "s.mirrorsync", new_meta(feeds[0], feeds[1], settings)) as writer:
            for snapshot in analyse(a, b, settings, default_landmarker()):
                writer.add(snapshot)
        return n / (time.perf_counter() - began)


def offline(seconds: float, rounds: int) -> None:
    n = round(seconds * FPS)
    with tempfile.TemporaryDirectory() as folder:
        clips = make_clips(Path(folder), seconds)
        ratios = []
        for _ in range(rounds):
            bare, ours = bare_pairs_per_s(clips, n), pipeline_pairs_per_s(clips, n)
            ratios.append(ours / bare)
            print(f"offline: bare {bare:5.1f} pairs/s, pipeline {ours:5.1f} pairs/s, ratio {ours / bare:.3f}")
        print(f"offline: median ratio {np.median(ratios):.3f} (0.85 wanted)")


def random_features(seed: int) -> Iterator[np.ndarray]:
    """Yield smooth random feature vectors without end."""
    from mirrorsync.tables import FEATURES

    rng = np.random.default_rng(seed)
    scale = np.array([f.sigma or 0.1 for f in FEATURES])
    state = np.zeros(len(FEATURES))
    while True:
        state = 0.95 * state + rng.normal(size=state.size)
        yield state * scale * 0.3


def scoring(ticks: int) -> None:
    from mirrorsync.settings import Settings
    from mirrorsync.synchrony.scorer import Scorer
    from mirrorsync.tables import N_FEATURES

    scorer = Scorer(Settings())
    a, b = random_features(1), random_features(2)
    seen, neutral = np.ones(N_FEATURES), np.zeros(N_FEATURES)
    block = max(ticks // 20, 100)
    times, memory = [], []
    for _ in range(20):
        rows = [(next(a), next(b)) for _ in range(block)]
        began = time.thread_time()
        for row_a, row_b in rows:
            scorer.update(row_a, row_b, seen, seen, neutral_a=neutral, neutral_b=neutral)
        times.append((time.thread_time() - began) / block * 1e3)
        memory.append(rss_mb())
    slope = np.polyfit(np.arange(10), times[10:], 1)[0] * 10 / np.median(times)
    print(
        f"scoring: {np.median(times):.3f} ms a tick (1 wanted), change over the second half {slope:+.1%}, "
        f"memory {memory[-1] - memory[10]:+.1f} MB"
    )


def rss_mb() -> float:
    """Return the memory of this process in MB."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * resource.getpagesize() / 1e6


def live(seconds: float) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PyQt6.QtCore import QTimer

    from mirrorsync.cli.live import live_factory
    from mirrorsync.settings import Settings
    from mirrorsync.types import Snapshot
    from mirrorsync.ui.app import application
    from mirrorsync.ui.main_window import MainWindow

    with tempfile.TemporaryDirectory() as folder:
        clips = make_clips(Path(folder), seconds + 5.0)
        app = application()
        window = MainWindow(str(clips[0]), str(clips[1]), Settings(), live_factory(None))
        window.resize(1280, 800)
        window.show()
        frames: dict[str, list[tuple[float, int]]] = {"a": [], "b": []}
        latencies: list[float] = []
        ticks: list[int] = []
        memory: list[tuple[float, float]] = []
        gaps: list[float] = []
        beat = [time.monotonic()]

        def note(snapshot: Snapshot) -> None:
            now = time.monotonic()
            ticks.append(snapshot.pair.tick)
            for name, seen, dropped in (
                ("a", snapshot.pair.seen_a, snapshot.dropped_a),
                ("b", snapshot.pair.seen_b, snapshot.dropped_b),
            ):
                if seen is not None:
                    frames[name].append((now, seen.frame.index - dropped))

        def heartbeat() -> None:
            now = time.monotonic()
            gaps.append(now - beat[0])
            beat[0] = now

        def second() -> None:
            memory.append((time.monotonic(), rss_mb()))

        painted = window.bridge.note_painted

        def note_painted(captured_ns: int) -> None:
            latencies.append((time.monotonic_ns() - captured_ns) / 1e6)
            painted(captured_ns)

        window.bridge.note_painted = note_painted  # type: ignore[method-assign]  # measured, not replaced
        window.bridge.snapshot_changed.connect(note)
        timers = []
        for interval, call in ((10, heartbeat), (1000, second)):
            timer = QTimer()
            timer.timeout.connect(call)
            timer.start(interval)
            timers.append(timer)
        QTimer.singleShot(0, window.toggle_running)
        QTimer.singleShot(round(seconds * 1e3), window.close)
        app.exec()
        for timer in timers:
            timer.stop()
    rates = []
    for name, seen in frames.items():
        start = seen[0][0] + 5.0
        kept = [item for item in seen if item[0] >= start]
        rates.append((kept[-1][1] - kept[0][1]) / (kept[-1][0] - kept[0][0]))
        print(f"live: feed {name} {rates[-1]:.1f} analysed frames/s")
    late = latencies[len(latencies) // 10 :]
    half = [item for item in memory if item[0] >= memory[0][0] + 30.0]
    at_s, mb = np.array(half).T if len(half) > 2 else np.full((2, 3), np.nan)
    slope = np.polyfit(at_s, mb, 1)[0] * 60
    print(
        f"live: {min(rates):.1f} pairs/s (25 wanted), {len(ticks) / seconds:.1f} meter updates/s, "
        f"frame to painted meter p50 {np.percentile(late, 50):.0f} ms, "
        f"p95 {np.percentile(late, 95):.0f} ms (150 wanted), "
        f"longest gap of the GUI thread {max(gaps[100:]) * 1e3:.0f} ms, "
        f"memory {slope:+.2f} MB a minute after the first half minute"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", nargs="?", default="all", choices=("offline", "scoring", "live", "all"))
    parser.add_argument("--seconds", type=float, help="length of the clips")
    parser.add_argument("--rounds", type=int, default=3, help="offline: how often both are measured")
    parser.add_argument("--ticks", type=int, default=20_000, help="scoring: how many ticks")
    chosen = parser.parse_args()
    if chosen.what in {"scoring", "all"}:
        scoring(chosen.ticks)
    if chosen.what in {"offline", "all"}:
        offline(chosen.seconds or 20.0, chosen.rounds)
    if chosen.what in {"live", "all"}:
        live(chosen.seconds or 120.0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
