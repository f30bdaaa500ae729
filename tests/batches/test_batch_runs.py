"""A batch on made videos, with the real models: the same results however it was run and stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import distributed
import pytest
from made_series import energy, motion_energy_file
from made_videos import make_video
from patience import patient_s

from mirrorsync import __version__
from mirrorsync.batches import BatchOptions, run_batch
from mirrorsync.settings import Settings

VIDEOS = ("mp4v_25_mp4", "mjpg_29.97_avi", "vp8_30_webm")
OPTIONS = (
    "--rate", "5", "--window", "1", "--lag", "0.4", "--step", "0.4", "--by", "light", "--pseudo", "1",
    "--all-dyads",  # nobody is in these films
)  # fmt: skip
RESULTS = ("results.csv", "groups.csv", "pseudo.csv", "columns.csv", "config.toml")
PATIENCE_S = 120.0
THREADS = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recordings")
    one, two, three = (make_video(folder, name, frames=30).name for name in VIDEOS)
    (folder / "noise.mp4").write_bytes(bytes(range(256)) * 20)
    (folder / "dyads.csv").write_text(
        "id,a,b,offset,labels,light\n"
        f'halves,{one}#left,{one}#right,,"You,Partner",day\n'
        f"late,{one}#left,{two},0.2,,night\n"
        f"other,{three},{two},,,day\n"
        f"damaged,noise.mp4,{two},,,day\n"
        f"gone,{one},nowhere.mp4,,,day\n",
        "utf-8",
    )
    return folder / "dyads.csv"


def command(manifest: Path, out: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "mirrorsync", "batch", str(manifest), "--out", str(out), *OPTIONS, *more]


def files(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in RESULTS}


def wait(condition: Callable[[], bool]) -> None:
    """Wait until the condition holds."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)  # between two looks


def features(out: Path) -> int:
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
        process.wait(PATIENCE_S)


@contextmanager
def scheduler(folder: Path) -> Iterator[str]:
    """A Dask scheduler without workers; gives its address."""
    contact = folder / "scheduler.json"
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard"]
    with running([*dask, "--host", "127.0.0.1", "--scheduler-file", str(contact)]):
        wait(lambda: contact.is_file() and contact.stat().st_size > 0)
        yield json.loads(contact.read_text("utf-8"))["address"]


def worker(address: str, folder: Path, *more: str) -> list[str]:
    dask = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--local-directory", str(folder)]
    return [*dask, "--nthreads", "1", "--no-dashboard", "--no-nanny", *more]


@pytest.fixture(scope="module")
def plainly_run(manifest: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one worker makes of it in one go."""
    out = tmp_path_factory.mktemp("plain") / "out"
    done = subprocess.run(
        command(manifest, out, "--workers", "1"),
        capture_output=True,
        text=True,
        timeout=patient_s(300),
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "3 of 5 dyads and 1 pseudo-dyads scored" in done.stderr
    assert "mirrorsync: damaged could not be scored: " in done.stderr
    assert "Traceback" not in done.stderr
    return out


def test_every_dyad_stands_in_the_results_and_a_bad_one_with_its_sentence(plainly_run: Path) -> None:
    lines = (plainly_run / "results.csv").read_text("utf-8").splitlines()
    assert [line.split(",")[0] for line in lines] == ["id", "halves", "late", "other", "damaged", "gone"]
    assert lines[0].startswith("id,light,error,duration_s,ticks,status,notes,frames_expected_a,")
    assert "noise.mp4 cannot be read as a video" in lines[4]
    assert "There is no file" in lines[5]
    assert "nowhere.mp4" in lines[5]
    about = json.loads((plainly_run / "batch.json").read_text("utf-8"))
    assert (about["dyads"], about["failed"], about["pseudo_dyads"]) == (5, 2, 1)
    summary = json.loads((plainly_run / "dyads" / "late" / "summary.json").read_text("utf-8"))
    assert summary["parameters"]["offset_s"] == 0.2
    assert summary["inputs"][0]["feed"] == "mp4v_25_mp4.mp4#left"
    # Four feeds in three dyads that could be scored: each was looked at once.
    assert features(plainly_run) == 4


def test_killed_and_continued_with_two_workers_it_is_the_same(
    manifest: Path, plainly_run: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with running(command(manifest, out, "--workers", "2")) as process:
        wait(lambda: features(out) >= 1 or process.poll() is not None)
        process.send_signal(signal.SIGKILL)
    assert not (out / "results.csv").exists()
    for found in (out / "work" / "features").glob("[!.]*"):
        assert found.read_bytes() == (plainly_run / "work" / "features" / found.name).read_bytes()
    done = subprocess.run(
        command(manifest, out, "--workers", "2"), capture_output=True, timeout=patient_s(300), check=False
    )
    assert done.returncode == 1
    assert files(out) == files(plainly_run)


def test_a_cluster_that_loses_a_worker_gives_the_same(
    manifest: Path, plainly_run: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with (
        scheduler(tmp_path) as address,
        running(worker(address, tmp_path), **THREADS) as doomed,
        running(command(manifest, out, "--cluster", address)) as batch,
    ):
        wait(lambda: features(out) >= 1 or batch.poll() is not None)
        doomed.kill()
        with running(worker(address, tmp_path), **THREADS):
            assert batch.wait(PATIENCE_S) == 1
    assert files(out) == files(plainly_run)


def test_a_worker_that_comes_late_with_another_version_is_told_and_computes_nothing(tmp_path: Path) -> None:
    motion_energy_file(tmp_path / "mea.txt", energy(1, 1000), energy(2, 1000))
    (tmp_path / "dyads.csv").write_text("id,a,b,rate,light\nx,mea.txt,mea.txt,25,day\n", "utf-8")
    old = tmp_path / "old_version.py"  # run by the worker before anything of MirrorSync is loaded
    old.write_text("import mirrorsync.version\nmirrorsync.version.__version__ = '0.0.1'\n", "utf-8")
    out = tmp_path / "out"
    with (
        scheduler(tmp_path) as address,
        distributed.Client(address, set_as_default=False) as looking,
        running(command(tmp_path / "dyads.csv", out, "--cluster", address)) as batch,
    ):
        # The task waits: the workers were looked at while there were none.
        known = lambda dask_scheduler: len(dask_scheduler.tasks)  # noqa: E731 - travels by value
        wait(lambda: looking.run_on_scheduler(known) > 0 or batch.poll() is not None)
        with running(worker(address, tmp_path, "--preload", str(old)), **THREADS):
            assert batch.wait(PATIENCE_S) == 1
    (row,) = (out / "results.csv").read_text("utf-8").splitlines()[1:]
    assert f"mirrorsync 0.0.1 instead of {__version__}; install the same everywhere." in row
    assert list((out / "work" / "scores").iterdir()) == []


def test_run_again_nothing_is_computed_but_what_failed_and_what_a_setting_changes(
    manifest: Path, plainly_run: Path
) -> None:
    settings = Settings(rate_hz=5.0, window_s=1.0, lag_s=0.4, step_s=0.4)
    options = BatchOptions(by=("light",), pseudo=1, all_dyads=True)
    before = files(plainly_run)
    again = run_batch(manifest, plainly_run, settings, options)
    assert again.computed == 1  # the damaged recording: it might have been mended
    assert files(plainly_run) == before
    stages: list[str] = []
    other = run_batch(
        manifest,
        plainly_run,
        settings.with_(window_s=2.0),
        options,
        watch=lambda stage, *_: stages.append(stage),
    )
    assert other.computed == 1 + 3 + 1
    assert features(plainly_run) == 4
    assert "scores" in stages
    assert set(other.errors) == {"damaged", "gone"}
