"""What goes into a session's report: nothing that was written, and nobody's picture, unless it is ticked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QWidget

from mirrorsync.journal import Entry
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.parts import button, name_widget, soft_label
from mirrorsync.ui.review.saving_dialog import SavingDialog, Tell
from mirrorsync.ui.theme import Theme

__all__ = ["ReportDialog"]

_LONGEST = 160  # letters of a note that are shown in the list


class ReportDialog(SavingDialog):
    """A tick box for each note, bookmark and reflection, one for pictures, and where to.

    Parameters
    ----------
    session : Path
        The session file.
    entries : sequence of Entry
        What was written about it.
    name : str
        What the session is called.
    excluded : sequence of (start_s, end_s)
        Stretches that are left out of every number.
    recorded : bool
        Whether there are recordings to take pictures from.
    """

    def __init__(
        self,
        session: Path,
        entries: Sequence[Entry],
        theme: Theme,
        parent: QWidget | None = None,
        *,
        name: str,
        excluded: Sequence[tuple[float, float]] = (),
        recorded: bool = True,
    ) -> None:
        super().__init__(texts.REPORT_TITLE, texts.REPORT_BODY, texts.REPORT_SAVE, theme, parent)
        self._session, self._entries, self._excluded = session, entries, list(excluded)
        self._name = name
        self.list = QListWidget()
        self.list.setWordWrap(True)
        name_widget(self.list, texts.REPORT_NOTES)
        for entry in entries:
            item = QListWidgetItem(_line(entry))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.pictures = QCheckBox(texts.REPORT_PICTURES[0])
        name_widget(self.pictures, texts.REPORT_PICTURES)
        self.pictures.setEnabled(recorded)
        self.warning = QLabel(texts.REPORT_WARNING if recorded else texts.REPORT_NO_PICTURES)
        self.warning.setWordWrap(True)
        self.warning.setObjectName("soft")
        row = QHBoxLayout()
        for text, state in (
            (texts.REPORT_ALL, Qt.CheckState.Checked),
            (texts.REPORT_NO_NOTES, Qt.CheckState.Unchecked),
        ):
            row.addWidget(button(text, partial(self._tick_all, state), "quiet"))
        row.addStretch(1)
        if entries:
            self.column.addWidget(self.list, 1)
            self.column.addLayout(row)
        else:
            self.list.hide()
            self.column.addWidget(soft_label(texts.REPORT_NONE))
        self.column.addWidget(self.pictures)
        self.column.addWidget(self.warning)
        self.resize(580, 560 if entries else 300)

    @property
    def ticked(self) -> list[Entry]:
        """What is to stand in the report."""
        return [
            entry
            for row, entry in enumerate(self._entries)
            if (item := self.list.item(row)) is not None and item.checkState() == Qt.CheckState.Checked
        ]

    def choose_place(self) -> None:
        """Ask for a file, and write."""
        path, _ = QFileDialog.getSaveFileName(
            self,
            texts.REPORT_TITLE,
            str(Path.home() / texts.REPORT_NAME.format(name=self._name)),
            texts.REPORT_FILTER,
        )
        if path:
            self.save_to(Path(path))

    def save_to(self, path: Path) -> None:
        """Write the page."""
        if path.suffix.lower() not in (".html", ".htm"):
            path = path.with_name(path.name + ".html")
        ticked, session, excluded = self.ticked, self._session, self._excluded
        times = [entry.start_s for entry in ticked if entry.start_s is not None]
        pictures = sorted(set(times)) if self.pictures.isChecked() else []
        notes = [one if one.text.strip() else replace(one, text=texts.REPORT_WORDLESS) for one in ticked]

        def work(tell: Tell) -> str:
            from mirrorsync.report.making import make_report

            tell(texts.REPORT_WORKING)
            make_report(session, path, notes=notes, pictures=pictures, excluded=excluded)
            return texts.REPORT_DONE.format(path=path)

        self.run(work)

    def _tick_all(self, state: Qt.CheckState) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            if item is not None:
                item.setCheckState(state)


def _line(entry: Entry) -> str:
    """Return when, what kind, and the beginning of what was written."""
    at = texts.REPORT_WHOLE if entry.start_s is None else texts.clock(entry.start_s)
    kind = texts.KINDS[entry.kind][0] if entry.kind in texts.KINDS else entry.kind
    words = " ".join(entry.text.split())
    words = f"{words[:_LONGEST]}…" if len(words) > _LONGEST else words
    return f"{at}   {kind}" + (f"\n{words}" if words else "")
