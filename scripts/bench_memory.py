"""`python scripts/bench_memory.py [--minutes N]`: does the memory of an analysis grow with its length?

Made scores and features go through the session store, the tables and all statistics, as at the end of
`mirrorsync analyze`, once for two minutes and once for two hours, each in a process of its own. What comes
before (pictures, models, scorer) keeps a constant memory: see `bench.py scoring` and `bench.py live`.
PASS or FAIL, and the exit code, say whether the long one's peak is at most 200 MB above the short one's.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mirrorsync.types import Snapshot

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the program does; before NumPy is loaded
import numpy as np

SHORT_MIN, ALLOWED_MB = 2.0, 200.0
BANK = 2_500  # different moments: 100 s, which then come again
STEP = 5  # ticks


def made(minutes: float) -> Iterator[Snapshot]:
    """Yield the snapshots of two people who move at random."""
    from mirrorsync.synchrony.clock import tick_ns
    from mirrorsync.tables import CHANNELS, FEATURES, SYNC_CHANNELS
    from mirrorsync.types import Features, Pair, Snapshot, SyncScore, WindowRow

    rng = np.random.default_rng(1)
    scale = np.array([f.sigma or 0.1 for f in FEATURES])
    walk = rng.normal(size=(2, BANK, scale.size))
    for k in range(1, BANK):
        walk[:, k] += 0.95 * walk[:, k - 1]
    seen = np.ones(scale.size)
    scores = [
        {name: SyncScore(value=float(rng.random()), coverage=1.0) for name in CHANNELS} for _ in range(100)
    ]
    for tick in range(round(minutes * 60 * 25)):
        t_ns = tick_ns(tick, 25.0)
        a, b = (Features(t_ns, walk[k, tick % BANK] * scale * 0.3, seen) for k in range(2))
        rows = tuple(
            WindowRow(name, tick // STEP, t_ns / 1e9 - 5.0, t_ns / 1e9, 0.1, 0.2, 0.3, 0.4, "a", 1.0)
            for name in (SYNC_CHANNELS if tick % STEP == 0 else ())
        )
        yield Snapshot(Pair(tick, t_ns, a, b), scores[tick % 100], mirror_mode="mirror", windows=rows)


def child(minutes: float) -> None:
    """Store and export a made session, and print the seconds of the export and this process's peak in MB."""
    from mirrorsync.analysis import export_session, new_meta
    from mirrorsync.session.store import SessionReader, SessionWriter
    from mirrorsync.settings import Settings
    from mirrorsync.synchrony import session_statistics

    # Surrogates come one after another: a few take as much memory as a hundred.
    session_statistics.MAX_SURROGATES = session_statistics.MIN_SURROGATES
    settings = Settings()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.mirrorsync"
        with SessionWriter(path, new_meta("a", "b", settings), durable=False) as writer:
            for snapshot in made(minutes):
                writer.add(snapshot)
        began = time.perf_counter()
        with SessionReader(path) as reader:
            export_session(reader, Path(folder), settings)
        print(time.perf_counter() - began, peak_mb())


def peak_mb() -> float:
    """Return the peak memory of this process."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (1e6 if sys.platform == "darwin" else 1e3)
    return int(status.split("VmHWM:")[1].split()[0]) / 1e3


def measured(minutes: float) -> tuple[float, float]:
    """Return seconds of the export and peak memory in MB of a session of that length."""
    done = subprocess.run(
        [sys.executable, __file__, "--child", str(minutes)], capture_output=True, text=True, check=True
    )
    seconds, peak = map(float, done.stdout.split())
    print(f"memory: {minutes:g} min: peak {peak:.0f} MB, export in {seconds:.0f} s", flush=True)
    return seconds, peak


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=120.0, help="length of the long session")
    parser.add_argument("--child", type=float, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child is not None:
        child(chosen.child)
        return 0
    grown = -measured(SHORT_MIN)[1] + measured(chosen.minutes)[1]
    good = grown <= ALLOWED_MB
    print(
        f"{'PASS' if good else 'FAIL'} {chosen.minutes:g} minutes take {grown:.0f} MB more than "
        f"{SHORT_MIN:g} ({ALLOWED_MB:.0f} allowed)"
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
