"""The tab with the session's numbers: whole drawings on a small window, and nothing else moves for it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hands import press
from made_reviews import REVIEW_SETTINGS, make_review
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QImage, QWheelEvent
from PyQt6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from mirrorsync.review.numbers import kept_numbers, work_out
from mirrorsync.session.reader import SessionReader
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.review.numbers_plots import ColourKey, _Plot
from mirrorsync.ui.review.window import ReviewWindow
from mirrorsync.ui.review.workspace import Workspace


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_review(tmp_path_factory.mktemp("sessions"))


@pytest.fixture
def window(session: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[ReviewWindow]:
    made = ReviewWindow(REVIEW_SETTINGS, JournalModel(tmp_path / "journal.db"), folder=session.parent)
    qtbot.addWidget(made, before_close_func=lambda w: w.close())
    made.resize(1016, 660)  # what 1024×700 leaves
    made.show()
    made.open_session(session)
    yield made
    made.close()


@pytest.fixture
def room(window: ReviewWindow, qtbot: QtBot) -> Workspace:
    opened = window.workspace
    assert opened is not None
    qtbot.waitUntil(lambda: opened.view.numbers is not None, timeout=20_000)
    return opened


def _in_page(room: Workspace, one: QWidget) -> tuple[int, int]:
    page = room.numbers.page.widget()
    assert page is not None
    top = one.mapTo(page, QPoint(0, 0)).y()
    return top, top + one.height()


def test_the_tab_takes_no_room_from_the_timeline(window: ReviewWindow, room: Workspace) -> None:
    before = room.timeline.height(), window.size()
    press(window, Qt.Key.Key_H)
    QApplication.processEvents()
    assert room.tabs.currentIndex() == 2
    assert (room.timeline.height(), window.size()) == before
    room.tabs.setCurrentIndex(0)
    QApplication.processEvents()
    assert (room.timeline.height(), window.size()) == before


def test_drawings_and_headings_never_lie_over_each_other(window: ReviewWindow, room: Workspace) -> None:
    press(window, Qt.Key.Key_H)
    QApplication.processEvents()
    page = room.numbers.page.widget()
    assert page is not None
    kinds: tuple[QWidget, ...] = (*page.findChildren(_Plot), *page.findChildren(QLabel), room.numbers.key)
    shown = sorted(_in_page(room, one) for one in kinds if one.isVisible())
    assert len(shown) == 9, "four headings, four drawings, the key of the colours"
    assert all(first[1] <= second[0] for first, second in pairwise(shown))
    for plot in page.findChildren(_Plot):
        for name in ("left", "bottom"):
            axis = plot.getAxis(name)
            titled = plot is not room.numbers.effects or name == "bottom"
            assert bool(axis.label.toPlainText().strip()) == titled
        bottom = plot.getAxis("bottom")
        label = bottom.mapRectToScene(bottom.label.mapRectToParent(bottom.label.boundingRect()))
        assert label.bottom() <= plot.height() + 6, "the axis is named inside the drawing"


def test_the_wheel_over_a_drawing_is_left_to_the_page(window: ReviewWindow, room: Workspace) -> None:
    press(window, Qt.Key.Key_H)
    QApplication.processEvents()
    bar, plot = room.numbers.page.verticalScrollBar(), room.numbers.profile
    assert bar is not None
    assert bar.maximum() > 0
    at = QPointF(60, 60)
    turn = QWheelEvent(
        at, plot.mapToGlobal(at), QPoint(), QPoint(0, -240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(plot.viewport(), turn)
    assert not turn.isAccepted(), "Qt hands on what nobody took, if it comes from a real mouse"


def test_the_chosen_channel_stands_among_its_shuffled_copies(room: Workspace, session: Path) -> None:
    room.tabs.setCurrentIndex(2)
    numbers = room.view.numbers
    assert numbers is not None
    for row in range(room.numbers.channel.count()):
        room.numbers.channel.setCurrentIndex(row)
        room.numbers.channel.activated.emit(row)
        deals = numbers.deals[room.numbers.channel.currentData()]
        assert room.numbers.deals.isVisible() == deals.known
        assert room.numbers.few.isVisible() != deals.known
        if deals.known:
            bars = room.numbers.deals._bars.opts["height"]
            assert bars.sum() == deals.surrogates.size == 199
            said = room.numbers.deals.accessibleDescription()
            assert f"{float(deals.observed[0]):.2f}" in said
    assert any(deals.known for deals in numbers.deals.values())


def test_the_copies_come_back_from_the_file(session: Path) -> None:
    fresh = work_out(session)
    with SessionReader(session) as reader:
        kept = kept_numbers(reader)
    assert fresh is not None
    assert kept is not None
    for name, deals in fresh.deals.items():
        assert np.allclose(kept.deals[name].surrogates, deals.surrogates, atol=1e-6)
        assert np.allclose(kept.deals[name].observed, deals.observed, atol=1e-6, equal_nan=True)


def test_the_colours_have_a_key(qtbot: QtBot) -> None:
    key = ColourKey()
    qtbot.addWidget(key)
    key.resize(300, key.height())
    picture = QImage(key.size(), QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    key.render(picture)
    low, high = (picture.pixelColor(x, 6) for x in (50, 285))
    assert low.green() < 140
    assert high.green() > high.red() + 60
    assert "correlation" in key.toolTip()
