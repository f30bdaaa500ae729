"""`mirrorsync journal`: what it writes, prints and refuses."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from mirrorsync.__main__ import main
from mirrorsync.cli.journal import PASSPHRASE_VARIABLE
from mirrorsync.journal import Journal
from mirrorsync.journal.backups import backups


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *_, **__: str(tmp_path))
    monkeypatch.delenv(PASSPHRASE_VARIABLE, raising=False)
    return tmp_path / "journal" / "journal.db"


def _json(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    capsys.readouterr()
    assert main(["journal", *words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, list)
    return found


def test_add_and_search(own_folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    video = str(tmp_path / "call.mp4")
    assert (
        main(["journal", "add", "She leaned back", "--tag", "posture", "--session", video, "--at", "65.5"])
        == 0
    )
    assert main(["journal", "add", "line one\n\x1b[31mline two", "--tag", "b"]) == 0
    [found] = _json(capsys, "search", "lean", "back")
    assert (found["text"], found["tags"], found["start_s"]) == ("She leaned back", ["posture"], 65.5)
    assert _json(capsys, "search", "leaned nothing") == []
    assert len(_json(capsys, "search", "--tag", "b")) == 1
    assert main(["journal", "search"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert "\x1b" not in first
    assert first.endswith("note #b: line one  [31mline two")
    assert second.endswith("note call.mp4 1:05.5 #posture: She leaned back")


def test_standard_input(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr(sys, "stdin", io.StringIO("from a pipe\n"))
    assert main(["journal", "add", "-"]) == 0
    with Journal(own_folder) as journal:
        assert [entry.text for entry in journal.entries()] == ["from a pipe\n"]


def test_check_in_and_weeks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journal", "check-in"]) == 0
    assert capsys.readouterr().out == "There was no check-in yet. It is time for one.\n"
    assert main(["journal", "check-in", "calm=0.7", "left out=0.2", "--words", "hm"]) == 0
    assert main(["journal", "check-in"]) == 0
    assert "not due yet" in capsys.readouterr().out
    [week] = _json(capsys, "weeks")
    assert week["attunement"] is None
    assert week["check_ins"] == 1
    assert main(["journal", "weeks"]) == 0
    assert "+0.56" in capsys.readouterr().out
    assert main(["journal", "check-in", "calm=much"]) == 2
    assert "write for instance calm=0.7" in capsys.readouterr().err
    assert main(["journal", "check-in", "calm=3"]) == 1


def test_out_and_in(own_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["journal", "add", "out and in"])
    out = tmp_path / "all.zip"
    assert main(["journal", "export", str(out)]) == 0
    other = tmp_path / "other.db"
    assert main(["journal", "import", str(out), "--journal", str(other)]) == 0
    assert "Added 1," in capsys.readouterr().err
    assert main(["journal", "import", str(out), "--journal", str(other)]) == 0
    assert "1 were here already" in capsys.readouterr().err
    assert main(["journal", "import", str(tmp_path / "none.zip")]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_a_passphrase_comes_from_the_environment_never_from_the_line(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    pytest.importorskip("sqlcipher3", reason="the extra 'passphrase' is not installed")
    main(["journal", "add", "secret matter"])
    assert main(["journal", "passphrase"]) == 2
    assert "say --set or --remove" in capsys.readouterr().err
    assert main(["journal", "passphrase", "--remove"]) == 2
    monkeypatch.setenv(f"{PASSPHRASE_VARIABLE}_NEW", "open sesame")
    assert main(["journal", "passphrase", "--set"]) == 0
    said = capsys.readouterr().err
    assert said.index("There is no way back") < said.index("is encrypted now")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    assert main(["journal", "search", "secret"]) == 1
    assert f"set the variable {PASSPHRASE_VARIABLE}" in capsys.readouterr().err
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "open sesame")
    assert main(["journal", "search", "secret"]) == 0
    captured = capsys.readouterr()
    assert "secret matter" in captured.out
    assert main(["journal", "export", str(tmp_path / "x.zip")]) == 0
    assert "not encrypted" in capsys.readouterr().err
    assert main(["journal", "passphrase", "--remove"]) == 0
    assert own_folder.read_bytes().startswith(b"SQLite format 3")
    assert "sesame" not in captured.out + captured.err + said


def test_restore(own_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journal", "restore", "--yes"]) == 1
    assert "no backup" in capsys.readouterr().err
    main(["journal", "add", "kept"])
    main(["journal", "add", "written after the backup"])
    assert backups(own_folder)
    own_folder.write_bytes(own_folder.read_bytes()[:4096] + b"\xa5" * 9000)
    assert main(["journal", "search"]) == 1
    assert "mirrorsync journal restore" in capsys.readouterr().err
    assert main(["journal", "restore", "--yes"]) == 0
    assert "is kept as" in capsys.readouterr().err
    assert [found["text"] for found in _json(capsys, "search")] == ["kept"]


def test_without_a_display_the_window_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if sys.platform != "linux":
        pytest.skip("only there is a display asked for")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert main(["journal"]) == 1
    assert "no display" in capsys.readouterr().err
