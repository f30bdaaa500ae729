"""Results appear whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mirrorsync.errors import ExportError
from mirrorsync.export.folder import output_folder


def test_files_appear_at_the_end_and_replace_older_ones(tmp_path: Path) -> None:
    target = tmp_path / "new" / "results"
    for text in ("first", "second"):
        with output_folder(target) as folder:
            (folder / "frames.csv").write_text(text)
            assert not (target / "frames.csv").exists() or (target / "frames.csv").read_text() == "first"
        assert (target / "frames.csv").read_text() == text
        (target / "notes.txt").write_text("mine")
        assert {file.name for file in target.iterdir()} == {"frames.csv", "notes.txt"}


def test_folders_are_filled_and_keep_what_else_is_in_them(tmp_path: Path) -> None:
    for name in ("one", "two"):
        with output_folder(tmp_path) as folder:
            (folder / "sub" / "deep").mkdir(parents=True)
            (folder / "sub" / "deep" / name).write_text(name)
            (folder / "sub" / "same").write_text(name)
    assert {file.name for file in (tmp_path / "sub" / "deep").iterdir()} == {"one", "two"}
    assert (tmp_path / "sub" / "same").read_text() == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["sub"]


def _write_and_fail(target: Path, error: BaseException) -> None:
    with output_folder(target) as folder:
        (folder / "frames.csv").write_text("half")
        raise error


@pytest.mark.parametrize("error", [RuntimeError("landmarker"), KeyboardInterrupt()])
def test_nothing_is_left_when_something_goes_wrong(tmp_path: Path, error: BaseException) -> None:
    with pytest.raises(type(error)):
        _write_and_fail(tmp_path / "new" / "results", error)
    assert list(tmp_path.iterdir()) == []


def test_older_results_stay_when_something_goes_wrong(tmp_path: Path) -> None:
    (tmp_path / "frames.csv").write_text("older")
    with pytest.raises(RuntimeError):
        _write_and_fail(tmp_path, RuntimeError("landmarker"))
    assert [file.name for file in tmp_path.iterdir()] == ["frames.csv"]
    assert (tmp_path / "frames.csv").read_text() == "older"


def test_an_error_about_another_file_is_not_taken_for_the_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        _write_and_fail(tmp_path / "results", FileNotFoundError(2, "No such file", "/elsewhere/model.task"))


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("x")
    for target in (tmp_path / "results", tmp_path / "results" / "deeper"):
        with pytest.raises(ExportError, match=r"choose (another|a) folder"), output_folder(target):
            pytest.fail("the block must not start")
    assert (tmp_path / "results").read_text() == "x"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_write_permission_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        for target in (tmp_path, tmp_path / "results"):
            with pytest.raises(ExportError, match="may write to"), output_folder(target):
                pytest.fail("the block must not start")
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    def write() -> None:
        with output_folder(tmp_path / "results") as folder:
            (folder / "features_a.csv").write_text("whole")
            (folder / "frames.csv").symlink_to("/dev/full")
            (folder / "frames.csv").write_text("x" * 100_000)

    with pytest.raises(ExportError, match="disk is full"):
        write()
    assert list(tmp_path.iterdir()) == []


KILLED = """
import sys
from pathlib import Path
from mirrorsync.export.folder import output_folder
with output_folder(Path(sys.argv[1])) as folder:
    (folder / "frames.csv").write_text("half")
    print("written", flush=True)
    sys.stdin.read()
"""


def test_a_killed_run_leaves_nothing_that_looks_whole(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        process.send_signal(signal.SIGKILL)
        process.wait(30.0)
    assert all(entry.name.startswith(".partial-") for entry in tmp_path.iterdir())
    with output_folder(tmp_path) as folder:
        (folder / "frames.csv").write_text("whole")
    assert (tmp_path / "frames.csv").read_text() == "whole"
