"""A session from the window's side: agreed to, seen to be recorded, listed, exported, really deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hands import click, press
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from scripted_controller import ScriptedController, factory, snapshot

from mirrorsync.engine.status import LiveStatus
from mirrorsync.journal import Journal
from mirrorsync.journal.passphrase import set_passphrase
from mirrorsync.session.consent import consents_now
from mirrorsync.session.meta import SessionMeta
from mirrorsync.session.store import SessionWriter
from mirrorsync.settings import Settings
from mirrorsync.types import SessionEvent
from mirrorsync.ui import texts, trouble_texts
from mirrorsync.ui.live.consent import ConsentDialog
from mirrorsync.ui.live.main_window import MainWindow
from mirrorsync.ui.live.sessions_dialog import SessionsDialog


class _Sure:
    """Answers the question before something is deleted."""

    def __init__(self, yes: bool) -> None:
        self.yes = yes
        self.asked: list[str] = []

    def __call__(self, _parent: QWidget, path: Path) -> bool:
        self.asked.append(path.name)
        return self.yes


def _session(
    path: Path, *, seconds: int = 2, complete: bool = True, events: Sequence[SessionEvent] = ()
) -> Path:
    writer = SessionWriter(
        path, SessionMeta(feed_a="a", feed_b="b", parameters={"rate_hz": 25.0}), consents=consents_now()
    )
    for tick in range(seconds * 25):
        writer.add(snapshot(tick))
    for event in events:
        writer.add_event(event)
    writer.close(complete=complete)
    return path


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def _dialog(parent: QWidget, folder: Path, sure: _Sure, **more: object) -> SessionsDialog:
    made = SessionsDialog(parent, folder, sure=sure, **more)  # type: ignore[arg-type]  # of several kinds
    made.show()
    return made


def test_the_list_says_what_a_session_is(parent: QWidget, tmp_path: Path) -> None:
    _session(tmp_path / "whole.mirrorsync", seconds=3)
    _session(tmp_path / "cut.mirrorsync", complete=False)
    (tmp_path / "no session.mirrorsync").write_text("words")
    dialog = _dialog(parent, tmp_path, _Sure(yes=True))
    said = {}
    for row in range(dialog.list.count()):
        dialog.list.setCurrentRow(row)
        assert dialog.chosen is not None
        said[dialog.chosen.stem] = dialog.about.text()
    assert "0:03 min; kept: scores." in said["whole"]
    assert texts.SESSION_ASKED in said["whole"]
    assert texts.SESSION_CUT not in said["whole"]
    assert texts.SESSION_CUT in said["cut"]
    assert "not a MirrorSync session" in said["no session"]
    dialog.close()


def test_a_session_is_deleted_only_after_a_yes(parent: QWidget, tmp_path: Path) -> None:
    path = _session(tmp_path / "one.mirrorsync")
    (tmp_path / "one.b.mkv").write_bytes(b"video")
    sure = _Sure(yes=False)
    dialog = _dialog(parent, tmp_path, sure)
    click(dialog.delete)
    assert path.exists()
    sure.yes = True
    click(dialog.delete)
    assert sure.asked == ["one.mirrorsync"] * 2
    assert list(tmp_path.iterdir()) == [], "the video, too"
    assert dialog.list.count() == 0
    assert not dialog.review.isEnabled()
    dialog.close()


def test_what_is_being_recorded_is_not_deleted_from_the_list(parent: QWidget, tmp_path: Path) -> None:
    path = _session(tmp_path / "one.mirrorsync")
    dialog = _dialog(parent, tmp_path, _Sure(yes=True), busy=path)
    assert not dialog.delete.isEnabled()
    assert dialog.review.isEnabled()
    dialog.close()


def test_review_and_export_are_started_beside_the_window(parent: QWidget, tmp_path: Path) -> None:
    path = _session(tmp_path / "one.mirrorsync")
    started: list[list[str]] = []

    def run(arguments: list[str]) -> bool:
        started.append(arguments)
        return len(started) < 3

    out = tmp_path / "tables"
    dialog = _dialog(parent, tmp_path, _Sure(yes=True), run=run, choose_folder=lambda _: str(out))
    press(dialog.list, Qt.Key.Key_Return)
    click(dialog.export)
    assert started == [
        ["review", str(path)],
        ["export", str(path), "--format", "csv", "--out", str(out / "one")],
    ]
    click(dialog.review)
    assert dialog.about.text() == texts.NOT_STARTED
    dialog.close()


def test_video_is_off_until_it_is_asked_for(qtbot: QtBot, parent: QWidget, tmp_path: Path) -> None:
    dialog = ConsentDialog(parent, tmp_path / "x.mirrorsync")
    assert dialog.scores.isChecked()
    assert not dialog.landmarks.isChecked()
    assert not dialog.video.isChecked()
    dialog.video.setChecked(True)
    assert [(c.person, c.scores, c.landmarks, c.video) for c in dialog.consents] == [
        ("a", True, False, True), ("b", True, False, True),
    ]  # fmt: skip
    dialog.close()


@pytest.fixture
def sure() -> _Sure:
    return _Sure(yes=True)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, sure: _Sure) -> Iterator[MainWindow]:
    controller = ScriptedController(snapshot(k) for k in range(100_000))
    made = MainWindow(
        "portrait:you",
        "portrait:partner",
        Settings(),
        factory(controller),
        recordings=tmp_path,
        journal=tmp_path / "journal.db",
        sure=sure,
    )
    qtbot.addWidget(made)
    qtbot.addWidget(made.compact)
    made.show()
    qtbot.waitExposed(made)
    made.toggle_running()
    yield made
    made.close()
    qtbot.waitUntil(lambda: made.bridge.state == "idle")


def test_deleting_while_recording_stops_and_deletes(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, sure: _Sure
) -> None:
    assert window.recording.delete_button.isHidden()
    path = _session(tmp_path / "x.mirrorsync")
    window.bridge.record(path)
    qtbot.waitUntil(window.recording.delete_button.isVisible)
    click(window.recording.delete_button)
    assert sure.asked == ["x.mirrorsync"]
    qtbot.waitUntil(lambda: not window.recording.recording)
    assert not path.exists()
    assert window.status_bar.sentence == texts.DELETED.format(name="x.mirrorsync")
    assert window.recording.delete_button.isHidden()


def test_a_session_can_be_deleted_until_the_next_one_begins(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = _session(tmp_path / "x.mirrorsync")
    window.bridge.record(path)
    window.bridge.stop_recording()
    qtbot.waitUntil(lambda: window.recording.delete_button.isVisible() and not window.recording.recording)
    window.toggle_running()
    qtbot.waitUntil(lambda: window.bridge.state == "idle")
    window.toggle_running()
    assert window.recording.delete_button.isHidden()
    assert path.exists()


@pytest.mark.parametrize("asked", [False, True])
def test_a_recording_that_breaks_off_says_so_until_it_is_put_away(
    qtbot: QtBot, tmp_path: Path, sure: _Sure, asked: bool
) -> None:
    reason = "The session x.mirrorsync cannot be written (the disk is full); what was recorded is safe."
    controller = ScriptedController(
        snapshot(k, messages=("Your neutral is learnt.",) if k > 20 else ()) for k in range(100_000)
    )
    window = MainWindow(
        "portrait:you",
        "portrait:partner",
        Settings(),
        factory(controller),
        recordings=tmp_path,
        journal=tmp_path / "j.db",
        sure=sure,
    )
    qtbot.addWidget(window)
    qtbot.addWidget(window.compact)
    window.show()
    window.toggle_running()
    path = _session(tmp_path / "x.mirrorsync", events=[NAMED])
    window.bridge.record(path)
    qtbot.waitUntil(lambda: window.recording.recording)
    assert window.banner.isHidden()
    controller.broke_off = reason
    if asked:  # the disk turns out to be full when the file is closed
        window.recording.toggle()
    controller.recording = None
    qtbot.waitUntil(lambda: not window.recording.recording)
    assert window.banner.isVisible()
    assert window.banner.heading.text() == trouble_texts.RECORDING_STOPPED
    assert window.banner.sentence.text() == reason
    assert window.bridge.state == "running", "the meters go on"
    qtbot.waitUntil(lambda: window.status_bar.sentence == "Your neutral is learnt.")
    window.practice_journal.finish()
    QApplication.processEvents()
    assert window.status_bar.sentence == "Your neutral is learnt.", "nothing is said of the journal"
    with Journal(tmp_path / "j.db") as journal:
        assert len(journal.entries()) == 1, "but what came of exercises is there"
    assert window.banner.isVisible()
    press(window, Qt.Key.Key_X)
    assert window.banner.isHidden()
    window.close()
    qtbot.waitUntil(lambda: window.bridge.state == "idle")


def test_one_that_breaks_off_before_it_was_seen_to_run_says_so_too(qtbot: QtBot, window: MainWindow) -> None:
    window.recording.show(LiveStatus(running=True, broke_off="The disk is full."))
    assert window.banner.isVisible()


def test_a_new_recording_takes_the_notice_away(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.banner.say(trouble_texts.RECORDING_STOPPED, "The disk is full.")
    window.bridge.record(tmp_path / "y.mirrorsync")
    qtbot.waitUntil(window.banner.isHidden)


def test_the_window_says_that_a_file_is_opened_or_closed_and_closes_safely(
    qtbot: QtBot, tmp_path: Path, sure: _Sure
) -> None:
    controller = ScriptedController(snapshot(k) for k in range(100_000))
    window = MainWindow(
        "portrait:you", "portrait:partner", Settings(), factory(controller), recordings=tmp_path, sure=sure
    )
    qtbot.addWidget(window)
    qtbot.addWidget(window.compact)
    window.show()
    window.toggle_running()
    recording = window.recording
    controller.sink_may_return.clear()
    window.bridge.record(tmp_path / "x.mirrorsync")
    assert recording.button.text() == texts.RECORD_KEEPING["opening"][0]
    recording.toggle()  # an impatient second press asks nobody anything
    assert not [each for each in QApplication.topLevelWidgets() if isinstance(each, ConsentDialog)]
    controller.sink_may_return.set()
    qtbot.waitUntil(recording.sign.isVisible)
    assert recording.button.text() == texts.STOP_RECORD[0]
    controller.sink_may_return.clear()
    recording.toggle()
    assert recording.button.text() == texts.RECORD_KEEPING["closing"][0]
    assert recording.sign.isVisible(), "until the file is closed"
    window.close()
    assert window.isVisible()
    controller.sink_may_return.set()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert window.bridge.state == "idle"
    assert controller.stops == 1


NAMED = SessionEvent(
    1_500_000_000,
    "practice.emotion_label",
    {"at_s": 1.2, "seen": "raised brows", "outcome": "clarified", "clarified_as": "surprise"},
)


def test_what_came_of_exercises_goes_into_the_journal(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = _session(tmp_path / "x.mirrorsync", events=[NAMED])
    window.bridge.record(path)
    window.bridge.stop_recording()
    said = texts.PRACTICE_IN_JOURNAL.format(path=path)
    qtbot.waitUntil(lambda: window.status_bar.sentence == said)
    with Journal(tmp_path / "journal.db") as journal:
        (entry,) = journal.entries()
    assert (entry.kind, entry.start_s, entry.text) == ("emotion_label", 1.2, "raised brows: “surprise”.")


def test_a_session_without_exercises_leaves_the_journal_alone(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    with qtbot.waitSignal(window.recording.kept):
        window.bridge.record(_session(tmp_path / "x.mirrorsync"))
        window.bridge.stop_recording()
    window.practice_journal.finish()
    assert not (tmp_path / "journal.db").exists()


def test_an_open_journal_shows_it_at_once(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.look_back.show_journal()
    journal = window.look_back.journal
    assert journal is not None
    qtbot.waitUntil(lambda: journal.model.is_open)
    window.bridge.record(_session(tmp_path / "x.mirrorsync", events=[NAMED]))
    window.bridge.stop_recording()
    qtbot.waitUntil(lambda: [one.kind for one in journal.entries.list.entries()] == ["emotion_label"])
    journal.close()


def test_a_locked_journal_gets_it_when_it_is_opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    pytest.importorskip("sqlcipher3")
    with Journal(tmp_path / "journal.db"):
        pass
    set_passphrase(tmp_path / "journal.db", None, "open please")
    window.bridge.record(_session(tmp_path / "x.mirrorsync", events=[NAMED]))
    window.bridge.stop_recording()
    qtbot.waitUntil(lambda: window.status_bar.sentence == texts.PRACTICE_WAITS)
    window.look_back.show_journal()
    journal = window.look_back.journal
    assert journal is not None
    journal.model.open("open please")
    qtbot.waitUntil(lambda: [one.kind for one in journal.entries.list.entries()] == ["emotion_label"])
    journal.close()
