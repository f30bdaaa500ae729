"""The bridge starts, polls, and stops without ever making the window wait."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from patience import patient_s
from PyQt6.QtCore import QTimer
from pytestqt.qtbot import QtBot
from scripted_controller import ScriptedController, factory, score, snapshot

from mirrorsync.errors import SessionError, SourceError, UsageError
from mirrorsync.session.consent import Consent
from mirrorsync.settings import Settings
from mirrorsync.ui.live.bridge import LiveBridge


def test_it_brings_snapshots_readings_and_status_and_stops(qtbot: QtBot) -> None:
    controller = ScriptedController(snapshot(k, {"attunement": score(0.6)}) for k in range(100_000))
    bridge = LiveBridge(factory(controller), Settings())
    states: list[str] = []
    bridge.state_changed.connect(states.append)
    with qtbot.waitSignals([bridge.snapshot_changed, bridge.reading_changed, bridge.status_changed]):
        assert bridge.start("portrait:you", "portrait:partner")
    bridge.stop()
    qtbot.waitUntil(lambda: bridge.state == "idle")
    assert states == ["running", "stopping", "idle"]
    assert controller.stops == 1
    assert controller.stop_thread == "mirrorsync-ui-stop"


def test_a_slow_stop_leaves_the_gui_thread_free(qtbot: QtBot) -> None:
    controller = ScriptedController()
    controller.stop_may_return.clear()
    bridge = LiveBridge(factory(controller), Settings())
    bridge.start("a", "b")
    beats: list[float] = []
    beat = QTimer()
    beat.timeout.connect(lambda: beats.append(time.monotonic()))
    beat.start(5)
    before = time.monotonic()
    bridge.stop()
    assert time.monotonic() - before < patient_s(1.0), "stop() itself must not wait"
    qtbot.waitUntil(lambda: len(beats) >= 20)
    assert bridge.state == "stopping"
    controller.stop_may_return.set()
    qtbot.waitUntil(lambda: bridge.state == "idle")
    beat.stop()


def test_it_starts_again_with_a_new_controller(qtbot: QtBot) -> None:
    made: list[ScriptedController] = []

    def make(_a: str, _b: str, _settings: Settings) -> ScriptedController:
        made.append(ScriptedController())
        return made[-1]

    bridge = LiveBridge(make, Settings())
    for _ in range(2):
        assert bridge.start("a", "b")
        assert not bridge.start("a", "b"), "one session at a time"
        bridge.stop()
        bridge.stop()
        qtbot.waitUntil(lambda: bridge.state == "idle")
    assert [controller.stops for controller in made] == [1, 1]


def test_a_feed_that_cannot_be_is_said_in_one_sentence(qtbot: QtBot) -> None:
    def make(_a: str, _b: str, _settings: Settings) -> ScriptedController:
        raise UsageError("A feed is missing.")

    bridge = LiveBridge(make, Settings())
    with qtbot.waitSignal(bridge.failed) as heard:
        assert not bridge.start("", "")
    assert heard.args == ["A feed is missing."]
    assert bridge.state == "idle"


def test_a_session_that_ends_by_itself_is_stopped_and_its_error_told(qtbot: QtBot) -> None:
    controller = ScriptedController()
    bridge = LiveBridge(factory(controller), Settings())
    bridge.start("a", "b")
    controller.error = "Camera 1 did not open."
    controller.running = False
    with qtbot.waitSignal(bridge.failed) as heard:
        pass
    assert heard.args == ["Camera 1 did not open."]
    assert bridge.state == "idle"
    assert controller.stops == 1


@pytest.mark.parametrize(
    ("error", "expected"),
    [(SourceError("The camera is gone."), "The camera is gone."), (OSError("odd"), "odd")],
)
def test_an_error_while_stopping_is_told(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture, error: Exception, expected: str
) -> None:
    class Failing(ScriptedController):
        def stop(self) -> None:
            super().stop()
            raise error

    bridge = LiveBridge(factory(Failing()), Settings())
    bridge.start("a", "b")
    with qtbot.waitSignal(bridge.failed) as heard:
        bridge.stop()
    assert expected in heard.args[0]
    assert ("stopping the live session failed" in caplog.text) == isinstance(error, OSError)


def test_a_recording_that_cannot_be_is_told_and_the_session_goes_on(qtbot: QtBot, tmp_path: Path) -> None:
    class FullDisk(ScriptedController):
        def record(self, path: Path, *, consents: Sequence[Consent] = ()) -> None:
            raise SessionError(f"{path.name} cannot be written.")

    bridge = LiveBridge(factory(FullDisk()), Settings())
    bridge.start("a", "b")
    with qtbot.waitSignal(bridge.failed) as heard:
        bridge.record(tmp_path / "x.mirrorsync")
    assert heard.args == ["x.mirrorsync cannot be written."]
    assert bridge.state == "running"
    bridge.stop()
    qtbot.waitUntil(lambda: bridge.state == "idle")


def _slow(path: Path) -> tuple[LiveBridge, ScriptedController, list[str]]:
    """Return a bridge whose session opens and closes files slowly, and what it says of that."""
    controller = ScriptedController(snapshot(k) for k in range(100_000))
    bridge = LiveBridge(factory(controller), Settings())
    said: list[str] = []
    bridge.keeping_changed.connect(said.append)
    bridge.start("a", "b")
    controller.sink_may_return.clear()
    bridge.record(path)
    return bridge, controller, said


def test_a_slow_disk_leaves_the_gui_thread_free(qtbot: QtBot, tmp_path: Path) -> None:
    bridge, controller, said = _slow(tmp_path / "x.mirrorsync")
    shown: list[object] = []
    bridge.snapshot_changed.connect(shown.append)
    qtbot.waitUntil(lambda: len(shown) >= 10)
    assert bridge.keeping == "opening"
    assert bridge.status.recording is None, "not before there is a file"
    bridge.stop_recording()  # waits its turn
    controller.sink_may_return.set()
    qtbot.waitUntil(lambda: bridge.keeping == "")
    assert said == ["opening", "closing", ""]
    assert bridge.status.recording is None
    assert controller.sink_threads == ["mirrorsync-ui-keep"] * 2
    bridge.stop()
    qtbot.waitUntil(lambda: bridge.state == "idle")


def test_stopping_waits_for_a_recording_that_is_being_opened(qtbot: QtBot, tmp_path: Path) -> None:
    bridge, controller, said = _slow(tmp_path / "x.mirrorsync")
    bridge.stop_recording()
    bridge.stop()
    beats: list[int] = []
    beat = QTimer()
    beat.timeout.connect(lambda: beats.append(controller.stops))
    beat.start(5)
    qtbot.waitUntil(lambda: len(beats) >= 10)
    assert bridge.state == "stopping"
    assert not any(beats), "the session is not stopped under the hands of the recording"
    controller.sink_may_return.set()
    qtbot.waitUntil(lambda: bridge.state == "idle")
    beat.stop()
    assert said == ["opening", ""]
    assert controller.stops == 1


def test_an_odd_error_of_a_recording_is_told(
    qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Odd(ScriptedController):
        def record(self, path: Path, *, consents: Sequence[Consent] = ()) -> None:
            raise OSError("odd")

    bridge = LiveBridge(factory(Odd()), Settings())
    bridge.start("a", "b")
    with qtbot.waitSignal(bridge.failed) as heard:
        bridge.record(tmp_path / "x.mirrorsync")
    assert "odd" in heard.args[0]
    assert "recording failed" in caplog.text
    assert bridge.keeping == ""
    bridge.stop()
    qtbot.waitUntil(lambda: bridge.state == "idle")


def test_latency_is_the_95th_percentile_of_the_last_seconds(qtbot: QtBot) -> None:
    bridge = LiveBridge(factory(ScriptedController()), Settings())
    assert bridge.latency_ms() != bridge.latency_ms(), "NaN before anything was painted"
    for k in range(100):
        bridge.note_painted(time.monotonic_ns() - (500 if k >= 96 else 20) * 1_000_000)
    assert 20 <= bridge.latency_ms() < 400
    assert bridge.latency_ms(share=0.99) >= 500
