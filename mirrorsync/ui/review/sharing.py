"""What leaves a session: its report and its export."""

from __future__ import annotations

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtWidgets import QWidget

from mirrorsync.journal import Entry
from mirrorsync.review.library import is_live, name_of
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.review.export_dialog import ExportDialog
from mirrorsync.ui.review.report_dialog import ReportDialog
from mirrorsync.ui.review.saving_dialog import SavingDialog
from mirrorsync.ui.review.workspace import Workspace

__all__ = ["Sharing"]

_KINDS = ("note", "bookmark", "reflection")


class Sharing(QObject):
    """Opens the dialogs of report and export, one at a time.

    Signals
    -------
    said(str)
        Where something was written.

    Attributes
    ----------
    dialog : SavingDialog or None
        The one that is open.
    """

    said = pyqtSignal(str)

    def __init__(self, over: QWidget, journal: JournalModel) -> None:
        super().__init__(over)
        self._over, self._journal = over, journal
        self.dialog: SavingDialog | None = None

    def report(self, workspace: Workspace) -> None:
        """Ask what goes into the report of a session; without a journal there are no notes to tick."""
        session = workspace.marks.session

        def choose(entries: list[Entry]) -> None:
            if not workspace.closed:
                self._choose(workspace, entries)

        if session is None:
            choose([])
        else:
            self._journal.ask(lambda journal: journal.entries(session=session, kinds=_KINDS), choose)

    def export(self, workspace: Workspace) -> None:
        """Ask for formats and a folder."""
        excluded = workspace.marks.excluded
        self._open(ExportDialog(workspace.view.path, workspace.theme, self._over, excluded=excluded))

    def wait(self) -> None:
        """Wait until what is being written is written; before the program goes."""
        if self.dialog is not None:
            self.dialog.wait()

    def _choose(self, workspace: Workspace, entries: list[Entry]) -> None:
        view = workspace.view
        dialog = ReportDialog(
            view.path,
            entries,
            workspace.theme,
            self._over,
            name=name_of(view.meta),
            excluded=workspace.marks.excluded,
            recorded=not is_live(view.meta),
        )
        self._open(dialog)

    def _open(self, dialog: SavingDialog) -> None:
        if self.dialog is not None:
            self.dialog.reject()
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.saved.connect(self.said)
        dialog.finished.connect(self._closed)
        self.dialog = dialog
        dialog.open()

    def _closed(self) -> None:
        self.dialog = None
