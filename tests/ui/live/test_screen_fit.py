"""The live window on the screens that people have: everything inside, and nothing wider than before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QRect, QSize
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from scripted_controller import ScriptedController, factory, snapshot

from mirrorsync.settings import Settings
from mirrorsync.ui import trouble_texts
from mirrorsync.ui.live import compact, help_dialog, screen_fit
from mirrorsync.ui.live.help_dialog import HelpDialog
from mirrorsync.ui.live.main_window import MainWindow

FRAME = QSize(4, 4)  # what Qt puts around a window offscreen
TITLE = 24  # what a plain window manager adds to it


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> QRect:
    width, height = request.param
    made = QRect(0, 0, width, height - TITLE)
    for module in (screen_fit, compact, help_dialog):
        monkeypatch.setattr(module, "available", lambda _window: made)
    monkeypatch.setattr(screen_fit, "_FRAME", FRAME)
    return made


@pytest.fixture
def window(qtbot: QtBot, screen: QRect, tmp_path: Path) -> Iterator[MainWindow]:
    controller = ScriptedController(snapshot(k) for k in range(100_000))
    made = MainWindow(
        "portrait:you",
        "portrait:partner",
        Settings(),
        factory(controller),
        recordings=tmp_path,
        journal=tmp_path / "journal.db",
        facts=tmp_path / "facts.json",
    )
    qtbot.addWidget(made)
    qtbot.addWidget(made.compact)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()
    qtbot.waitUntil(lambda: made.bridge.state == "idle")


def _inside(window: MainWindow, screen: QRect) -> None:
    """See that the window, and all that is used in it, is on the screen and on nothing else."""
    QApplication.processEvents()
    room = screen.size() - FRAME
    least = window.minimumSizeHint()
    assert (least.width() <= room.width(), least.height() <= room.height()) == (True, True), least
    assert (window.width() <= room.width(), window.height() <= room.height()) == (True, True), window.size()
    parts: list[QWidget] = [
        window.start_button, window.recording.button, window.help_button, window.practice_button,
        window.card_a, window.card_b, window.card_a.face_chip, window.card_b.part, window.card_b.picker,
        window.panel, *window.panel.meters.values(), window.status_bar, window.status_bar.drops,
    ]  # fmt: skip
    if not window.practice.desk.panel.isHidden():
        parts += [window.practice.place, window.practice.desk.panel.close_button]
    if window.banner.isVisible():
        parts += [window.banner.sentence, window.banner.dismiss]
    for part in parts:
        assert part.isVisible(), part
        place = QRect(part.mapTo(window, part.rect().topLeft()), part.size())
        assert window.rect().contains(place), (part.accessibleName(), place)
        assert part.width() >= part.minimumSizeHint().width(), part.accessibleName()


@pytest.mark.parametrize("screen", [(1024, 700), (1366, 768), (1280, 720), (1920, 1080)], indirect=True)
def test_everything_is_on_the_screen(qtbot: QtBot, window: MainWindow, screen: QRect, tmp_path: Path) -> None:
    _inside(window, screen)
    window.toggle_running()
    window.bridge.record(tmp_path / "x.mirrorsync")
    qtbot.waitUntil(window.recording.sign.isVisible)
    _inside(window, screen)
    window.practice.toggle()
    _inside(window, screen)
    for name in window.practice.desk.runs:
        window.open_practice(name)
        _inside(window, screen)
    window.banner.say(
        trouble_texts.RECORDING_STOPPED, "The session cannot be written (the disk is full). " * 4
    )
    _inside(window, screen)
    window.practice.toggle()
    _inside(window, screen)
    window.banner.put_away()
    _inside(window, screen)


@pytest.mark.parametrize("screen", [(1024, 700), (1366, 768), (1920, 1080), (1500, 900)], indirect=True)
def test_practice_leaves_the_window_as_it_was(window: MainWindow, screen: QRect) -> None:
    QApplication.processEvents()
    before = window.size()
    for _ in range(2):
        window.practice.toggle()
        QApplication.processEvents()
        assert window.width() <= screen.width()
        window.practice.toggle()
        QApplication.processEvents()
        assert window.size() == before
        assert window.panel.gauge.isVisible()
        assert window.strip_card.isVisible()


@pytest.mark.parametrize("screen", [(1024, 700)], indirect=True)
def test_without_room_for_the_gauge_attunement_is_a_line(window: MainWindow) -> None:
    assert window.panel.line.isHidden()
    window.practice.toggle()
    assert window.panel.gauge.isHidden()
    assert window.panel.line.isVisible()


@pytest.mark.parametrize("screen", [(1920, 1080)], indirect=True)
def test_on_a_large_screen_the_pictures_keep_their_size(window: MainWindow) -> None:
    QApplication.processEvents()
    before = window.card_a.size()
    window.practice.toggle()
    QApplication.processEvents()
    assert abs(window.card_a.width() - before.width()) <= 1
    assert window.panel.gauge.isVisible()


@pytest.mark.parametrize("screen", [(1024, 700), (1280, 720)], indirect=True)
def test_the_strip_and_the_help_are_on_the_screen(window: MainWindow, screen: QRect) -> None:
    window.toggle_compact()
    assert screen.contains(window.compact.geometry())
    window.toggle_compact()
    dialog = HelpDialog(window)
    dialog.show()
    QApplication.processEvents()
    assert dialog.width() <= screen.width()
    assert dialog.height() <= screen.height()
    bar = dialog.area.verticalScrollBar()
    page, viewport = dialog.area.widget(), dialog.area.viewport()
    assert bar is not None
    assert page is not None
    assert viewport is not None
    assert page.height() <= viewport.height() + bar.maximum()
    assert page.height() >= page.heightForWidth(page.width()), "no row is dropped"
    dialog.close()
