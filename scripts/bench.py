"""Speed and memory, as ratios within one run: `python scripts/bench.py [offline|scoring|live|all]`.

* offline: pairs a second of the whole pipeline against the bare models on the same frames, one thread a feed.
* scoring: time a tick of the scorer; whether time, memory or rounding grow with the length of the session.
* live: two 30 fps recordings in real time with the window open and recording on: pairs a second, latency, GUI
  gaps, memory (see bench_live.py); exit code 1 when what must be reached was not.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from bench_bare import FPS, bare_pairs_per_s, make_clips, rss_mb

if TYPE_CHECKING:
    from mirrorsync.settings import Settings
    from mirrorsync.types import WindowRow


def pipeline_pairs_per_s(clips: tuple[Path, Path], n: int) -> float:
    """Return pairs a second from file to stored scores, decoding and set-up of the models left in."""
    from mirrorsync.analysis import default_landmarker, speed
    from mirrorsync.capture.opening import open_source
    from mirrorsync.settings import Settings

    settings = Settings()
    a, b = (open_source(str(clip), settings, seconds=n / FPS) for clip in clips)
    return speed.pipeline_pairs_per_s(a, b, n, settings, default_landmarker())


def offline(seconds: float, rounds: int) -> None:
    n = round(seconds * FPS)
    with tempfile.TemporaryDirectory() as folder:
        clips = make_clips(Path(folder), seconds)
        ratios = []
        for _ in range(rounds):
            bare, ours = bare_pairs_per_s(clips, n), pipeline_pairs_per_s(clips, n)
            ratios.append(ours / bare)
            print(f"offline: bare {bare:5.1f} pairs/s, pipeline {ours:5.1f} pairs/s, ratio {ours / bare:.3f}")
        print(f"offline: median ratio {np.median(ratios):.3f} (0.90 wanted)")


def random_features(seed: int) -> Iterator[np.ndarray]:
    """Yield smooth random feature vectors without end."""
    from mirrorsync.tables import FEATURES

    rng = np.random.default_rng(seed)
    scale = np.array([f.sigma or 0.1 for f in FEATURES])
    state = np.zeros(len(FEATURES))
    while True:
        state = 0.95 * state + rng.normal(size=state.size)
        yield state * scale * 0.3


@dataclass(frozen=True)
class Growth:
    """What scoring costs: ms a tick, and slopes over the second half, in µs and MB a million ticks."""

    ticks: int
    ms: float
    best_ms: float
    slope_us: float
    slope_mb: float
    slower: float
    grown_mb: float
    rounding: float


def scoring(ticks: int, *, small: bool) -> Growth:
    """Score random people for `ticks`; report time, memory and rounding, and whether they grow.

    Ten million ticks are 4.6 days at 25 Hz.
    """
    from mirrorsync.settings import Settings
    from mirrorsync.synchrony.scorer import Scored, Scorer
    from mirrorsync.tables import N_FEATURES

    settings = Settings(mirror="anatomical")
    if small:
        settings = settings.with_(rate_hz=10.0, window_s=2.0, lag_s=0.5, step_s=0.5, surrogates=2)
    step = round(settings.step_s * settings.rate_hz)
    scorer = Scorer(settings)
    people = random_features(1), random_features(2)
    seen, neutral = np.ones(N_FEATURES), np.zeros(N_FEATURES)
    # The smoother of the movement has forgotten what is 10 s old.
    last = deque[tuple[np.ndarray, np.ndarray]](
        maxlen=round((settings.window_s + settings.lag_s + 10.0) * settings.rate_hz)
    )
    n_blocks = 20
    stretch = (100 // step + 1) * step
    n_stretches = -(-ticks // (n_blocks * stretch))
    block = n_stretches * stretch
    times, quietest, memory = np.empty((3, n_blocks))  # a busy machine adds to all but the quietest stretch
    scored: Scored | None = None
    for k in range(n_blocks):
        busy = []
        for _ in range(n_stretches):
            rows = [(next(people[0]), next(people[1])) for _ in range(stretch)]
            last.extend(rows)
            began = time.thread_time()
            for row_a, row_b in rows:
                scored = scorer.update(row_a, row_b, seen, seen, neutral_a=neutral, neutral_b=neutral)
            busy.append((time.thread_time() - began) / stretch * 1e3)
        times[k], quietest[k], memory[k] = np.median(busy), min(busy), rss_mb()
        if ticks >= 1_000_000:
            print(
                f"scoring: {(k + 1) * block} ticks, {times[k]:.3f} ms a tick, {quietest[k]:.3f} at best, "
                f"{memory[k]:.1f} MB",
                file=sys.stderr,
            )
    assert scored is not None
    at, half = np.arange(n_blocks) * block / 1e6, n_blocks // 2  # millions of ticks
    time_slope, memory_slope = (np.polyfit(at[half:], of[half:], 1)[0] for of in (quietest, memory))
    slower = time_slope * (at[-1] - at[half]) / np.median(quietest)
    grown = Growth(
        n_blocks * block,
        float(np.median(times)),
        float(quietest.min()),
        float(time_slope * 1e3),
        float(memory_slope),
        float(slower),
        float(memory[-1] - memory[half]),
        rounding(scored.windows, last, settings),
    )
    print(
        f"scoring: {grown.ms:.3f} ms a tick (0.3 wanted), {grown.best_ms:.3f} at best, "
        f"over {grown.ticks} ticks; "
        f"in the second half {grown.slope_us:+.1f} µs and {grown.slope_mb:+.2f} MB a million ticks "
        f"({grown.slower:+.1%}, {grown.grown_mb:+.1f} MB); "
        f"last window off by {grown.rounding:.0e}"
    )
    return grown


def rounding(
    rows: Iterable[WindowRow], last: Iterable[tuple[np.ndarray, np.ndarray]], settings: Settings
) -> float:
    """Return how far the newest windows are from those computed anew from the newest features."""
    from mirrorsync.synchrony.correlation import windowed_correlation
    from mirrorsync.synchrony.movement import SIGNAL_CHANNEL, movement

    rate_hz = settings.rate_hz
    a, b = (
        movement(np.array(person), rate_hz=rate_hz, smooth_s=settings.smooth_s)
        for person in zip(*last, strict=True)
    )
    window, max_lag = round(settings.window_s * rate_hz), round(settings.lag_s * rate_hz)
    step = round(settings.step_s * rate_hz)
    off = []
    for row in rows:
        z = np.mean(
            [
                windowed_correlation(
                    a[-window - max_lag :, k], b[-window - max_lag :, k],
                    window=window, max_lag=max_lag, step=step, framing="causal",
                ).z[-1]
                for k, channel in enumerate(SIGNAL_CHANNEL) if channel == row.channel
            ],
            axis=0,
        )  # fmt: skip
        off += [abs(row.peak_r - np.tanh(z.max())), abs(row.r_zero - np.tanh(z[max_lag]))]
    return float(max(off))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", nargs="?", default="all", choices=("offline", "scoring", "live", "all"))
    parser.add_argument("--seconds", type=float, help="length of the clips")
    parser.add_argument("--rounds", type=int, default=3, help="offline: how often both are measured")
    parser.add_argument("--ticks", type=int, default=20_000, help="scoring: how many ticks")
    parser.add_argument("--small", action="store_true", help="scoring: short windows, few surrogates, 10 Hz")
    chosen = parser.parse_args()
    if chosen.what in {"scoring", "all"}:
        scoring(chosen.ticks, small=chosen.small)
    if chosen.what in {"offline", "all"}:
        offline(chosen.seconds or 20.0, chosen.rounds)
    if chosen.what in {"live", "all"}:
        from bench_live import live

        return 0 if live(chosen.seconds or 120.0) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
