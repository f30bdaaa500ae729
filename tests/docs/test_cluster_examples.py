"""The documentation's cluster examples: on a scheduler of this machine, and on a stand-in for SLURM.

The stand-ins for `sbatch` and `scancel` do with a job script what SLURM does: they number it, run it with
bash when one of two places is free, let it wait for ever otherwise, and end it when it is cancelled.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from doc_pages import ROOT, blocks, needs_cluster

from mirrorsync.batches import BatchOptions, run_batch
from mirrorsync.settings import Settings

ADDRESS = "tcp://10.0.0.5:8786"
PATIENCE_S = 120.0
ON_LOOPBACK = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
SBATCH = """#!/usr/bin/env bash
set -eu
cp "$1" "$STAND_IN/$$.sh"
for place in 1 2; do
    if mkdir "$STAND_IN/place$place" 2>/dev/null; then
        setsid bash "$STAND_IN/$$.sh" >"$STAND_IN/$$.out" 2>&1 </dev/null &
        echo $! >"$STAND_IN/$$.pid"
        break
    fi
done
echo "Submitted batch job $$"
"""
SCANCEL = """#!/usr/bin/env bash
for job in "$@"; do
    echo "$job" >>"$STAND_IN/cancelled"
    if [ -f "$STAND_IN/$job.pid" ]; then kill -- "-$(cat "$STAND_IN/$job.pid")" || true; fi
done
"""

pytest.importorskip("distributed", reason="needs the extra cluster")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The manifest that the page speaks of, of three dyads whose motion was measured already."""
    place = tmp_path_factory.mktemp("cluster")
    rng = np.random.default_rng(3)
    lines = ["id,a,b,rate"]
    for k in range(3):
        energy = np.abs(rng.normal(size=(1500, 2))).cumsum(axis=0) % 40
        np.savetxt(place / f"{k}.csv", energy, delimiter=",", header="a,b", comments="")
        lines.append(f"d{k},{k}.csv,{k}.csv,25")
    (place / "manifest.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return place


@pytest.fixture(scope="module")
def expected(folder: Path) -> bytes:
    """What one process makes of it."""
    done = run_batch(folder / "manifest.csv", folder / "alone", Settings(), BatchOptions(workers=1))
    assert not done.errors
    return (done.folder / "results.csv").read_bytes()


def example(language: str) -> str:
    (found,) = [b.text for b in blocks("docs/batch.md") if needs_cluster(b) and b.language == language]
    return found


def environment(folder: Path, **more: str) -> dict[str, str]:
    threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(folder), **threads, **more}


def wait(condition: Callable[[], bool], what: str) -> None:
    """Wait until the condition holds."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)  # between two looks


@contextmanager
def running(module: str, arguments: Sequence[str], folder: Path) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments], cwd=folder, env=environment(folder),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        process.kill()
        process.wait(PATIENCE_S)


def test_a_scheduler_that_is_there_already(folder: Path, expected: bytes) -> None:
    contact = folder / "scheduler.json"
    at = ["--scheduler-file", str(contact)]
    worker = [*at, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(folder)]
    (line,) = example("sh").splitlines()
    with running("distributed.cli.dask_scheduler", [*ON_LOOPBACK, *at], folder):
        wait(lambda: contact.is_file() and contact.stat().st_size > 0, "the scheduler did not start")
        address = json.loads(contact.read_text("utf-8"))["address"]
        words = shlex.split(line.replace(ADDRESS, address).replace("--out study", "--out with-scheduler"))
        assert address in words
        with running("distributed.cli.dask_worker", worker, folder):
            done = subprocess.run(
                [sys.executable, "-m", *words], cwd=folder, env=environment(folder), capture_output=True,
                text=True, check=False, timeout=PATIENCE_S,
            )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (folder / "with-scheduler" / "results.csv").read_bytes() == expected


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="job scripts are run as on Linux")
def test_workers_on_slurm(folder: Path, expected: bytes, tmp_path: Path) -> None:
    pytest.importorskip("dask_jobqueue", reason="needs dask-jobqueue")
    commands, jobs = tmp_path / "bin", tmp_path / "jobs"
    for place in (commands, jobs):
        place.mkdir()
    for name, text in (("sbatch", SBATCH), ("scancel", SCANCEL)):
        (commands / name).write_text(text, "utf-8")
        (commands / name).chmod(0o755)
    (folder / "slurm.py").write_text(example("python"), "utf-8")
    done = subprocess.run(
        [sys.executable, "slurm.py"], cwd=folder, capture_output=True, text=True, check=False,
        timeout=PATIENCE_S,
        env=environment(
            folder, PATH=f"{commands}{os.pathsep}{os.environ['PATH']}", STAND_IN=str(jobs),
            DASK_JOBQUEUE__SLURM__SCHEDULER_OPTIONS="{'host': '127.0.0.1', 'dashboard_address': ':0'}",
        ),
    )  # fmt: skip
    said = "".join(one.read_text("utf-8") for one in jobs.glob("*.out"))
    assert done.returncode == 0, done.stderr + said
    assert done.stdout == "{}\n"
    assert (folder / "study" / "results.csv").read_bytes() == expected
    scripts = [one.read_text("utf-8") for one in jobs.glob("*.sh")]
    assert len(scripts) == 40
    assert all("#SBATCH --cpus-per-task=1\n#SBATCH --mem=2G\n#SBATCH -t 08:00:00\n" in one for one in scripts)
    assert len(list(jobs.glob("*.pid"))) == 2
    assert "Starting established connection" in said  # workers did come
    assert len((jobs / "cancelled").read_text("utf-8").split()) == 40
    left = [Path("/proc") / pid.read_text("utf-8").strip() for pid in jobs.glob("*.pid")]
    wait(lambda: not any(place.exists() for place in left), "a job was left behind")
