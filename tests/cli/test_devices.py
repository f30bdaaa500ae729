"""`mirrorsync devices`: readable, scriptable, and unharmed by a display that is not there."""

from __future__ import annotations

import json

import pytest

from mirrorsync import capture
from mirrorsync.__main__ import main
from mirrorsync.capture import Camera


@pytest.fixture(autouse=True)
def _two_cameras(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture, "list_cameras", lambda: (Camera(0, "Integrated"), Camera(2, "BRIO ü")))


def test_cameras_and_screens_as_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISPLAY", ":any")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert main(["devices", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["cameras"][1] == {
        "feed": "camera:2",
        "index": 2,
        "name": "BRIO ü",
        "named_feed": "camera:BRIO ü",
    }
    (screen,) = found["screens"]
    assert screen["feed"] == "screen:{x},{y},{width},{height}".format(**screen)
    assert screen["width"] > 0


def test_a_display_that_cannot_be_reached(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISPLAY", ":9876")
    monkeypatch.setenv("QT_QPA_PLATFORM", "no-such-platform")
    assert main(["devices"]) == 0
    printed = capsys.readouterr()
    assert "camera:2" in printed.out
    assert "the display cannot be reached" in printed.out
    assert printed.err == ""


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices", "--help"]) == 0
    assert "Example: mirrorsync devices" in capsys.readouterr().out
