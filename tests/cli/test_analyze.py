"""`mirrorsync analyze` and bad input: one sentence, the right exit code, nothing half-written."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_videos import make_video

from mirrorsync.__main__ import main

PORTRAIT = "portrait:you"


def failed(arguments: list[str], out: Path, capsys: pytest.CaptureFixture[str], *, code: int = 1) -> str:
    """Run an analysis that must fail; return its one sentence."""
    assert main(["analyze", *arguments, "--out", str(out)]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    lines = captured.err.splitlines()  # no blank one before it
    assert len(lines) == 1
    assert lines[0].startswith("mirrorsync: ")
    assert not out.is_dir() or not list(out.iterdir())
    return lines[0]


def test_no_such_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = failed([PORTRAIT, str(tmp_path / "gone.mp4")], tmp_path / "out", capsys)
    assert "gone.mp4" in said


def test_a_directory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "folder").mkdir()
    assert "folder" in failed([str(tmp_path / "folder"), PORTRAIT], tmp_path / "out", capsys)


@pytest.mark.parametrize("content", [b"", b"This is a text.\n" * 50], ids=["empty", "text"])
def test_a_file_that_is_no_video(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "fake.mp4").write_bytes(content)
    assert "fake.mp4" in failed([str(tmp_path / "fake.mp4"), PORTRAIT], tmp_path / "out", capsys)


def test_a_crop_outside_the_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    video = make_video(tmp_path, frames=5)
    failed([f"{video}#9000,0,100,100", PORTRAIT], tmp_path / "out", capsys)


def test_a_live_feed_has_no_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "live" in failed(["camera:0", PORTRAIT], tmp_path / "out", capsys, code=2)


def test_a_wrong_feed_string(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    failed(["portrait:nobody", PORTRAIT], tmp_path / "out", capsys, code=2)


def test_a_setting_out_of_range(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = failed([PORTRAIT, PORTRAIT, "--window", "0.1"], tmp_path / "out", capsys, code=2)
    assert "window_s" in said
    assert "from 1 to 120" in said


def test_an_unknown_setting_in_the_configuration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.toml").write_text("windoow_s = 3.0\n", "utf-8")
    said = failed(
        [PORTRAIT, PORTRAIT, "--config", str(tmp_path / "own.toml")], tmp_path / "out", capsys, code=2
    )
    assert "windoow_s" in said


def test_a_model_with_wrong_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    models = tmp_path / "models"
    models.mkdir()
    (models / "face_landmarker.task").write_bytes(b"not a model")
    video = make_video(tmp_path, frames=5)
    said = failed([str(video), str(video), "--models-dir", str(models)], tmp_path / "out", capsys)
    assert "face_landmarker.task" in said


def test_an_output_folder_that_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").write_text("here already", "utf-8")
    said = failed([PORTRAIT, PORTRAIT, "--seconds", "1"], tmp_path / "out", capsys)
    assert "out" in said
    assert (tmp_path / "out").read_text("utf-8") == "here already"


def test_a_video_with_nobody_says_nothing_rather_than_zero(tmp_path: Path) -> None:
    video = make_video(tmp_path, frames=20)
    assert main(["analyze", str(video), str(video), "--out", str(tmp_path / "out")]) == 0
    lines = (tmp_path / "out" / "frames.csv").read_text("utf-8").splitlines()
    heading = lines[0].split(",")
    for line in lines[1:]:
        row = dict(zip(heading, line.split(","), strict=True))
        assert row["face_a"] == "0"
        assert row["head_synchrony"] == row["attunement"] == row["expression_alignment"] == ""
