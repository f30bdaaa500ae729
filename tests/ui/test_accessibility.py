"""Every control of every window of a call: a name, a tooltip, and a place in the tab order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from scripted_controller import ScriptedController, factory, snapshot

from mirrorsync.settings import Settings
from mirrorsync.ui.live.attunement_gauge import AttunementGauge
from mirrorsync.ui.live.consent import ConsentDialog
from mirrorsync.ui.live.help_dialog import HelpDialog
from mirrorsync.ui.live.main_window import MainWindow
from mirrorsync.ui.live.sessions_dialog import SessionsDialog
from mirrorsync.ui.live.settings_dialog import SettingsDialog

KINDS = (
    QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QListWidget, QPlainTextEdit, AttunementGauge,
)  # fmt: skip


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    controller = ScriptedController(snapshot(k) for k in range(100_000))
    made = MainWindow("", "", Settings(), factory(controller), recordings=tmp_path)
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
        and not isinstance(one.parent(), (QComboBox, QAbstractSpinBox, QLineEdit))
        and not one.objectName().startswith("qt_")
    ]


def _tab_order(top: QWidget) -> set[int]:
    chain, widget = set(), top.nextInFocusChain()
    while widget is not None and widget is not top:
        chain.add(id(widget))
        widget = widget.nextInFocusChain()
    return chain


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
    seen = 0
    for top in _tops(window, tmp_path):
        order = _tab_order(top)
        for control in _controls(top):
            seen += 1
            who = f"{type(control).__name__} {control.accessibleName()!r} in {type(top).__name__}"
            assert control.accessibleName(), who
            assert control.toolTip(), who
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, who
            assert id(control) in order, who
    assert seen > 120


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
