"""The sessions that were recorded: look at one, export it, delete it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PyQt6.QtCore import QProcess, Qt
from PyQt6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mirrorsync.errors import MirrorSyncError
from mirrorsync.session.deletion import delete_session
from mirrorsync.session.places import SESSION_SUFFIX
from mirrorsync.session.reader import SessionReader
from mirrorsync.ui import texts
from mirrorsync.ui.live.controls import push_button
from mirrorsync.ui.live.recording_side import sure_to_delete
from mirrorsync.ui.theme import scaled_font

__all__ = ["SessionsDialog", "ask_for_folder", "run_program"]


def ask_for_folder(parent: QWidget) -> str:
    """Ask where results are to go; empty when nothing was chosen."""
    return QFileDialog.getExistingDirectory(parent, texts.EXPORT_FOLDER)


def run_program(arguments: list[str]) -> bool:
    """Start this program beside the window; return whether it started."""
    started, _ = QProcess.startDetached(sys.executable, ["-m", "mirrorsync", *arguments])
    return bool(started)


class SessionsDialog(QDialog):
    """Lists the sessions of a folder, newest first; one that is being recorded cannot be deleted here.

    Parameters
    ----------
    folder : Path
        Where the sessions lie.
    busy : Path or None
        The one that is being recorded.
    """

    def __init__(
        self,
        parent: QWidget,
        folder: Path,
        *,
        busy: Path | None = None,
        sure: Callable[[QWidget, Path], bool] = sure_to_delete,
        choose_folder: Callable[[QWidget], str] = ask_for_folder,
        run: Callable[[list[str]], bool] = run_program,
    ) -> None:
        super().__init__(parent)
        self._folder, self._busy = folder, busy
        self._sure, self._choose_folder, self._run = sure, choose_folder, run
        self.setWindowTitle(texts.SESSIONS_TITLE)
        self.list = QListWidget()
        self.list.setAccessibleName(texts.SESSIONS_TITLE)
        self.list.setToolTip(texts.SESSIONS_TIP)
        self.about = QLabel()
        self.about.setObjectName("soft")
        self.about.setWordWrap(True)
        self.about.setMinimumHeight(3 * self.about.fontMetrics().lineSpacing())
        self.review = push_button(texts.SESSION_REVIEW, self._review, "primary")
        self.export = push_button(texts.SESSION_EXPORT, self._export)
        self.delete = push_button(texts.SESSION_DELETE, self._delete)
        self.close_button = push_button(texts.SESSIONS_CLOSE, self.close)
        for button in (self.review, self.export, self.delete, self.close_button):
            button.setAutoDefault(False)
        self.list.currentItemChanged.connect(lambda: self._show_about())
        self.list.itemActivated.connect(lambda: self._review())
        self._build()
        self.refill()

    @property
    def chosen(self) -> Path | None:
        """The session that is marked."""
        item = self.list.currentItem()
        return None if item is None else Path(item.data(Qt.ItemDataRole.UserRole))

    def refill(self) -> None:
        """Look again what is there."""
        self.list.clear()
        found = sorted(self._folder.glob(f"*{SESSION_SUFFIX}"), key=_changed_s, reverse=True)
        for path in found:
            item = QListWidgetItem(_title(path))
            item.setData(Qt.ItemDataRole.UserRole, str(path))
            item.setToolTip(str(path))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._show_about()

    def _build(self) -> None:
        heading = QLabel(texts.SESSIONS_TITLE)
        heading.setFont(scaled_font(self.font(), 1.35, bold=True))
        buttons = QHBoxLayout()
        buttons.addWidget(self.delete)
        buttons.addStretch(1)
        for button in (self.export, self.close_button, self.review):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 18)
        layout.setSpacing(12)
        layout.addWidget(heading)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.about)
        layout.addLayout(buttons)
        self.resize(600, 480)
        self.setTabOrder(self.list, self.review)

    def _buttons(self) -> tuple[QPushButton, ...]:
        return self.review, self.export, self.delete

    def _show_about(self) -> None:
        path = self.chosen
        for button in self._buttons():
            button.setEnabled(path is not None)
        if path is None:
            self.about.setText(texts.SESSIONS_NONE)
            return
        self.delete.setEnabled(path != self._busy)
        self.about.setText(_about(path))

    def _review(self) -> None:
        path = self.chosen
        if path is not None:
            started = self._run(["review", str(path)])
            self.about.setText(texts.REVIEW_OPENS if started else texts.NOT_STARTED)

    def _export(self) -> None:
        path = self.chosen
        folder = self._choose_folder(self) if path is not None else ""
        if path is not None and folder:
            out = str(Path(folder) / path.stem)
            started = self._run(["export", str(path), "--format", "csv", "--out", out])
            self.about.setText(texts.EXPORT_BEGINS.format(folder=out) if started else texts.NOT_STARTED)

    def _delete(self) -> None:
        path = self.chosen
        if path is None or not self._sure(self, path):
            return
        try:
            delete_session(path)
        except MirrorSyncError as error:
            self.about.setText(str(error))
            return
        self.refill()
        self.about.setText(texts.DELETED.format(name=path.name))


def _changed_s(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # gone meanwhile
        return 0.0


def _title(path: Path) -> str:
    when = datetime.fromtimestamp(_changed_s(path)).astimezone()
    return texts.SESSION_LINE.format(name=path.stem, when=when.strftime("%Y-%m-%d %H:%M"))


def _about(path: Path) -> str:
    """Say how long a session is, whether it is whole, and what was agreed to."""
    try:
        with SessionReader(path) as reader:
            minutes, seconds = divmod(round(reader.duration_s), 60)
            kept = [texts.SESSION_SCORES]
            if any(one.landmarks for one in reader.consents):
                kept.append(texts.SESSION_LANDMARKS)
            if reader.videos:
                kept.append(texts.SESSION_VIDEO)
            lines = [
                texts.SESSION_LENGTH.format(minutes=minutes, seconds=seconds, kept=", ".join(kept)),
                texts.SESSION_ASKED if reader.consents else texts.SESSION_NOT_ASKED,
            ]
            if not reader.complete:
                lines.append(texts.SESSION_CUT)
    except MirrorSyncError as error:
        return str(error)
    return "\n".join(lines)
