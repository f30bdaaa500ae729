"""Choosing formats and a folder for a session."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PyQt6.QtWidgets import QCheckBox, QFileDialog, QWidget

from mirrorsync.export.formats import Format
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.parts import name_widget
from mirrorsync.ui.review.saving_dialog import SavingDialog, Tell
from mirrorsync.ui.theme import Theme

__all__ = ["ExportDialog"]


class ExportDialog(SavingDialog):
    """A tick box for each format of `mirrorsync export`; the tables as CSV are ticked.

    Parameters
    ----------
    session : Path
        The session file.
    excluded : sequence of (start_s, end_s)
        Stretches that are left out of every file.
    """

    def __init__(
        self,
        session: Path,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        excluded: Sequence[tuple[float, float]] = (),
    ) -> None:
        super().__init__(texts.EXPORT_TITLE, texts.EXPORT_BODY, texts.EXPORT_SAVE, theme, parent)
        self._session, self._excluded = session, list(excluded)
        self.stopped_text = texts.EXPORT_STOPPED
        self.boxes: dict[Format, QCheckBox] = {}
        for name, text in texts.EXPORT_FORMATS.items():
            box = QCheckBox(text[0])
            name_widget(box, text)
            box.toggled.connect(self._allow)
            self.boxes[Format(name)] = box
            self.column.addWidget(box)
        self.boxes[Format.CSV].setChecked(True)

    def choose_place(self) -> None:
        """Ask for a folder, and write."""
        folder = QFileDialog.getExistingDirectory(self, texts.EXPORT_FOLDER)
        if folder:
            self.save_to(Path(folder))

    def save_to(self, folder: Path) -> None:
        """Write every ticked format into a folder of its own, in one named as the session."""
        wanted = [name for name, box in self.boxes.items() if box.isChecked()]
        session, out, excluded = self._session, folder / self._session.stem, self._excluded

        def work(tell: Tell) -> str:
            from mirrorsync.analysis.formats import write_format

            for number, name in enumerate(wanted):
                tell(texts.EXPORT_WORKING.format(name=texts.EXPORT_FORMATS[name][0]), number / len(wanted))
                write_format(session, name, out / name, excluded=excluded)
            return texts.EXPORT_DONE.format(path=out)

        self.run(work)

    def _allow(self) -> None:
        self.save_button.setEnabled(any(box.isChecked() for box in self.boxes.values()))
