"""`python scripts/bench_batch.py [--seconds N] [--dyads N]`: many dyads on one machine.

* Recordings: time of one worker over twice that of two, for the same work; peak memory of a worker (Linux).
* Series: time of N dyads of ten minutes with all their surrogates, on two workers.

PASS or FAIL, and the exit code, say whether what must be reached was.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from bench_bare import make_clips

from mirrorsync.batches import BatchOptions, run_batch
from mirrorsync.settings import Settings

EFFICIENCY, WORKER_MB, SECONDS_A_DYAD = 0.9, 700.0, 180.0 / 200.0


def told(good: bool, sentence: str) -> bool:
    """Print a measure with its verdict, and return it."""
    print(f"{'PASS' if good else 'FAIL'} {sentence}", flush=True)
    return good


class WorkerMemory:
    """Notes the peak memory of every worker process that this one starts."""

    def __init__(self) -> None:
        self.peak_mb = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """Return the peak in MB."""
        self._over.set()
        self._thread.join()
        return self.peak_mb

    def _look(self) -> None:
        while not self._over.wait(0.2):
            listed = subprocess.run(
                ["ps", "--ppid", str(os.getpid()), "-o", "pid="], capture_output=True, text=True, check=False
            )
            for pid in listed.stdout.split():
                try:
                    status = Path(f"/proc/{pid}/status").read_text()
                except OSError:
                    continue
                if "VmHWM:" in status:
                    self.peak_mb = max(self.peak_mb, int(status.split("VmHWM:")[1].split()[0]) / 1024)


def recordings(seconds: float) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        clips = make_clips(base, seconds)
        parts = [f"{clip.name}#{part}" for clip in clips for part in ("0,0,640,480", "10,0,620,480")]
        lines = [f'd{k},"{parts[k]}","{parts[(k + 2) % 4]}"' for k in range(2)]
        (base / "m.csv").write_text("id,a,b\n" + "\n".join(lines) + "\n")
        times, memory = {}, WorkerMemory()
        for workers in (1, 2):
            began = time.perf_counter()
            options = BatchOptions(workers=workers, pseudo=0)
            result = run_batch(base / "m.csv", base / f"out{workers}", Settings(), options)
            times[workers] = time.perf_counter() - began
            assert not result.errors, result.errors
        same = (base / "out1" / "results.csv").read_bytes() == (base / "out2" / "results.csv").read_bytes()
        efficiency, peak_mb = times[1] / (2 * times[2]), memory.stop()
        spent = f"one worker {times[1]:.1f} s, two {times[2]:.1f} s"
        verdicts = [
            told(
                efficiency >= EFFICIENCY, f"batch: {spent}: efficiency {efficiency:.2f} ({EFFICIENCY} wanted)"
            ),
            told(peak_mb <= WORKER_MB, f"batch: a worker's peak {peak_mb:.0f} MB ({WORKER_MB:.0f} allowed)"),
            told(same, f"batch: results.csv of one and of two workers {'are alike' if same else 'DIFFER'}"),
        ]
        return all(verdicts)


def series(dyads: int) -> bool:
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        lines = ["id,a,b"]
        for k in range(dyads):
            for side in "ab":
                energy = np.abs(np.convolve(rng.normal(size=15_020), np.ones(21), "valid"))
                np.savetxt(base / f"{side}{k}.txt", energy, fmt="%.3f")
            lines.append(f"d{k},a{k}.txt,b{k}.txt")
        (base / "m.csv").write_text("\n".join(lines) + "\n")
        began = time.perf_counter()
        run_batch(base / "m.csv", base / "out", Settings(), BatchOptions(workers=2))
        spent, allowed = time.perf_counter() - began, SECONDS_A_DYAD * dyads
        return told(
            spent <= allowed, f"series: {dyads} dyads of 10 min in {spent:.0f} s ({allowed:.0f} s allowed)"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0, help="length of the recordings")
    parser.add_argument("--dyads", type=int, default=200, help="dyads of series")
    chosen = parser.parse_args()
    good = recordings(chosen.seconds)
    return 0 if series(chosen.dyads) and good else 1


if __name__ == "__main__":
    sys.exit(main())
