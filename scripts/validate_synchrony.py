"""Validate the synchrony library: speed, the peers' numbers, calibration under chance, and power.

    python scripts/validate_synchrony.py [--pairs 500]

Prints a line for each number; `validate.py` makes the document of them. A full run takes some minutes. The
real motion energy is read from ../shared when it is there.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small matrices: one thread is fastest, and steadiest

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import combinations, product
from pathlib import Path

import numpy as np
from demands import Demand, at_least, at_most, between
from scipy.signal import lfilter
from scipy.stats import binom
from validate_held import held_forms

from mirrorsync.engine.engine import Engine
from mirrorsync.errors import SeriesError
from mirrorsync.settings import Settings
from mirrorsync.synchrony.attunement import chance_level
from mirrorsync.synchrony.chance import synchrony_test
from mirrorsync.synchrony.correlation import windowed_correlation
from mirrorsync.synchrony.movement import SIGNALS
from mirrorsync.synchrony.susy import susy
from mirrorsync.synchrony.synchrony_meter import SynchronyMeter
from mirrorsync.tables import CHANNELS, FEATURE_INDEX, FEATURES, SYNC_CHANNELS
from mirrorsync.types import Features, FloatArray, Pair

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "synchrony"))
import test_peers as peers  # noqa: E402 - its comparisons are run here with their errors recorded

RATE_HZ = 25.0
FULL = 500  # pairs for which the shares are demanded as they are; with fewer, chance makes them scatter


def ar(rng: np.random.Generator, n: int, phi: float) -> FloatArray:
    series: FloatArray = lfilter([1.0], [1.0, -phi], rng.standard_normal(n + 1000))[1000:]
    return series


def best_of(call: Callable[[], object], times: int) -> float:
    """Return the shortest processor time of one thread: other programs count for little then."""
    taken = []
    for _ in range(times):
        start = time.thread_time()
        call()
        taken.append(time.thread_time() - start)
    return min(taken)


def speed() -> Iterator[Demand]:
    rng = np.random.default_rng(1)
    x, y = ar(rng, 15_000, 0.95), ar(rng, 15_000, 0.95)
    grid = windowed_correlation(x, y, window=250, max_lag=125, step=5)
    seconds = best_of(lambda: windowed_correlation(x, y, window=250, max_lag=125, step=5), 30)
    cells = [(int(rng.integers(grid.starts.size)), int(rng.integers(grid.lags.size))) for _ in range(4000)]

    pairs = []
    for k, c in cells:
        lag, start = int(grid.lags[c]), int(grid.starts[k])
        at = start - lag // 2
        pairs.append((x[at : at + 250], y[at + lag : at + lag + 250]))
    plain = [np.corrcoef(u, v)[0, 1] for u, v in pairs]
    difference = max(abs(r - grid.r[cell]) for r, cell in zip(plain, cells, strict=True))
    one_by_one = best_of(lambda: [np.corrcoef(u, v)[0, 1] for u, v in pairs], 5) / len(cells) * grid.r.size
    yield at_most(f"grid of {grid.r.size:,} cells", seconds * 1e3, 20.0, "{:.1f} ms")
    yield Demand("the same with numpy.corrcoef, from 4,000 cells", f"{one_by_one:.1f} s")
    yield at_least("times as fast", one_by_one / seconds, 300, "{:,.0f}")
    yield at_most("largest difference to numpy.corrcoef", difference, 1e-9, "{:.1e}")
    taken = best_of(lambda: susy(x, y, rate_hz=RATE_HZ), 5)
    yield at_most("SUSY, 10 min, segment 30 s, lag 5 s, all surrogates", taken, 0.5, "{:.3f} s")
    taken = best_of(lambda: synchrony_test(x, y, rate_hz=RATE_HZ), 5)
    yield at_most("test against chance, 10 min, 199 surrogates", taken, 0.4, "{:.3f} s")


def peers_numbers() -> Iterator[Demand]:
    errors: list[float] = []

    def record(got: dict[str, float], row: dict[str, str], handled: Iterable[str]) -> None:
        for column in got.keys() - set(handled):
            if row[column] == "NA":
                errors.append(0.0 if np.isnan(got[column]) else np.inf)
            else:
                errors.append(abs(got[column] - float(row[column])) / max(abs(float(row[column])), 1e-12))

    peers.agree = record  # the tests run as they are; their comparison is replaced by its error
    windows = [
        partial(peers.test_rmea_window_by_window, s, how) for s in peers.SERIES for how in (True, False)
    ]
    runs: list[tuple[str, Sequence[Callable[[], None]]]] = [
        ("rMEA, our series", [partial(peers.test_rmea_on_our_series, s) for s in peers.SERIES]),
        ("rMEA, our series window by window", windows),
        ("SUSY, our series", [peers.test_susy_on_our_series]),
        ("wcc, our series", [peers.test_wcc_on_our_series]),
        ("wcc, our series, peaks", [partial(peers.test_wcc_lag_profile_and_peaks, s) for s in peers.SERIES]),
    ]
    if peers.SAMPLE.is_dir():
        runs += [
            ("rMEA, its own sample", [peers.test_rmea_on_its_own_sample]),
            ("SUSY, rMEA's sample", [peers.test_susy_on_the_rmea_sample]),
            ("wcc, rMEA's sample", [peers.test_wcc_on_the_rmea_sample]),
        ]
    for name, comparisons in runs:
        errors.clear()
        for compare in comparisons:
            compare()
        yield at_most(f"{name}: largest relative error of {len(errors)} numbers", max(errors), 1e-6, "{:.1e}")


def null_p(pairs: Iterator[tuple[FloatArray, FloatArray]]) -> FloatArray:
    values = []
    for seed, (a, b) in enumerate(pairs):
        try:
            values.append(synchrony_test(a, b, rate_hz=RATE_HZ, seed=seed).p_value)
        except SeriesError:
            continue  # a minute in which nobody moves
    return np.array(values)


GAPS = (
    ("A's first 40 s and B's last 40 s missing", ((0, 40),), ((80, 120),)),
    ("the same 48 s missing in both", ((40, 88),), ((40, 88),)),
    (
        "each out of the picture for 5 s now and then",
        tuple((t, t + 5) for t in range(0, 120, 25)),
        tuple((t + 10, t + 15) for t in range(0, 100, 25)),
    ),
)  # seconds


def without(series: FloatArray, gaps: Iterable[tuple[float, float]]) -> FloatArray:
    """Return a series with gaps, in seconds."""
    out = series.copy()
    for start_s, end_s in gaps:
        out[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)] = np.nan
    return out


def unrelated(n_pairs: int) -> Iterator[tuple[str, FloatArray]]:
    """Yield p-values of pairs with nothing in common."""
    for minutes in (1, 10):
        rng = np.random.default_rng(minutes)
        n = round(60 * minutes * RATE_HZ)
        phis = rng.uniform(0.9, 0.98, n_pairs)
        pairs = ((ar(rng, n, phi), ar(rng, n, phi)) for phi in phis)
        yield f"independent AR(1), phi 0.9–0.98, {minutes} min", null_p(pairs)
    for name, gaps_a, gaps_b in GAPS:
        rng = np.random.default_rng(11)
        n = round(120 * RATE_HZ)
        phis = rng.uniform(0.9, 0.98, n_pairs)
        pairs = ((ar(rng, n, phi), ar(rng, n, phi)) for phi in phis)
        gapped = ((without(a, gaps_a), without(b, gaps_b)) for a, b in pairs)
        yield f"independent AR(1), 2 min, {name}", null_p(gapped)
    if not peers.SAMPLE.is_dir():
        return
    people = [peers.sample_series(path.stem) for path in sorted(peers.SAMPLE.glob("*.txt"))]
    strangers = [(a[i], b[j]) for a, b in combinations(people, 2) for i, j in product((0, 1), (0, 1))]
    yield "re-paired motion energy, 10 min", null_p(iter(strangers))
    rng = np.random.default_rng(3)
    minute = round(60 * RATE_HZ)
    starts = rng.integers(0, 15_000 - minute, (len(strangers), 3))
    yield (
        "re-paired motion energy, 1 min",
        null_p(
            (a[s : s + minute], b[s : s + minute])
            for (a, b), row in zip(strangers, starts, strict=True)
            for s in row
        ),
    )


def unrelated_person(rng: np.random.Generator, n: int) -> FloatArray:
    """Return features, shape (n, n_features), that wander as smoothed AR(1) series around a neutral."""
    phi = rng.uniform(0.9, 0.98)
    out = np.empty((n, len(FEATURES)))
    for k, feature in enumerate(FEATURES):
        wander = lfilter([1.0], [1.0, -phi], ar(rng, n, phi))
        wander /= max(float(wander.std()), 1e-12)
        if feature.group == "expression":
            out[:, k] = np.clip(0.2 + 0.15 * wander, 0.0, 1.0)
        elif feature.group == "quality":
            out[:, k] = 1.0
        else:
            out[:, k] = (feature.sigma or 0.1 * min(feature.high, 50.0)) * wander
    out[:, FEATURE_INDEX["shoulder_width"]] = 0.3
    return out


def live_synchrony(pairs: Iterable[tuple[FloatArray, FloatArray]]) -> dict[str, FloatArray]:
    """Return by synchrony channel each pair's mean meter level; signals have shape (n, 8)."""
    levels: dict[str, list[float]] = {name: [] for name in SYNC_CHANNELS}
    for a, b in pairs:
        meter = SynchronyMeter(Settings(rate_hz=RATE_HZ))
        seen: dict[str, list[float]] = {name: [] for name in SYNC_CHANNELS}
        for row_a, row_b in zip(a, b, strict=True):
            if meter.update(row_a, row_b, mirror=True):
                for name in SYNC_CHANNELS:
                    seen[name].append(meter.scores[name].level)
        for name, values in seen.items():
            there = np.array(values)[np.isfinite(values)]
            levels[name].append(float(there.mean()) if there.size >= 0.5 * len(values) else np.nan)
    return {name: np.array(values) for name, values in levels.items()}


def unrelated_movement(n_pairs: int) -> Iterator[tuple[str, dict[str, FloatArray]]]:
    """Yield the live synchrony meters' levels over signals with nothing in common."""
    rng, minute = np.random.default_rng(7), round(60 * RATE_HZ)
    made = (
        tuple(np.stack([ar(rng, minute, phi) for _ in SIGNALS], axis=1) for _ in range(2))
        for phi in rng.uniform(0.9, 0.98, n_pairs)
    )
    yield "independent AR(1), 1 min", live_synchrony((a, b) for a, b in made)
    if not peers.SAMPLE.is_dir():
        return
    people = [peers.sample_series(path.stem) for path in sorted(peers.SAMPLE.glob("*.txt"))]
    strangers = [(a[i], b[j]) for a, b in combinations(people, 2) for i, j in product((0, 1), (0, 1))]
    body = np.array(SIGNALS) == "body_speed"
    pieces = (
        tuple(np.where(body, x[start : start + 3 * minute, None], np.nan) for x in pair)
        for pair, start in zip(strangers, rng.integers(0, 15_000 - 3 * minute, len(strangers)), strict=True)
    )
    yield "re-paired motion energy, 3 min", live_synchrony((a, b) for a, b in pieces)


def live_levels(n_pairs: int, seconds: float = 90.0) -> Iterator[tuple[str, FloatArray]]:
    """Yield by channel each unrelated pair's mean meter level, from when its chance is known."""
    rng, n = np.random.default_rng(6), round(seconds * RATE_HZ)
    levels: dict[str, list[float]] = {name: [] for name in CHANNELS}
    for _ in range(n_pairs):
        people = unrelated_person(rng, n), unrelated_person(rng, n)
        seen = np.ones(len(FEATURES))
        engine, sums = Engine(Settings(rate_hz=RATE_HZ)), {name: [0.0, 0.0] for name in CHANNELS}
        for tick in range(n):
            t_ns = round(tick * 1e9 / RATE_HZ)
            a, b = (Features(t_ns, values[tick], seen) for values in people)
            for name, found in engine.step(Pair(tick, t_ns, a, b)).scores.items():
                if np.isfinite(found.level):
                    sums[name][0] += found.level
                    sums[name][1] += 1.0
        for name, (total, count) in sums.items():
            levels[name].append(total / count if count > n / 2 else np.nan)
    for name, means in levels.items():
        yield name, np.array(means)


def power(n_pairs: int) -> Iterator[tuple[str, float, FloatArray]]:
    """Yield the share found with the right lag, and (true, found) lags in samples."""
    for noise in ("white", "alike"):
        rng = np.random.default_rng(4)
        lags = np.empty((n_pairs, 2))
        found = 0
        for k in range(n_pairs):
            phi, lag = rng.uniform(0.9, 0.98), int(rng.integers(-40, 41))
            source = ar(rng, 1700, phi)
            a, b = source[100:1600], source[100 - lag : 1600 - lag]
            extra = rng.standard_normal(1500) if noise == "white" else ar(rng, 1500, phi)
            test = synchrony_test(a, b + extra * b.std() / extra.std(), rate_hz=RATE_HZ, seed=k)
            lags[k] = lag, test.lag_s * RATE_HZ
            found += test.p_value < 0.05 and abs(lags[k, 1] - lag) <= 1
        yield f"b = delayed a + as much {noise} noise, 1 min", found / n_pairs, lags


def svg(title: str, x_name: str, y_name: str, marks: str) -> str:
    """Return a small plot; `marks` are drawn in a box of 300 by 200, origin at its lower left."""
    return "\n".join(
        (
            '<svg xmlns="http://www.w3.org/2000/svg" width="380" height="280" font-family="sans-serif">',
            '<rect width="380" height="280" fill="white"/>',
            f'<text x="20" y="20" font-size="13">{title}</text>',
            f'<g transform="translate(60,235) scale(1,-1)">{marks}',
            '<path d="M0 200V0H300" fill="none" stroke="black"/></g>',
            f'<text x="210" y="262" font-size="12" text-anchor="middle">{x_name}</text>',
            '<text transform="translate(30,135) rotate(-90)" font-size="12" text-anchor="middle">',
            f"{y_name}</text></svg>",
            "",
        )
    )


def histogram(p: FloatArray) -> str:
    counts, _ = np.histogram(p, bins=20, range=(0, 1))
    scale = 100 / (p.size / 20)
    bars = "".join(
        f'<rect x="{15 * k + 1}" y="0" width="13" height="{min(count * scale, 200):.1f}" fill="#4477aa"/>'
        for k, count in enumerate(counts)
    )
    return bars + '<path d="M0 100H300" stroke="#ee6677" stroke-dasharray="5 4"/>'


def scatter(lags: FloatArray) -> str:
    place = (lags + 50) / 100 * np.array([300, 200])
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="#4477aa"/>' for x, y in place if np.isfinite(y)
    )
    return '<path d="M0 0L300 200" stroke="#ee6677" stroke-dasharray="5 4"/>' + dots


def scattering(n: int, rate: float, low: float, high: float) -> tuple[float, float]:
    """Return the limits of a share; wider where fewer than `FULL` are looked at."""
    if n < FULL:
        low, high = min(low, binom.ppf(0.005, n, rate) / n), max(high, binom.ppf(0.995, n, rate) / n)
    return low, high


def demands(n_pairs: int, plots: list[tuple[str, str]]) -> Iterator[Demand]:
    """Yield everything that is measured; names and pictures (SVG) go into `plots`."""
    yield from speed()
    yield from peers_numbers()
    for name, p in unrelated(n_pairs):
        low, high = scattering(min(p.size, n_pairs) if n_pairs < FULL else FULL, 0.05, 0.03, 0.07)
        yield between(f"{name}: share of {p.size} with p < 0.05", float(np.mean(p < 0.05)), low, high)
        plots.append(
            (f"p-values, {name}", svg(name, "p-value, 0 to 1", "pairs (dashed: expected)", histogram(p)))
        )
    for name, p in held_forms(max(n_pairs // 4, 15)):
        _, high = scattering(p.size, 0.05, 0.0, 0.07)
        share = float(np.mean(p < 0.05))
        yield at_most(f"{name}: share of {p.size} with p < 0.05", share, float(high), "{:.3f}")
    low, high = chance_level(-1.0, 0.0, 1.0), chance_level(1.0, 0.0, 1.0)
    live = list(unrelated_movement(n_pairs))
    live.append(("made people, 90 s", dict(live_levels(max(n_pairs // 25, 4)))))
    for what, meters in live:
        for name, means in meters.items():
            there = means[np.isfinite(means)]
            if there.size:
                title = f"live {name}, {what}: mean level of {there.size} (SD {there.std(ddof=1):.3f})"
                yield between(title, float(there.mean()), low, high)
    for name, share, lags in power(n_pairs):
        yield at_least(f"{name}: found, lag within a sample", share, 0.95, "{:.3f}")
        plots.append((f"lags, {name}", svg(name, "true lag, −50 to 50 samples", "lag found", scatter(lags))))


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--pairs", type=int, default=FULL, help="made pairs in each run")
    failed = False
    for demand in demands(options.parse_args().pairs, []):
        print(demand, flush=True)
        failed |= demand.holds is False
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
