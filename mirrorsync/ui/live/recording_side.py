"""Recording from the window's side: the question before, the sign meanwhile, deleting after."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QDialog, QMessageBox, QWidget

from mirrorsync.engine.status import LiveStatus
from mirrorsync.errors import MirrorSyncError
from mirrorsync.session.deletion import delete_session
from mirrorsync.session.places import new_session_path
from mirrorsync.ui import texts
from mirrorsync.ui.live.bridge import LiveBridge
from mirrorsync.ui.live.consent import ConsentDialog
from mirrorsync.ui.live.controls import push_button, rec_sign, relabel, restyle

__all__ = ["RecordingSide", "sure_to_delete"]


def sure_to_delete(parent: QWidget, path: Path) -> bool:
    """Ask whether a session is to be deleted for good; anything but a clear yes is a no."""
    question = QMessageBox(parent)
    question.setIcon(QMessageBox.Icon.Warning)
    question.setWindowTitle(texts.DELETE_TITLE)
    question.setText(texts.DELETE_QUESTION.format(name=path.name))
    question.setInformativeText(texts.DELETE_ABOUT)
    yes = question.addButton(texts.DELETE_YES[0], QMessageBox.ButtonRole.DestructiveRole)
    no = question.addButton(texts.DELETE_NO[0], QMessageBox.ButtonRole.RejectRole)
    for button, text in ((yes, texts.DELETE_YES), (no, texts.DELETE_NO)):
        if button is not None:
            button.setAccessibleName(text[0])
            button.setToolTip(text[1])
    question.setDefaultButton(no)
    question.exec()
    return question.clickedButton() is yes


class RecordingSide(QObject):
    """The record button, the REC sign, and the way from a question to a file and back to nothing.

    Parameters
    ----------
    bridge : LiveBridge
        Asked to record.
    folder : Path or None
        Where recordings are proposed (None: the user's sessions).
    open_dialog : callable
        Shows a dialog in front of the window.
    front : callable
        Returns the window that is in front now.
    sure : callable
        Asks before something is deleted.

    Signals
    -------
    began(), ended()
        A recording has begun or ended.
    told(str)
        A sentence for the status line.
    kept(Path, bool)
        A recording has ended and stays; whether it broke off.
    broke_off(str)
        A recording has stopped by itself, and why.
    """

    began = pyqtSignal()
    ended = pyqtSignal()
    told = pyqtSignal(str)
    kept = pyqtSignal(object, bool)
    broke_off = pyqtSignal(str)

    def __init__(
        self,
        bridge: LiveBridge,
        folder: Path | None,
        *,
        open_dialog: Callable[[QDialog], None],
        front: Callable[[], QWidget],
        sure: Callable[[QWidget, Path], bool] = sure_to_delete,
    ) -> None:
        super().__init__()
        self._bridge = bridge
        self._folder = folder
        self._open = open_dialog
        self._front = front
        self._sure = sure
        self._since_s: float | None = None
        self._path: Path | None = None
        self._delete_when_ended = False
        self._broke_off = ""
        self.button = push_button(texts.RECORD, self.toggle)
        self.sign = rec_sign()
        self.delete_button = push_button(texts.DELETE, self.delete, "quiet")
        self.delete_button.hide()

    @property
    def recording(self) -> bool:
        """Whether something is being recorded."""
        return self._since_s is not None

    def toggle(self) -> None:
        """Ask for consent and record, or stop recording."""
        if self._bridge.state != "running" or self._bridge.keeping:
            return
        if self._bridge.status.recording is not None:
            self._bridge.stop_recording()
            return
        try:
            path = new_session_path(datetime.now().astimezone(), self._folder)
        except MirrorSyncError as error:
            self.told.emit(str(error))
            return
        dialog = ConsentDialog(self._front(), path)
        dialog.accepted.connect(lambda: self._bridge.record(dialog.path, consents=dialog.consents))
        self._open(dialog)

    def delete(self) -> None:
        """Delete the session that is or was just recorded, after a question; its recording stops first."""
        if self._path is None or not self._sure(self._front(), self._path):
            return
        if self.recording:
            self._delete_when_ended = True
            if self._bridge.keeping != "closing":
                self._bridge.stop_recording()
        else:
            self._delete(self._path)

    def forget(self) -> None:
        """Offer no more to delete the session recorded last: another one begins."""
        if not self.recording:
            self._path = None
            self.delete_button.hide()

    def show(self, status: LiveStatus) -> None:
        """Follow what the session says."""
        recording = status.recording is not None
        if recording != self.recording:
            self._since_s = time.monotonic() if recording else None
            self.sign.setVisible(recording)
            self.sign.setToolTip(texts.REC_TOOLTIP.format(path=status.recording) if recording else "")
            if recording:
                self._path = status.recording
            self.show_button()
            self.delete_button.setVisible(True)
            (self.began if recording else self.ended).emit()
            if not recording:
                self._ended(broke_off=bool(status.broke_off))
        if status.broke_off != self._broke_off:  # perhaps before it was ever seen to run
            self._broke_off = status.broke_off
            if self._broke_off:
                self.broke_off.emit(self._broke_off)
        if self._since_s is not None:
            minutes, seconds = divmod(int(time.monotonic() - self._since_s), 60)
            self.sign.setText(f"● {texts.REC}  {minutes}:{seconds:02d}")

    def show_button(self) -> None:
        """Say what the button does next, or that the file is being opened or closed."""
        bridge = self._bridge
        name, text = ("recording", texts.STOP_RECORD) if self.recording else ("", texts.RECORD)
        relabel(self.button, texts.RECORD_KEEPING.get(bridge.keeping, text))
        self.button.setEnabled(bridge.state == "running")
        if name != self.button.objectName():
            self.button.setObjectName(name)
            restyle(self.button)

    def _ended(self, *, broke_off: bool) -> None:
        if self._path is None:
            return
        if self._delete_when_ended:
            self._delete_when_ended = False
            self._delete(self._path)
            return
        if not broke_off:
            self.told.emit(texts.SAVED.format(path=self._path))
        self.kept.emit(self._path, broke_off)

    def _delete(self, path: Path) -> None:
        try:
            delete_session(path)
        except MirrorSyncError as error:
            self.told.emit(str(error))
            return
        self.forget()
        self.told.emit(texts.DELETED.format(name=path.name))
