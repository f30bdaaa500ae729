"""Every control of every window: a name, a tooltip, and a place in the tab order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import press
from made_videos import make_video
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QTabBar,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from scripted_controller import ScriptedController, factory, snapshot

from mirrorsync.journal import Journal
from mirrorsync.journal.entries import Entry, new_id
from mirrorsync.review.recording import new_recording
from mirrorsync.settings import Settings
from mirrorsync.ui import texts
from mirrorsync.ui.journal.emotion_wheel import SegmentButton
from mirrorsync.ui.journal.lock_dialog import LockDialog, UnlockDialog
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.journal.window import JournalWindow
from mirrorsync.ui.live.attunement_gauge import AttunementGauge
from mirrorsync.ui.live.consent import ConsentDialog
from mirrorsync.ui.live.help_dialog import HelpDialog
from mirrorsync.ui.live.main_window import MainWindow
from mirrorsync.ui.live.region_picker import ScreenOverlay
from mirrorsync.ui.live.sessions_dialog import SessionsDialog
from mirrorsync.ui.live.settings_dialog import SettingsDialog
from mirrorsync.ui.review import texts as texts_of_review
from mirrorsync.ui.review.export_dialog import ExportDialog
from mirrorsync.ui.review.report_dialog import ReportDialog
from mirrorsync.ui.review.split_view import SplitView
from mirrorsync.ui.review.timeline import Timeline
from mirrorsync.ui.review.window import ReviewWindow
from mirrorsync.ui.theme import LIGHT

KINDS = (
    QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QSlider,
    QTabBar, QTextEdit, AttunementGauge, SplitView, Timeline,
)  # fmt: skip


@pytest.fixture
def journal(qtbot: QtBot, tmp_path: Path) -> Iterator[JournalWindow]:
    with Journal(tmp_path / "journal.db") as written:
        written.add("note", "A note", tags=["one"])
    made = JournalWindow(tmp_path / "journal.db", sessions=tmp_path, theme=LIGHT)
    qtbot.addWidget(made, before_close_func=lambda w: w.close())
    made.show()
    made.open()
    qtbot.waitUntil(lambda: made.model.is_open and made.entries.list.count() == 1)
    yield made
    made.close()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    controller = ScriptedController(snapshot(k) for k in range(100_000))
    made = MainWindow(
        "portrait:you", "portrait:partner", Settings(), factory(controller), recordings=tmp_path
    )
    qtbot.addWidget(made)
    qtbot.addWidget(made.compact)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    qtbot.waitUntil(lambda: made.bridge.state == "idle")


def _controls(top: QWidget) -> list[QWidget]:
    """Return what can be operated, without the parts that Qt makes controls of."""
    found: list[QWidget] = []
    for kind in KINDS:
        found += top.findChildren(kind)
    return [
        one
        for one in dict.fromkeys(found)
        if one.window() is top  # dialogs are children of the window, and windows of their own
        and not isinstance(one.parent(), (QComboBox, QAbstractSpinBox, QLineEdit, QTabBar))
        and not isinstance(one.parent(), QAbstractItemView)
        and not isinstance(one, (QHeaderView, SegmentButton))  # the wheel has a test of its own
        and not (one.objectName().startswith("qt_") and not isinstance(one, QTabBar))
    ]


def _tab_order(top: QWidget) -> list[QWidget]:
    chain, widget = [], top.nextInFocusChain()
    while widget is not None and widget is not top:
        chain.append(widget)
        widget = widget.nextInFocusChain()
    return chain


def _by_tab(control: QWidget) -> bool:
    return bool(control.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _checked(top: QWidget) -> int:
    """Check every control of a window, and return how many there are."""
    order, controls = _tab_order(top), _controls(top)
    wrong = []
    for control in controls:
        explained = control.toolTip() or (isinstance(control, QTabBar) and _tabs_explained(control))
        reached = _by_tab(control) and control in order
        fine = {"no name": control.accessibleName(), "no tooltip": explained, "not by Tab": reached}
        faults = [name for name, well in fine.items() if not well]
        if faults:
            wrong.append(f"{type(control).__name__} {control.accessibleName()!r}: {', '.join(faults)}")
    assert not wrong, f"in {type(top).__name__}: {'; '.join(wrong)}"
    return len(controls)


def _tabs_explained(bar: QTabBar) -> bool:
    return all(bar.tabToolTip(at) for at in range(bar.count()))


def _tops(window: MainWindow, tmp_path: Path) -> list[QWidget]:
    return [
        window,
        window.compact,
        HelpDialog(window),
        ConsentDialog(window, tmp_path / "x.mirrorsync"),
        SettingsDialog(window, Settings()),
        SessionsDialog(window, tmp_path),
    ]


def test_every_control_can_be_named_explained_and_reached(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.toggle_running()
    assert sum(_checked(top) for top in _tops(window, tmp_path)) > 120


def test_the_journal_s_controls_too(qtbot: QtBot, journal: JournalWindow) -> None:
    assert _checked(journal) > 20
    order = _tab_order(journal)
    entered = [one in order for one in journal.check_in.wheel.buttons.values() if _by_tab(one)]
    assert entered == [True], "the wheel is one stop; arrows go on from there"
    for segment in journal.check_in.wheel.buttons.values():
        assert segment.accessibleName()
        assert segment.toolTip()


def test_what_was_chosen_on_the_wheel_is_reached_too(qtbot: QtBot, journal: JournalWindow) -> None:
    before = _checked(journal)
    journal.check_in.wheel.toggle(next(iter(journal.check_in.wheel.buttons)))
    assert _checked(journal) == before + 2, "how strong, and take it away"


@pytest.mark.parametrize("made", [UnlockDialog, LockDialog])
def test_the_passphrase_s_dialogs_too(
    qtbot: QtBot, journal: JournalWindow, made: type[UnlockDialog | LockDialog]
) -> None:
    dialog = made(journal.model, journal)
    assert dialog.windowTitle()
    assert _checked(dialog) >= 4


def test_the_offer_of_a_backup_too(qtbot: QtBot, journal: JournalWindow) -> None:
    journal.model.damaged.emit("The journal is damaged.", True)
    (dialog,) = (one for one in journal.findChildren(QDialog) if one.isVisible())
    assert dialog.windowTitle()
    assert _checked(dialog) == 2
    dialog.close()


def test_the_review_s_controls_too(qtbot: QtBot, tmp_path: Path) -> None:
    video = make_video(tmp_path, "mp4v_25_mp4", frames=50, width=128)
    path = new_recording(f"{video}#left", f"{video}#right", Settings(), folder=tmp_path)
    window = ReviewWindow(Settings(), JournalModel(tmp_path / "journal.db"), folder=tmp_path)
    qtbot.addWidget(window, before_close_func=lambda w: w.close())
    window.show()
    try:
        start = _checked(window)
        assert start >= 4
        window.open_files([video])
        assert window.dialog is not None
        assert _checked(window.dialog) >= 5
        window.dialog.reject()
        window.open_session(path)
        assert _checked(window) > start + 20
        least = window.minimumSizeHint().expandedTo(window.minimumSize())
        assert (least.width() <= 1024, least.height() <= 700) == (True, True), "a small screen is enough"
        _use_the_timeline_by_keys(qtbot, window)
        entries = [Entry(id=new_id(), kind="note", text="We leaned back.", start_s=1.0)]
        for dialog, controls in (
            (ReportDialog(path, entries, LIGHT, window, name="call"), 6),
            (ExportDialog(path, LIGHT, window), 9),
        ):
            assert dialog.windowTitle()
            dialog.show()
            assert _checked(dialog) == controls
            dialog.close()
        for action in window.actions():
            assert action.text()
            assert action.toolTip()
    finally:
        window.close()


def _use_the_timeline_by_keys(qtbot: QtBot, window: ReviewWindow) -> None:
    """Move and zoom with the keys; the window's own shortcuts for the same keys stay quiet meanwhile."""
    assert window.workspace is not None
    player, timeline = window.workspace.player, window.workspace.timeline
    qtbot.waitUntil(lambda: player.clock.duration_s > 1.9, timeout=20_000)
    player.refresh()
    timeline.set_pyramid(window.workspace.view.pyramid, player.clock.duration_s)
    with qtbot.waitActive(window):
        window.activateWindow()
    timeline.setFocus()
    assert timeline.hasFocus()
    reached = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Left, Qt.Key.Key_Home):
        press(timeline, key)
        reached.append(round(player.position_s, 1))
    assert reached == [1.0, 2.0, 1.0, 0.0]
    assert texts_of_review.clock(0.0) in timeline.accessibleDescription()
    ring = timeline.ring
    timeline.clearFocus()
    assert timeline.ring != ring, "the focus is seen"


def test_the_screen_s_overlay_is_one_control(qtbot: QtBot) -> None:
    screen = QGuiApplication.primaryScreen()
    assert screen is not None
    overlay = ScreenOverlay(screen)
    qtbot.addWidget(overlay)
    assert overlay.windowTitle()
    assert overlay.accessibleName()
    assert texts.REGION_HELP in overlay.accessibleDescription()
    assert _by_tab(overlay)
    assert _controls(overlay) == []


def test_every_window_has_a_name(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    titles = [top.windowTitle() for top in _tops(window, tmp_path)]
    assert all(titles)


def test_the_exercises_open_by_keyboard_and_put_it_where_it_is_needed(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.toggle_running()
    for name in ("warmup", "cues", "breathing", "gaze", "labelling"):
        window.open_practice(name)
        page = window.practice.desk.panel.page
        assert page.isVisible()
        focused = window.focusWidget()
        assert focused is not None
        assert page.isAncestorOf(focused), name
