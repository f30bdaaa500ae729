"""Windows open no larger than the screen has room for, with their frame."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from PyQt6.QtCore import QRect
from PyQt6.QtWidgets import QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from mirrorsync.settings import Settings
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.journal.window import JournalWindow
from mirrorsync.ui.review.window import ReviewWindow
from mirrorsync.ui.screen_room import resize_within


@dataclass
class Screen:
    """As much of `QScreen` as is asked for."""

    width: int
    height: int

    def availableGeometry(self) -> QRect:
        return QRect(0, 0, self.width, self.height)


@pytest.mark.parametrize("size", [(1024, 700), (1280, 800), (2560, 1440)])
@pytest.mark.parametrize("kind", [ReviewWindow, JournalWindow])
def test_windows_stay_on_the_screen(
    kind: type[QMainWindow],
    size: tuple[int, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    monkeypatch.setattr(kind, "screen", lambda _: Screen(*size))
    model = JournalModel(tmp_path / "journal.db")
    if kind is ReviewWindow:
        window: QWidget = ReviewWindow(Settings(), model, folder=tmp_path)
    else:
        window = JournalWindow(sessions=tmp_path, model=model)
    qtbot.addWidget(window, before_close_func=lambda w: w.close())
    try:
        assert window.width() <= size[0]
        assert window.height() <= size[1] - 30, "a title bar stands over it"
        least = window.minimumSizeHint().expandedTo(window.minimumSize())
        assert (least.width() <= size[0], least.height() <= size[1] - 30) == (True, True)
        if size == (2560, 1440):
            assert window.width() >= 1100, "a large screen makes it no smaller"
            assert window.height() >= 780
    finally:
        window.close()
        model.close()


def test_without_a_screen_it_has_its_usual_size(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    monkeypatch.setattr(QWidget, "screen", lambda _: None)
    resize_within(window, 900, 500)
    assert (window.width(), window.height()) == (900, 500)
