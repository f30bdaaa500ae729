"""Snapshots and session files made from random numbers, for the tests of session and export."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mirrorsync.session.meta import InputInfo, SessionMeta
from mirrorsync.session.store import SessionWriter
from mirrorsync.tables import CHANNELS, FEATURE_INDEX, N_FEATURES, SYNC_CHANNELS
from mirrorsync.types import Features, Pair, Snapshot, SyncScore, WindowRow

RATE_HZ = 25.0
TICK_NS = 40_000_000

META = SessionMeta(
    feed_a="a.mp4",
    feed_b="b.mp4#left",
    label_a="Zoë",
    label_b="Łukasz 李",
    parameters={"rate_hz": RATE_HZ, "mirror": "auto", "seed": 7},
    versions={"python": "3.11.2", "mirrorsync": "0.1.0"},
    assets={"pose_landmarker_full.task": "ab" * 32, "face_landmarker.task": "cd" * 32},
    inputs=(InputInfo("a.mp4", "ef" * 32, 300, 29.97, 10.01), InputInfo("camera:0")),
    seed=7,
)


def person(rng: np.random.Generator, t_ns: int) -> Features:
    """Random features with some missing; body and face are found in three ticks of four."""
    values = rng.normal(scale=20.0, size=N_FEATURES)
    values[rng.random(N_FEATURES) < 0.1] = np.nan
    for name in ("pose_found", "face_found"):
        values[FEATURE_INDEX[name]] = float(rng.random() < 0.75)
    return Features(t_ns, values, np.where(np.isnan(values), 0.0, 1.0))


def _score(rng: np.random.Generator) -> SyncScore:
    numbers = rng.uniform(-1.0, 1.0, size=6)
    numbers[rng.random(6) < 0.2] = np.nan
    return SyncScore(*(float(number) for number in numbers))


def snapshot(tick: int, seed: int = 1) -> Snapshot:
    """The snapshot of one tick; the same arguments give the same one."""
    rng = np.random.default_rng([seed, tick])
    t_ns = tick * TICK_NS
    windows = tuple(
        WindowRow(
            name, tick // 5, t_ns / 1e9 - 5.0, t_ns / 1e9, rng.uniform(-1, 1), rng.random(),
            rng.uniform(-1, 1), float("nan") if rng.random() < 0.3 else rng.uniform(-2, 2),
            ("a", "b", "none")[rng.integers(3)], rng.random(),
        )
        for name in SYNC_CHANNELS
    )  # fmt: skip
    return Snapshot(
        Pair(
            tick,
            t_ns,
            person(rng, t_ns) if rng.random() < 0.9 else None,
            person(rng, t_ns) if rng.random() < 0.9 else None,
        ),
        {name: _score(rng) for name in CHANNELS},
        leader=("a", "b", "none")[rng.integers(3)],
        lag_s=float("nan") if rng.random() < 0.3 else rng.uniform(-2, 2),
        mirror_mode=("mirror", "anatomical")[rng.integers(2)],
        windows=windows if tick % 5 == 0 else (),
        latency_ms=float("nan") if seed == 1 else 80.5,
        dropped_a=tick // 10,
        dropped_b=tick // 20,
    )


def snapshots(count: int, seed: int = 1) -> list[Snapshot]:
    """The first `count` snapshots."""
    return [snapshot(tick, seed) for tick in range(count)]


def store(path: Path, recorded: Sequence[Snapshot], *, complete: bool = True) -> Path:
    """Write a session file and close it."""
    writer = SessionWriter(path, META)
    for one in recorded:
        writer.add(one)
    writer.close(complete)
    return path
