"""How recordings are opened: dropped, and told apart in the dialog that asks who is where."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from hands import click, press
from made_reviews import REVIEW_SETTINGS, make_review
from made_videos import make_video
from PyQt6.QtCore import QMimeData, QPointF, QRect, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent
from pytestqt.qtbot import QtBot

from mirrorsync.errors import SourceError
from mirrorsync.session.reader import SessionReader
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.split_dialog import SplitDialog
from mirrorsync.ui.review.window import ReviewWindow
from mirrorsync.ui.theme import LIGHT


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two recordings; each also does for one of both people."""
    folder = tmp_path_factory.mktemp("videos")
    return [make_video(folder, name, width=128) for name in ("mp4v_25_mp4", "mjpg_29.97_avi")]


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot) -> Iterator[ReviewWindow]:
    made = ReviewWindow(REVIEW_SETTINGS, JournalModel(tmp_path / "journal.db"), folder=tmp_path)
    qtbot.addWidget(made, before_close_func=lambda w: w.close())
    made.show()
    yield made
    made.close()


def drop(window: ReviewWindow, *urls: QUrl) -> bool:
    """Drag over the start page and let go; return whether it would take it."""
    data = QMimeData()
    data.setUrls(list(urls))
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    entering = QDragEnterEvent(QPointF(9, 9).toPoint(), Qt.DropAction.CopyAction, data, left, none)
    entering.setAccepted(False)
    window.start_page.dragEnterEvent(entering)
    window.start_page.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, left, none))
    return entering.isAccepted()


def local(paths: list[Path]) -> list[QUrl]:
    return [QUrl.fromLocalFile(str(path)) for path in paths]


def test_halves_are_offered_swapped_and_framed_by_hand(qtbot: QtBot, videos: list[Path]) -> None:
    dialog = SplitDialog(videos[:1], LIGHT)
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    assert dialog.feeds == (f"{videos[0]}#left", f"{videos[0]}#right")
    assert dialog.view is not None
    press(dialog, Qt.Key.Key_S)
    assert dialog.feeds == (f"{videos[0]}#right", f"{videos[0]}#left")
    assert dialog.view.frames["a"] == QRect(64, 0, 64, 48)
    click(dialog.chips["top", "bottom"])
    assert dialog.feeds == (f"{videos[0]}#bottom", f"{videos[0]}#top")  # still swapped
    dialog.view.set_frames(QRect(4, 2, 40, 30), QRect(80, 10, 32, 24))
    dialog.view.frames_changed.emit()
    assert [name for name, chip in dialog.chips.items() if chip.isChecked()] == [("", "")]
    assert dialog.feeds == (f"{videos[0]}#4,2,40,30", f"{videos[0]}#80,10,32,24")


def test_two_recordings_are_swapped_whole(qtbot: QtBot, videos: list[Path]) -> None:
    dialog = SplitDialog(videos, LIGHT)
    qtbot.addWidget(dialog)
    names = tuple(str(path) for path in videos)
    before = dialog.feeds
    click(dialog.swap_button)
    assert (before, dialog.feeds) == (names, names[::-1])


def test_what_is_no_recording_is_refused_in_a_sentence(tmp_path: Path, qtbot: QtBot) -> None:
    text = tmp_path / "notes.mp4"
    text.write_text("no video")
    with pytest.raises(SourceError, match=r"notes\.mp4"):
        SplitDialog([text], LIGHT)


def test_two_dropped_files_become_a_session_of_both(
    window: ReviewWindow, videos: list[Path], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Path] = []
    monkeypatch.setattr(
        "mirrorsync.ui.review.session_view.SessionView.analyse", lambda view: begun.append(view.path)
    )
    assert drop(window, *local(videos))
    assert isinstance(window.dialog, SplitDialog)
    click(window.dialog.swap_button)
    click(window.dialog.ok_button)
    workspace = window.workspace
    assert workspace is not None
    with SessionReader(workspace.view.path) as reader:
        assert (reader.meta.feed_a, reader.meta.feed_b) == tuple(str(path) for path in videos[::-1])
    assert begun == [workspace.view.path]
    assert workspace.offset_finder.two_files
    qtbot.waitUntil(lambda: workspace.pictures[1].observation is not None, timeout=20_000)


def test_what_cannot_be_opened_is_said_where_it_was_dropped(
    window: ReviewWindow, videos: list[Path], tmp_path: Path
) -> None:
    assert not drop(window, QUrl("https://example.org/call.mp4"))
    said = [window.start_page.said.text()]
    drop(window, *local([*videos, videos[0]]))
    said.append(window.start_page.said.text())
    drop(window, *local([tmp_path / "gone.mp4"]))
    said.append(window.start_page.said.text())
    assert said[:2] == [texts.NOT_LOCAL, texts.TOO_MANY.format(n=3)]
    assert "gone.mp4" in said[2]
    assert window.workspace is None


def test_a_nudged_offset_scores_again_and_is_kept(tmp_path: Path, window: ReviewWindow, qtbot: QtBot) -> None:
    path = make_review(tmp_path, files=2)
    window.open_session(path)
    workspace = window.workspace
    assert workspace is not None
    qtbot.waitUntil(lambda: workspace.view.can_nudge, timeout=20_000)
    workspace.nudge(0.3)
    workspace.nudge(-0.05)
    assert workspace.transport.offset.text() == texts.OFFSET_LABEL.format(offset=0.25)

    def scored() -> bool:
        with SessionReader(path) as reader:
            return reader.complete and reader.meta.parameters.get("offset_s") == pytest.approx(0.25)

    qtbot.waitUntil(scored, timeout=40_000)
    window.open_session(path)
    assert window.workspace is not None
    assert window.workspace.view.offset_s == pytest.approx(0.25)


def test_a_seam_beside_the_middle_is_suggested_and_can_be_left(qtbot: QtBot, tmp_path: Path) -> None:
    path = str(tmp_path / "call.avi")
    writer = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"MJPG"), 25.0, (160, 96))
    picture = np.full((96, 160, 3), 60, np.uint8)
    picture[:, 96:] = 190
    for _ in range(20):
        writer.write(picture)
    writer.release()
    dialog = SplitDialog([Path(path)], LIGHT)
    qtbot.addWidget(dialog)
    assert dialog.feeds == (f"{path}#0,0,96,96", f"{path}#96,0,64,96")
    click(dialog.chips["left", "right"])
    assert dialog.feeds == (f"{path}#left", f"{path}#right")
