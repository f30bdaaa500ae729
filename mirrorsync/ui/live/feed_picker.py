"""Where one person's picture comes from: a list that can also be typed into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QComboBox, QFileDialog, QSizePolicy, QWidget

from mirrorsync.capture.cameras import Camera, camera_feed
from mirrorsync.ui import texts
from mirrorsync.ui.live.region_picker import choose_region
from mirrorsync.ui.recent import RecentFiles

__all__ = ["FeedPicker", "ask_for_video", "capturable_windows"]

_OPEN = "\0open"
_FORGET = "\0forget"
_REGION = "\0region"
_ACTIONS = (_OPEN, _FORGET, _REGION)


def ask_for_video(parent: QWidget) -> str:
    """Ask for a video file; empty when none was chosen."""
    return QFileDialog.getOpenFileName(parent, texts.FILE_DIALOG, "", texts.FILE_FILTER)[0]


def capturable_windows() -> tuple[str, ...]:
    """Return the titles of the windows that can be captured; Qt's multimedia library is loaded for it."""
    from mirrorsync.capture.screen import list_windows

    return list_windows()


class FeedPicker(QComboBox):
    """Cameras, parts of the screen, the demo and files; any other feed string can be typed.

    Windows are listed when the list is opened, and only where the system lets single ones be captured.

    Signals
    -------
    chosen(str)
        Another feed string was chosen or typed.
    """

    chosen = pyqtSignal(str)

    def __init__(
        self,
        side: str,
        feed: str,
        recent: RecentFiles,
        *,
        cameras: Sequence[Camera] = (),
        choose_file: Callable[[QWidget], str] = ask_for_video,
        choose_part: Callable[[QWidget], str] = choose_region,
        list_windows: Callable[[], Sequence[str]] = capturable_windows,
    ) -> None:
        super().__init__()
        self._choose_part = choose_part
        self._list_windows = list_windows
        self._windows: tuple[str, ...] = ()
        self._recent = recent
        self._cameras = tuple(cameras)
        self._choose_file = choose_file
        self._feed = ""
        self._from_list = False
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(5)  # so that the exercises find room on a small screen
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        tooltip = texts.PICKER_TOOLTIP.format(whose=texts.PICKER_WHOSE[side])
        self.setAccessibleName(texts.PICKER_NAME[side])
        self.setToolTip(tooltip)
        line = self.lineEdit()
        if line is not None:
            line.setPlaceholderText(texts.PICKER_PLACEHOLDER)
            line.setAccessibleName(texts.PICKER_NAME[side])
            line.setToolTip(tooltip)
            line.editingFinished.connect(self._typed)
        self.activated.connect(self._picked)
        self.refill()
        self.set_feed(feed)

    def feed(self) -> str:
        """Return the feed string that is chosen or stands typed."""
        self._typed()
        return self._feed

    def set_feed(self, feed: str) -> None:
        """Choose `feed`, whether it is in the list or not."""
        changed = feed != self._feed
        self._feed = feed
        row = self._row_of(feed)
        self.setCurrentIndex(row)
        if row < 0:
            self.setEditText(self._named(feed))
        if (line := self.lineEdit()) is not None:
            line.setCursorPosition(0)  # in little room the beginning says more
        if changed:
            self.chosen.emit(feed)

    def set_cameras(self, cameras: Sequence[Camera]) -> None:
        """Offer other cameras: one was plugged in or taken away. What is chosen stays chosen."""
        self._cameras = tuple(cameras)
        self.refill()

    def refill(self) -> None:
        """Make the list anew, with the files opened last."""
        kept = self._feed
        self.clear()
        for camera in self._cameras:
            label = texts.CAMERA.format(number=camera.index + 1)
            self.addItem(
                f"{label} – {camera.name}" if camera.name else label, camera_feed(camera, self._cameras)
            )
        self.addItem(texts.CHOOSE_REGION, _REGION)
        for title in self._windows:
            self.addItem(texts.WINDOW.format(title=title), f"window:{title}")
        self.addItem(texts.DEMO_YOU, "portrait:you")
        self.addItem(texts.DEMO_PARTNER, "portrait:partner")
        self.insertSeparator(self.count())
        for path in self._recent.paths():
            self.addItem(_label(path), path)
            self.setItemData(self.count() - 1, path, Qt.ItemDataRole.ToolTipRole)
        self.addItem(texts.OPEN_FILE, _OPEN)
        if self._recent.paths():
            self.addItem(texts.FORGET_RECENT, _FORGET)
        self.set_feed(kept)

    def showPopup(self) -> None:  # noqa: N802 - Qt's name
        """Open the list, up to date with the windows there are and what the other picker opened."""
        self._windows = tuple(self._list_windows())
        self.refill()
        self._from_list = True
        super().showPopup()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Step through the list without opening it: the keyboard stays here."""
        self._from_list = False
        super().keyPressEvent(event)

    def _picked(self, row: int) -> None:
        data = self.itemData(row)
        if data == _OPEN:
            path = self._choose_file(self)
            if path:
                self._recent.add(path)
            self.set_feed(path or self._feed)
        elif data == _REGION:
            self.set_feed(self._choose_part(self) or self._feed)
        elif data == _FORGET:
            self._recent.forget()
            self.refill()
        else:
            self.set_feed(str(data))
        from_list, self._from_list = self._from_list, False
        window = self.window()
        if window is not None and (from_list or data in _ACTIONS):
            window.setFocus()  # the next key is for the window, and is not typed into the line

    def _typed(self) -> None:
        text = self.currentText().strip()
        if text in (self._named(self._feed), self.itemText(self._row_of(self._feed))):
            return
        row = self.findText(text, Qt.MatchFlag.MatchFixedString)
        data = self.itemData(row) if row >= 0 else None
        if data not in _ACTIONS:  # the name of an action stands in the line while the action runs
            self.set_feed(str(data) if data else text)

    def _row_of(self, feed: str) -> int:
        """Return the row of a feed, or -1; a camera, listed by its name, may be meant by its number."""
        for camera in self._cameras:
            if feed == f"camera:{camera.index}":
                feed = camera_feed(camera, self._cameras)
                break
        return self.findData(feed) if feed else -1

    def _named(self, feed: str) -> str:
        """Return what stands in the line for a feed: the name in the list and the part that is meant."""
        whole, _, part = feed.partition("#")
        row = self._row_of(whole) if part in texts.PARTS else -1
        if row < 0 or not part:
            return _label(feed)
        return texts.PICKER_PART.format(feed=self.itemText(row), part=texts.PARTS[part].lower())


def _label(feed: str) -> str:
    """Return a short label: a file's name without its folders, anything else as it is."""
    if "://" in feed or "/" not in feed:
        return feed
    return Path(feed).name
