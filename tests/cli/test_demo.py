"""`mirrorsync demo --headless`: the main job, with nothing but a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from PyQt6.QtGui import QImage

from mirrorsync.__main__ import main
from mirrorsync.session.store import SessionReader


def test_the_demo_leaves_a_session_csvs_and_a_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], qapp: object
) -> None:
    out = tmp_path / "demo"
    for _ in range(2):  # a second run takes the place of the first
        assert main(["demo", "--headless", "--seconds", "2", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "What the script says" in said
    assert "you lead" in said
    assert "too short" in said  # two seconds hold no window: nothing is claimed of them
    names = {path.name for path in out.iterdir()}
    assert names == {
        "session.mirrorsync", "frames.csv", "windows.csv", "turns.csv", "features_a.csv", "features_b.csv",
        "summary.json", "columns.csv", "config.toml", "window.png",
    }  # fmt: skip
    with SessionReader(out / "session.mirrorsync") as reader:
        assert reader.complete
        assert reader.duration_s == pytest.approx(2.0, abs=0.1)
    picture = QImage(str(out / "window.png"))
    assert (picture.width(), picture.height()) >= (1000, 600)
    colours = {
        picture.pixel(x, y) for x in range(0, picture.width(), 8) for y in range(0, picture.height(), 8)
    }
    assert len(colours) > 500  # two photographs are in it


def test_seconds_must_be_positive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--headless", "--seconds", "0", "--out", str(tmp_path / "demo")]) == 2
    assert "--seconds" in capsys.readouterr().err
