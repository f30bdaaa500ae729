"""`python scripts/validate_batch.py [--clips N] [--seconds S]`: one batch, run in four ways, with one result.

All ordered pairs of real clips (../shared/media or $MIRRORSYNC_SHARED/media), and a file that is no video
with each, are scored by one worker in one go; by two workers, killed in the middle and run again; and on a
Dask cluster on this machine, one of whose two workers is killed in the middle. All must write the same
bytes, list the bad file's dyads with their sentence, and score every other. Prints PASS or FAIL, and exits
with it. By default the eight shortest clips, 3 s of each: about a minute on two cores.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import permutations
from pathlib import Path

RESULTS = ("results.csv", "pseudo.csv", "groups.csv", "columns.csv", "config.toml")
OPTIONS = ("--window", "1", "--lag", "0.4", "--step", "0.4", "--pseudo", "3", "--by", "bad")
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
PATIENCE_S = 1200.0
BAD = "noise.mp4"


def media() -> Path:
    """Return the folder of the clips."""
    shared = os.environ.get("MIRRORSYNC_SHARED") or Path(__file__).resolve().parents[2] / "shared"
    return Path(shared) / "media"


def clips(count: int) -> list[Path]:
    """Return the shortest clips in which there are people to be looked for."""
    import cv2

    lengths = {}
    for path in sorted(media().iterdir()):
        if path.suffix in {".mp4", ".mkv", ".mov", ".webm"} and not path.name.startswith("bad_"):
            film = cv2.VideoCapture(str(path))
            lengths[path] = film.get(cv2.CAP_PROP_FRAME_COUNT) / max(film.get(cv2.CAP_PROP_FPS), 1.0)
            film.release()
    long_enough = [path for path in sorted(lengths, key=lengths.__getitem__) if lengths[path] > 1.5]
    return sorted(long_enough[:count])


def write_manifest(folder: Path, found: Sequence[Path]) -> Path:
    """Write all ordered pairs, the bad file's in between."""
    (folder / BAD).write_bytes(bytes(range(256)) * 64)
    every = [*map(str, found[:2]), str(folder / BAD), *map(str, found[2:])]
    path = folder / "pairs.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "a", "b", "bad"])
        for k, (a, b) in enumerate(permutations(every, 2)):
            writer.writerow([f"d{k:04d}", a, b, "yes" if BAD in a + b else "no"])
    return path


def wait(condition: Callable[[], bool]) -> None:
    """Wait until the condition holds."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("it did not happen in time")
        time.sleep(0.05)


def features(out: Path) -> int:
    """Return how many recordings have been looked at."""
    return len(list((out / "work" / "features").glob("[!.]*.parquet")))


@contextmanager
def running(arguments: Sequence[str], **more: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **more}
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


class Runs:
    """The ways to run one manifest."""

    def __init__(self, manifest: Path, folder: Path, seconds: float) -> None:
        self._manifest, self._folder, self._seconds = manifest, folder, seconds

    def _command(self, out: Path, *more: str) -> list[str]:
        words = [sys.executable, "-m", "mirrorsync", "batch", str(self._manifest), "--out", str(out)]
        return [*words, "--seconds", f"{self._seconds:g}", *OPTIONS, *more]

    def plainly(self) -> Path:
        """One worker, one go."""
        out = self._folder / "plain"
        with running(self._command(out, "--workers", "1")) as batch:
            batch.wait(PATIENCE_S)
        return out

    def killed_and_continued(self) -> tuple[Path, int]:
        """Two workers, killed when two recordings have been looked at; how many were kept then."""
        out = self._folder / "killed"
        with running(self._command(out, "--workers", "2")) as batch:
            wait(lambda: features(out) >= 2 or batch.poll() is not None)
        kept = features(out) if not (out / "results.csv").exists() else 0
        with running(self._command(out, "--workers", "2")) as batch:
            batch.wait(PATIENCE_S)
        return out, kept

    def on_a_cluster(self) -> Path:
        """Two Dask workers, one of which is killed when two recordings have been looked at."""
        out, contact = self._folder / "cluster", self._folder / "scheduler.json"
        dask = [sys.executable, "-m"]
        scheduler = ["distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard", "--host", "127.0.0.1"]
        with running([*dask, *scheduler, "--scheduler-file", str(contact)]):
            wait(lambda: contact.is_file() and contact.stat().st_size > 0)
            address = json.loads(contact.read_text("utf-8"))["address"]
            worker = [*dask, "distributed.cli.dask_worker", address, "--local-directory", str(self._folder)]
            worker += ["--nthreads", "1", "--no-dashboard", "--no-nanny"]
            with (
                running(worker, **ONE_THREAD) as doomed,
                running(worker, **ONE_THREAD),
                running(self._command(out, "--cluster", address)) as batch,
            ):
                wait(lambda: features(out) >= 2 or batch.poll() is not None)
                doomed.kill()
                batch.wait(PATIENCE_S)
        return out


def told(good: bool, sentence: str) -> bool:
    """Print a verdict and return it."""
    print(f"{'PASS' if good else 'FAIL'} {sentence}", flush=True)
    return good


def as_promised(out: Path) -> bool:
    """Whether the bad file's dyads have their sentence, and all others their numbers."""
    if not (out / "results.csv").is_file():
        return told(False, f"{out.name}: no results.csv")
    with (out / "results.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    bad = [row for row in rows if row["bad"] == "yes"]
    listed = all(BAD in row["error"] and not row["ticks"] for row in bad)
    scored = all(row["ticks"] and not row["error"] for row in rows if row["bad"] == "no")
    good = len(rows) - len(bad)
    return told(
        listed and scored and bool(bad),
        f"{out.name}: {good} of {len(rows)} dyads scored, {len(bad)} listed with their sentence",
    )


def alike(out: Path, other: Path) -> bool:
    """Whether two runs wrote the same bytes."""
    differing = [
        name
        for name in RESULTS
        if not (other / name).is_file() or (out / name).read_bytes() != (other / name).read_bytes()
    ]
    same = f"the same bytes as {out.name}" if not differing else f"other bytes in {', '.join(differing)}"
    return told(not differing, f"{other.name}: {same}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--clips", type=int, default=8, help="how many clips; 0: all")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each clip")
    chosen = parser.parse_args()
    if not media().is_dir():
        return 0 if told(False, f"there is no folder {media()}; set MIRRORSYNC_SHARED") else 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        runs = Runs(write_manifest(folder, clips(chosen.clips or 1000)), folder, chosen.seconds)
        began = time.monotonic()
        plain = runs.plainly()
        verdicts = [as_promised(plain)]
        killed, kept = runs.killed_and_continued()
        verdicts += [told(kept >= 2, f"killed: {kept} recordings were looked at when it was killed")]
        verdicts += [as_promised(killed), alike(plain, killed)]
        cluster = runs.on_a_cluster()
        verdicts += [as_promised(cluster), alike(plain, cluster)]
        print(f"{time.monotonic() - began:.0f} s")
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
