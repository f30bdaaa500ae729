"""`mirrorsync review` on the command line, without a window."""

from __future__ import annotations

from pathlib import Path

import pytest

from mirrorsync.__main__ import main


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", "--help"]) == 0
    said = capsys.readouterr().out
    assert "Example: mirrorsync review call.mp4" in said
    assert "[PARTNER]" in said


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", str(tmp_path / "gone.mp4")]) == 1
    said = capsys.readouterr().err.strip()
    assert "gone.mp4" in said
    assert len(said.splitlines()) == 1
